import { FAULTS, type Lane, lanesOf } from "../../data/lanes.js";
import { promiseStrips, type Strip } from "../../data/promise-strips.js";
import type { RunView } from "../../data/run-view.js";

/** One row of the timeline. */
export type Row =
  | {
      readonly kind: "lane";
      readonly key: string;
      readonly title: string;
      readonly lane: Lane;
      readonly pinned: boolean;
    }
  | { readonly kind: "promise"; readonly key: string; readonly title: string; readonly strip: Strip };

const remembered = new WeakMap<RunView, { readonly lanes: readonly Lane[]; readonly strips: readonly Strip[] }>();

/** The rows that a filter leaves: what was done, what is pinned, what people felt, the promises, the machinery. */
export function rowsOf(view: RunView, filter: string, pins: readonly string[]): readonly Row[] {
  let found = remembered.get(view);
  if (!found) {
    found = { lanes: lanesOf(view), strips: promiseStrips(view) };
    remembered.set(view, found);
  }
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  const felt: Row[] = [];
  const rest: Row[] = [];
  const pinned: Row[] = [];
  const done: Row[] = [];
  for (const lane of found.lanes) {
    const isPinned = pins.includes(lane.subject);
    const title = lane.subject === FAULTS ? "faults, heals, commands" : lane.subject;
    const row: Row = { kind: "lane", key: lane.subject, title, lane, pinned: isPinned };
    if (lane.subject === FAULTS) done.push(row);
    else if (isPinned) pinned.push(row);
    else if (!matches([lane.subject, ...lane.others].join(" "))) continue;
    else if (lane.group === "journey" || lane.group === "service") felt.push(row);
    else rest.push(row);
  }
  const strips = found.strips
    .filter(({ promise }) => matches(`promise ${promise.name}`))
    .sort((a, b) => order(a) - order(b))
    .map((strip): Row => ({ kind: "promise", key: `promise/${strip.promise.name}`, title: strip.promise.name, strip }));
  return [...done, ...pinned, ...felt, ...strips, ...rest];
}

function order({ promise: { status } }: Strip): number {
  return status === "broken" ? 0 : status === "kept" ? 1 : 2;
}

/** The row in which an entry's mark stands; -1 where a filter left it out. */
export function rowOfSubject(rows: readonly Row[], subject: string, isDone: boolean): number {
  const key = isDone ? FAULTS : subject;
  return rows.findIndex((row) => row.key === key || (row.kind === "lane" && row.lane.others.includes(key)));
}
