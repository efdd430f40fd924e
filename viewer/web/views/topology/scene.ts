import type { EdgeData, VertexData } from "../../../page/page-data.js";
import { type Layer, layerOfEdge, layerOfKind } from "../../data/layers.js";
import { push } from "../../data/tracks.js";
import type { Box } from "../../layout/layout.js";

/** The part of the plane in sight: plane coordinates × k + (x, y) = pixels. */
export interface Sight {
  readonly k: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One thing to draw: a box with its name, a frame around others, or a container drawn as one because it is far away. */
export interface Item {
  readonly vertex: VertexData;
  readonly box: Box;
  readonly how: "leaf" | "frame" | "gathered";
}

export interface Line {
  readonly key: string;
  readonly from: Item;
  readonly to: Item;
  readonly edge: EdgeData;
}

/** Narrower than this on the screen, a leaf is not drawn by itself: its name would be too small to read. */
const LEAF_PX = 100;
/** Narrower than this on the screen, a container is drawn as one whatever it holds. */
const FRAME_PX = 70;
const LINES_MAX = 900;

/** A laid-out graph, asked what to draw from where one stands: what lies outside of the sight is left out, what is far is gathered. */
export class Scene {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly vertices: ReadonlyMap<string, VertexData>;
  readonly #roots: readonly Box[];
  readonly #edges: readonly EdgeData[];
  /** By each of its ends, and by what the trace calls it. */
  readonly #edgesOf = new Map<string, EdgeData[]>();

  constructor(vertices: readonly VertexData[], edges: readonly EdgeData[], boxes: readonly Box[]) {
    this.vertices = new Map(vertices.map((vertex) => [vertex.key, vertex]));
    this.boxes = new Map(boxes.map((box) => [box.key, box]));
    this.#roots = boxes.filter(({ depth }) => depth === 0);
    this.#edges = edges;
    for (const edge of edges)
      for (const key of new Set([edge.from, edge.to, edge.subject]))
        if (key !== undefined) push(this.#edgesOf, key, edge);
    this.width = Math.max(1, ...this.#roots.map(({ x, width }) => x + width));
    this.height = Math.max(1, ...this.#roots.map(({ y, height }) => y + height));
  }

  /** What to draw, containers before what they hold. */
  items(sight: Sight, layers: ReadonlySet<Layer>): readonly Item[] {
    const found: Item[] = [];
    const visit = (box: Box) => {
      const left = box.x * sight.k + sight.x;
      const top = box.y * sight.k + sight.y;
      const [width, height] = [box.width * sight.k, box.height * sight.k];
      // Half a screen more on each side, so that a pan shows what is there at once.
      if (left > sight.width * 1.5 || left + width < -sight.width / 2) return;
      if (top > sight.height * 1.5 || top + height < -sight.height / 2) return;
      const vertex = this.vertices.get(box.key)!;
      if (box.children.length === 0) {
        const layer = layerOfKind(vertex.kind);
        if ((layer === undefined || layers.has(layer)) && width >= LEAF_PX) found.push({ vertex, box, how: "leaf" });
        return;
      }
      const holdsContainers = box.children.some((key) => this.boxes.get(key)!.children.length > 0);
      const leafPx = 148 * sight.k;
      if (width < FRAME_PX || (leafPx < LEAF_PX && !holdsContainers)) {
        found.push({ vertex, box, how: "gathered" });
        return;
      }
      found.push({ vertex, box, how: "frame" });
      for (const key of box.children) visit(this.boxes.get(key)!);
    };
    for (const root of this.#roots) visit(root);
    return found;
  }

  /** Lines between what is drawn, those of things that are gathered ending at what gathers them; each pair once. */
  lines(
    items: readonly Item[],
    wanted: { readonly mode: "selected" | "cables" | "all"; readonly key: string; readonly layers: ReadonlySet<Layer> },
  ): readonly Line[] {
    const drawn = new Map(items.map((item) => [item.box.key, item]));
    const found: Line[] = [];
    const seen = new Set<string>();
    const own = this.#edgesOf.get(wanted.key) ?? [];
    for (const edge of wanted.mode === "selected" ? own : [...own, ...this.#edges]) {
      const isOwn = edge.from === wanted.key || edge.to === wanted.key || edge.subject === wanted.key;
      const layer = layerOfEdge(edge.kind);
      const isOn = layer === undefined || wanted.layers.has(layer);
      const asked = wanted.mode === "all" ? isOn : wanted.mode === "cables" ? edge.kind === "link" && isOn : false;
      if (!isOwn && !asked) continue;
      const from = this.#drawnFor(edge.from, drawn);
      const to = this.#drawnFor(edge.to, drawn);
      if (!from || !to || from === to) continue;
      const pair = `${from.box.key}>${to.box.key}>${edge.kind === "link"}>${isOwn}`;
      if (seen.has(pair)) continue;
      seen.add(pair);
      found.push({ key: pair, from, to, edge });
      if (found.length >= LINES_MAX) break;
    }
    return found;
  }

  #drawnFor(key: string, drawn: ReadonlyMap<string, Item>): Item | undefined {
    let at: string | undefined = key;
    for (let depth = 0; at !== undefined && depth < 40; depth++) {
      const item = drawn.get(at);
      if (item) return item.how === "frame" && at !== key ? undefined : item;
      at = this.vertices.get(at)?.in;
    }
    return undefined;
  }
}
