import { FAULTS, type Lane, lanesOf } from "../../data/lanes.js";
import { promiseStrips, type Strip } from "../../data/promise-strips.js";
import type { RunView } from "../../data/run-view.js";
import { STEPS, stepsLane } from "../../data/runbook-steps.js";

/** One row of the timeline. */
export type Row =
  | {
      readonly kind: "lane";
      readonly key: string;
      readonly title: string;
      readonly lane: Lane;
      readonly pinned: boolean;
    }
  | {
      readonly kind: "promise";
      readonly key: string;
      readonly title: string;
      readonly strip: Strip;
      /** Other promises that stood alike all along, and share the row. */
      readonly others: readonly string[];
    };

interface Found {
  readonly lanes: readonly Lane[];
  readonly strips: readonly { readonly strip: Strip; readonly others: readonly string[] }[];
}

const remembered = new WeakMap<RunView, Found>();

/** Lanes that are always there, and what they are called. */
const ALWAYS: Readonly<Record<string, string>> = { [FAULTS]: "faults, heals, commands", [STEPS]: "runbook steps" };

export function isAlways(subject: string): boolean {
  return subject in ALWAYS;
}

/** The rows that a filter leaves: what was done, what is pinned, what people felt, the promises, the machinery. */
export function rowsOf(view: RunView, filter: string, pins: readonly string[]): readonly Row[] {
  const found = foundIn(view);
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  const felt: Row[] = [];
  const rest: Row[] = [];
  const pinned: Row[] = [];
  const done: Row[] = [];
  for (const lane of found.lanes) {
    const { subject, others, group } = lane;
    const isPinned = pins.includes(subject);
    const row: Row = { kind: "lane", key: subject, title: ALWAYS[subject] ?? subject, lane, pinned: isPinned };
    if (isAlways(subject)) done.push(row);
    else if (isPinned) pinned.push(row);
    else if (!matches([subject, ...others].join(" "))) continue;
    else if (group === "journey" || group === "service") felt.push(row);
    else rest.push(row);
  }
  const strips = found.strips
    .filter(({ strip, others }) => [strip.promise.name, ...others].some((name) => matches(`promise ${name}`)))
    .map(({ strip, others }): Row => {
      const { name } = strip.promise;
      return { kind: "promise", key: `promise/${name}`, title: name, strip, others };
    });
  return [...done, ...pinned, ...felt, ...strips, ...rest];
}

function foundIn(view: RunView): Found {
  let found = remembered.get(view);
  if (!found) {
    const steps = stepsLane(view);
    const lanes = steps ? [steps, ...lanesOf(view)] : lanesOf(view);
    found = { lanes, strips: alike([...promiseStrips(view)].sort((a, b) => order(a) - order(b))) };
    remembered.set(view, found);
  }
  return found;
}

/** Promises that were kept all along, or never put to the test, share a row; one that was ever at risk has its own. */
function alike(strips: readonly Strip[]): Found["strips"] {
  const rows = new Map<string, { strip: Strip; others: string[] }>();
  for (const strip of strips) {
    const [only, more] = strip.spans;
    const key = only && !more && only.standing !== "broken" ? only.standing : `promise ${strip.promise.name}`;
    const row = rows.get(key);
    if (row) row.others.push(strip.promise.name);
    else rows.set(key, { strip, others: [] });
  }
  return [...rows.values()];
}

/** What broke, then what was at risk, then what was kept all along, then what was not put to the test. */
function order({ promise: { status }, spans }: Strip): number {
  if (status === "broken") return 0;
  if (status !== "kept") return 3;
  return spans.length > 1 ? 1 : 2;
}

/** The row in which an entry's mark stands; -1 where a filter left it out. */
export function rowOfSubject(rows: readonly Row[], subject: string, isDone: boolean): number {
  const key = isDone ? FAULTS : subject;
  return rows.findIndex((row) => row.key === key || (row.kind === "lane" && row.lane.others.includes(key)));
}
