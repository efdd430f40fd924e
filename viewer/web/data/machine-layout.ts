import type { MachineData } from "../../page/page-data.js";

export interface PlacedState {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Every event that goes this way. */
  readonly events: readonly string[];
}

export const STATE_WIDTH = 118;
export const STATE_HEIGHT = 32;
const ROW = 84;
const COLUMN = 12;

/** States in rows by how many events they are away from the initial one; centres, and the size of the whole. */
export function machineLayout({ states, transitions, initial }: MachineData, widthPx: number) {
  const rowOf = new Map<string, number>([[initial, 0]]);
  const queue = [initial];
  for (let state = queue.shift(); state !== undefined; state = queue.shift())
    for (const { from, to } of transitions)
      if (from === state && !rowOf.has(to)) {
        rowOf.set(to, rowOf.get(state)! + 1);
        queue.push(to);
      }
  const rows: string[][] = [];
  const across = Math.max(1, Math.floor(widthPx / (STATE_WIDTH + COLUMN)));
  const depth = Math.max(0, ...rowOf.values());
  for (let row = 0; row <= depth + 1; row++) {
    const here = states.filter((state) => (rowOf.get(state) ?? depth + 1) === row);
    for (let i = 0; i < here.length; i += across) rows.push(here.slice(i, i + across));
  }
  const placed = rows.flatMap((row, y) =>
    row.map((name, x): PlacedState => ({ name, x: ((x + 0.5) / row.length) * widthPx, y: 24 + y * ROW })),
  );
  const arrows = new Map<string, { from: string; to: string; events: string[] }>();
  for (const { from, to, event, guard } of transitions) {
    if (from === to) continue;
    const key = `${from}>${to}`;
    const arrow = arrows.get(key) ?? { from, to, events: [] };
    const text = guard === undefined ? event : `${event} [${guard}]`;
    if (!arrow.events.includes(text)) arrow.events.push(text);
    arrows.set(key, arrow);
  }
  return {
    placed,
    arrows: [...arrows.values()] as readonly Arrow[],
    heightPx: 24 + (rows.length - 1) * ROW + STATE_HEIGHT,
  };
}
