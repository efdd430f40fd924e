import type { TraceEntry } from "../../../model/kernel/index.js";
import type { RunView } from "./run-view.js";
import { lookOf, type Tone } from "./tone.js";

export interface Segment {
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
  readonly tone: Tone;
}

export interface Mark {
  readonly atMs: number;
  readonly label: string;
  readonly entry: number;
  readonly tone: Tone;
}

/** One row of the timeline: a thing, what it was when, and what happened to it. */
export interface Lane {
  readonly subject: string;
  /** Others of its kind that fared exactly the same, and share the row. */
  readonly others: readonly string[];
  readonly group: string;
  readonly segments: readonly Segment[];
  readonly marks: readonly Mark[];
}

/** In the order a reader asks: what was done, what people felt, then the machinery downwards. */
const GROUPS = [
  "fault",
  "journey",
  "service",
  "cluster",
  "node",
  "hypervisor",
  "feed",
  "switch",
  "link",
  "fence-device",
  "power-controller",
  "resource",
  "address",
  "export",
  "nfs-server",
  "mount",
  "database",
  "mysqld",
  "haproxy",
  "server",
  "unit",
  "guest",
  "instance",
];

export const FAULTS = "fault/injected";

/** The lanes of a run: everything that changed or that something was told of, alike ones sharing a row. */
export function lanesOf(view: RunView): readonly Lane[] {
  let lanes = remembered.get(view);
  if (!lanes) {
    lanes = lanesFrom(view);
    remembered.set(view, lanes);
  }
  return lanes;
}

const remembered = new WeakMap<RunView, readonly Lane[]>();

function lanesFrom(view: RunView): readonly Lane[] {
  const bySubject = new Map<string, TraceEntry[]>();
  for (const entry of view.run.trace) {
    if (entry.atMs < 0 || entry.kind === "promise") continue;
    const isDone = entry.kind === "fault" || entry.kind === "heal" || entry.kind === "operator";
    const key = isDone ? FAULTS : entry.subject;
    const list = bySubject.get(key);
    if (list) list.push(entry);
    else bySubject.set(key, [entry]);
  }
  const lanes = [...bySubject].map(([subject, entries]) => laneOf(view, subject, entries));
  lanes.sort((a, b) => rank(a) - rank(b) || firstMs(a) - firstMs(b) || (a.subject < b.subject ? -1 : 1));
  return merged(lanes);
}

function laneOf(view: RunView, subject: string, entries: readonly TraceEntry[]): Lane {
  const states = subject === FAULTS ? [] : view.statesOf(subject);
  const segments: Segment[] = [];
  const told = new Set<number>();
  const start = states[0]?.from ?? (states.length > 0 ? view.startOf(subject) : undefined);
  const add = (label: string, fromMs: number, toMs: number) => {
    if (toMs > fromMs) segments.push({ fromMs, toMs, label, tone: lookOf(label).tone });
  };
  if (start !== undefined) add(start, 0, states[0]!.atMs);
  states.forEach(({ atMs, state, entry }, i) => {
    told.add(entry);
    add(state, atMs, states[i + 1]?.atMs ?? view.run.endMs);
  });
  const marks = entries.filter(({ id }) => !told.has(id)).map(markOf);
  return { subject, others: [], group: subject.slice(0, subject.indexOf("/")), segments, marks };
}

function markOf(entry: TraceEntry): Mark {
  const { kind, subject, what, text, id, atMs } = entry;
  const isDone = kind === "fault" || kind === "heal" || kind === "operator";
  const label = `${isDone ? `${kind} ${subject}: ` : ""}${what}${text ? `. ${text}` : ""}`;
  const tone: Tone =
    kind === "fault" ? "bad" : kind === "heal" ? "good" : kind === "operator" ? "busy" : lookOf(what).tone;
  return { atMs, label, entry: id, tone };
}

/** One row for all of a kind that changed at the same moments in the same way. */
function merged(lanes: readonly Lane[]): Lane[] {
  const rows = new Map<string, Lane>();
  for (const lane of lanes) {
    const fate = lane.segments.map(({ fromMs, toMs, label }) => `${fromMs}-${toMs} ${label}`);
    const key = lane.marks.length > 0 ? lane.subject : `${lane.group} ${fate.join("|")}`;
    const row = rows.get(key);
    rows.set(key, row ? { ...row, others: [...row.others, lane.subject] } : lane);
  }
  return [...rows.values()];
}

function rank({ group }: Lane): number {
  const at = GROUPS.indexOf(group);
  return at < 0 ? GROUPS.length : at;
}

function firstMs(lane: Lane): number {
  return Math.min(lane.segments[1]?.fromMs ?? Infinity, lane.marks[0]?.atMs ?? Infinity);
}
