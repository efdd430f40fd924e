import type { TraceEntry } from "../../../model/kernel/index.js";

/** How a stretch of a lane looks: by meaning, so that the legend stays short. */
export type Tone = "good" | "bad" | "busy" | "idle";

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

/** Rows in the order a reader asks: what was done, what people felt, then the machinery downwards. */
const GROUPS = [
  "fault",
  "operator",
  "journey",
  "service",
  "promise",
  "cluster",
  "node",
  "hypervisor",
  "fence-device",
  "power-controller",
  "resource",
  "address",
  "export",
  "mount",
  "database",
  "mysqld",
  "haproxy",
  "server",
  "unit",
  "guest",
  "instance",
];
const LANES_MAX = 60;

const BAD =
  /fail|lost|down|off|broken|unserved|not.served|out|corrupt|hung|dead|crash|unclean|error|refus|blocked|unreachable|stale|duplicate/i;
const GOOD =
  /^(up|ok|served|started|running|promoted|member|online|serving|held|mounted|ready|kept|leased|idle|joined|active|reachable|available|alive|usable|open|clean|on)\b/i;
const IDLE = /^(stopped|absent|none|standby|unpromoted|inactive|unmounted)\b/i;

export function toneOf(text: string): Tone {
  if (GOOD.test(text)) return "good";
  if (IDLE.test(text)) return "idle";
  return BAD.test(text) ? "bad" : "busy";
}

/** The lanes of a trace, or of some groups of it; `hidden` counts those that the bound left out (they are in the table all the same). */
export function lanesOf(
  trace: readonly TraceEntry[],
  endMs: number,
  groups?: ReadonlySet<string>,
): { lanes: Lane[]; hidden: number } {
  const bySubject = new Map<string, TraceEntry[]>();
  for (const entry of trace) {
    const key = entry.kind === "fault" || entry.kind === "heal" ? "fault/injected" : entry.subject;
    const list = bySubject.get(key);
    if (list) list.push(entry);
    else bySubject.set(key, [entry]);
  }
  const lanes = [...bySubject].map(([subject, entries]) => lane(subject, entries, endMs));
  lanes.sort((a, b) => rank(a) - rank(b) || firstMs(a) - firstMs(b) || (a.subject < b.subject ? -1 : 1));
  const merged = merge(groups ? lanes.filter(({ group }) => groups.has(group)) : lanes);
  return { lanes: merged.slice(0, LANES_MAX), hidden: Math.max(0, merged.length - LANES_MAX) };
}

function lane(subject: string, entries: readonly TraceEntry[], endMs: number): Lane {
  const segments: Segment[] = [];
  const marks: Mark[] = [];
  const states = entries.filter((entry) => entry.kind === "state" || entry.kind === "service");
  states.forEach((entry, i) => {
    const label = entry.to ?? entry.what;
    const before = i === 0 ? entry.from : undefined;
    if (before !== undefined) segments.push({ fromMs: 0, toMs: entry.atMs, label: before, tone: toneOf(before) });
    segments.push({ fromMs: entry.atMs, toMs: states[i + 1]?.atMs ?? endMs, label, tone: toneOf(label) });
  });
  for (const entry of entries) {
    if (entry.kind === "state" || entry.kind === "service") continue;
    const about =
      entry.kind === "fault" || entry.kind === "heal" ? `${entry.kind}: ${entry.subject} ${entry.what}` : entry.what;
    const tone: Tone = entry.kind === "fault" ? "bad" : entry.kind === "heal" ? "good" : toneOf(entry.what);
    marks.push({ atMs: entry.atMs, label: `${about}${entry.text ? `. ${entry.text}` : ""}`, entry: entry.id, tone });
  }
  return { subject, others: [], group: subject.split("/", 1)[0]!, segments, marks };
}

/** One row for all of a kind that changed at the same moments in the same way. */
function merge(lanes: readonly Lane[]): Lane[] {
  const rows = new Map<string, Lane>();
  for (const lane of lanes) {
    const fate = lane.segments.map(({ fromMs, toMs, label }) => `${fromMs}-${toMs} ${label}`);
    const key = lane.marks.length > 0 ? lane.subject : JSON.stringify([lane.group, ...fate]);
    const row = rows.get(key);
    rows.set(key, row ? { ...row, others: [...row.others, lane.subject] } : lane);
  }
  return [...rows.values()];
}

function rank(lane: Lane): number {
  const at = GROUPS.indexOf(lane.group);
  return at < 0 ? GROUPS.length : at;
}

function firstMs(lane: Lane): number {
  return Math.min(lane.segments[0]?.toMs ?? Infinity, lane.marks[0]?.atMs ?? Infinity);
}
