/** A vertex, as far as its place depends on it. */
export interface LayoutVertex {
  readonly key: string;
  readonly kind: string;
  readonly in?: string;
}

/** Where a vertex stands, in pixels at scale 1. A container's box holds those of its children. */
export interface Box {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** The height of the part that bears a container's name; 0 for a leaf. */
  readonly header: number;
  readonly children: readonly string[];
}

export const LEAF_WIDTH = 148;
export const LEAF_HEIGHT = 28;
/** Of a container of leaves; one that holds containers has as many as it has levels, so that its name is read from afar. */
export const HEADER = 26;
const HEADERS_MAX = 5;
const GAP = 8;
const PADDING = 10;
const ASPECT = 1.7;
const DEPTH_MAX = 30;

/** Containers first, then from what carries to what is carried; equal kinds by name. */
const KINDS = [
  "site",
  "rack",
  "hypervisor",
  "cluster",
  "node",
  "group",
  "feed",
  "switch",
  "router",
  "power-controller",
  "fence-device",
  "resource",
  "database",
  "address",
  "nic",
  "unit",
  "proxy",
];

interface Sized {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly levels: number;
  readonly placed: readonly { readonly box: Sized; readonly x: number; readonly y: number }[];
}

/**
 * Places vertices in nested boxes, row by row. It depends on names and containment alone, so that the same topology
 * always looks the same, and takes time in proportion to the number of vertices.
 */
export function layOut(vertices: readonly LayoutVertex[]): readonly Box[] {
  const known = new Set(vertices.map(({ key }) => key));
  const children = new Map<string, LayoutVertex[]>();
  const roots: LayoutVertex[] = [];
  for (const vertex of vertices) {
    const parent = vertex.in !== undefined && vertex.in !== vertex.key && known.has(vertex.in) ? vertex.in : undefined;
    if (parent === undefined) roots.push(vertex);
    else {
      const list = children.get(parent);
      if (list) list.push(vertex);
      else children.set(parent, [vertex]);
    }
  }
  const size = (vertex: LayoutVertex, depth: number): Sized => {
    const inner = depth < DEPTH_MAX ? (children.get(vertex.key) ?? []) : [];
    if (inner.length === 0) return { key: vertex.key, width: LEAF_WIDTH, height: LEAF_HEIGHT, levels: 0, placed: [] };
    const sized = inRank(inner).map((child) => size(child, depth + 1));
    const rows = shelves(sized);
    const levels = 1 + Math.max(...sized.map((one) => one.levels));
    const header = headerOf(levels);
    return {
      key: vertex.key,
      width: Math.max(LEAF_WIDTH, rows.width + 2 * PADDING),
      height: rows.height + header + 2 * PADDING,
      levels,
      placed: rows.placed.map(({ box, x, y }) => ({ box, x: x + PADDING, y: y + header + PADDING })),
    };
  };
  const whole = shelves(inRank(roots).map((root) => size(root, 0)));
  const boxes: Box[] = [];
  const settle = ({ key, width, height, levels, placed }: Sized, x: number, y: number, depth: number) => {
    boxes.push({
      key,
      x,
      y,
      width,
      height,
      depth,
      header: headerOf(levels),
      children: placed.map(({ box }) => box.key),
    });
    for (const one of placed) settle(one.box, x + one.x, y + one.y, depth + 1);
  };
  for (const { box, x, y } of whole.placed) settle(box, x, y, 0);
  return boxes;
}

function headerOf(levels: number): number {
  return HEADER * Math.min(HEADERS_MAX, levels * levels);
}

function inRank(vertices: readonly LayoutVertex[]): readonly LayoutVertex[] {
  const rank = ({ kind }: LayoutVertex) => {
    const at = KINDS.indexOf(kind);
    return at < 0 ? KINDS.length : at;
  };
  return [...vertices].sort((a, b) => rank(a) - rank(b) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : byName(a, b)));
}

function byName(a: LayoutVertex, b: LayoutVertex): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

type Packed = Pick<Sized, "width" | "height" | "placed">;

/** Widths tried, as shares of the side of a square of the same area. */
const WIDTHS = [1, 1.15, 1.3, 1.45, 1.6, 1.8, 2.1];

/** Boxes in rows, in the width that makes the whole fill a screen best. */
function shelves(boxes: readonly Sized[]): Packed {
  const area = boxes.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const widest = Math.max(...boxes.map(({ width }) => width), 0);
  const tallFirst = boxes.map((box, order) => ({ box, order }));
  tallFirst.sort((a, b) => b.box.height - a.box.height || a.order - b.order);
  const sorted = tallFirst.map(({ box }) => box);
  let best: Packed | undefined;
  for (const share of WIDTHS) {
    const packed = rowsWithin(sorted, Math.max(widest, Math.sqrt(area) * share));
    if (!best || cost(packed) < cost(best)) best = packed;
  }
  return best!;
}

function cost({ width, height }: Packed): number {
  return Math.max(width / ASPECT, height);
}

/** Rows from left to right; what is lower than its row is stacked under its neighbour while there is room. */
function rowsWithin(boxes: readonly Sized[], limit: number): Packed {
  const placed: { box: Sized; x: number; y: number }[] = [];
  let [y, rowHeight, width] = [0, 0, 0];
  // The column being filled: its left edge, how wide it is, and how far down it reaches within the row.
  let column = { x: 0, width: 0, filled: 0 };
  for (const box of boxes) {
    const fits = column.width >= box.width && column.filled + GAP + box.height <= rowHeight;
    if (column.width > 0 && fits) {
      placed.push({ box, x: column.x, y: y + column.filled + GAP });
      column.filled += GAP + box.height;
      continue;
    }
    let x = column.width > 0 ? column.x + column.width + GAP : 0;
    if (x > 0 && x + box.width > limit) {
      x = 0;
      y += rowHeight + GAP;
      rowHeight = 0;
    }
    placed.push({ box, x, y });
    rowHeight = Math.max(rowHeight, box.height);
    width = Math.max(width, x + box.width);
    column = { x, width: box.width, filled: box.height };
  }
  return { width, height: y + rowHeight, placed };
}
