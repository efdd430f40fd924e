import type { Played, TwinEvent, TwinStatus } from "./play.js";
import type { RecordedEvent, RecordedStatus, Recording } from "./recording-file.js";

export interface PairFinding {
  readonly before: string;
  readonly after: string;
}

export interface PlayFinding {
  readonly name: string;
  /** Events of every recorded run that this play does not have. */
  readonly missing: readonly string[];
  /** Events of this play that no recorded run has. */
  readonly extra: readonly string[];
  /** Pairs that the recorded runs agree on and this play has in another order. */
  readonly wrongOrder: readonly PairFinding[];
  readonly finalAgrees: boolean;
  readonly spanMs: number;
}

export interface Comparison {
  readonly agrees: boolean;
  /** How many pairs of events all runs agree on. */
  readonly pairs: number;
  /** The play that tells the story best; the one shown. */
  readonly best: Played;
  readonly plays: readonly PlayFinding[];
  /** From the first fault to the last start (or last event). */
  readonly recordedSpanMs: readonly [number, number];
  readonly allowedSpanMs: readonly [number, number];
  readonly twinSpanMs: readonly [number, number];
  readonly spanAgrees: boolean;
  readonly notModelled: readonly string[];
  readonly reasons: readonly string[];
}

interface Named {
  readonly key: string;
  readonly atMs: number;
}

type AnyEvent = RecordedEvent | TwinEvent;

/** Holds plays of the twin against the recorded runs. */
export function compareRecording(recording: Recording, plays: readonly Played[]): Comparison {
  const recorded = recording.runs.map((run) => named(run.timeline));
  const common = commonEvents(recorded);
  const ever = new Set(recorded.flatMap((run) => run.map((event) => event.key)));
  const pairs = agreedPairs(recorded, common);
  const findings = plays.map((played): PlayFinding => {
    const order = new Map(named(played.timeline).map((event, index) => [event.key, { ...event, index }]));
    const wrongOrder = pairs.filter(({ before, after }) => {
      const a = order.get(before);
      const b = order.get(after);
      return a && b && a.index >= b.index;
    });
    return {
      name: played.play.name,
      missing: common.filter((key) => !order.has(key)),
      extra: [...order.keys()].filter((key) => !ever.has(key)),
      wrongOrder,
      finalAgrees: recording.runs.some((run) => sameStatus(run.final, played.final)),
      spanMs: span(played.timeline),
    };
  });
  let best = 0;
  for (let i = 1; i < findings.length; i++) if (worse(findings[best]!, findings[i]!)) best = i;
  const spans = recording.runs.map((run) => span(run.timeline));
  const recordedSpanMs = range(spans);
  const margin = (ms: number) => Math.max(500, ms * 0.15);
  const allowedSpanMs = [
    recordedSpanMs[0] - margin(recordedSpanMs[0]),
    recordedSpanMs[1] + margin(recordedSpanMs[1]),
  ] as const;
  const twinSpanMs = range(findings.map((finding) => finding.spanMs));
  const spanAgrees = twinSpanMs[1] >= allowedSpanMs[0] && twinSpanMs[0] <= allowedSpanMs[1];
  const shown = findings[best]!;
  const notModelled = [...new Set(plays.flatMap((played) => played.notModelled))];
  const reasons = [
    ...notModelled.map((what) => `not modelled: ${what}`),
    ...shown.missing.map((key) => `${spoken(key)} happens in every recorded run, not in the twin`),
    ...shown.wrongOrder.map(
      ({ before, after }) => `${spoken(before)} comes before ${spoken(after)} in every recorded run, not in the twin`,
    ),
    ...(shown.finalAgrees ? [] : ["the final status is another"]),
    ...(spanAgrees
      ? []
      : [
          `the twin takes ${spanText(twinSpanMs)} from the first fault to the last start, recorded were ${spanText(recordedSpanMs)}`,
        ]),
  ];
  return {
    agrees: reasons.length === 0,
    pairs: pairs.length,
    best: plays[best]!,
    plays: findings,
    recordedSpanMs,
    allowedSpanMs: [allowedSpanMs[0], allowedSpanMs[1]],
    twinSpanMs,
    spanAgrees,
    notModelled,
    reasons,
  };
}

function worse(a: PlayFinding, b: PlayFinding): boolean {
  if (a.finalAgrees !== b.finalAgrees) return b.finalAgrees;
  const weight = (finding: PlayFinding) =>
    finding.missing.length * 100 + finding.wrongOrder.length * 10 + finding.extra.length;
  return weight(b) < weight(a);
}

/** Events that are compared, each with a key that counts how often it has occurred. */
function named(timeline: readonly AnyEvent[]): readonly Named[] {
  const counts = new Map<string, number>();
  const events: Named[] = [];
  for (const event of timeline) {
    const key = keyOf(event);
    if (key === undefined) continue;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    events.push({ key: `${key} #${count}`, atMs: event.atMs });
  }
  return events;
}

/** Lost, fence requested, fenced, each stop, start and failed monitor; promotions too. */
function keyOf(event: AnyEvent): string | undefined {
  const { node = "?", resource = "?" } = event;
  // The recorder adds details: "Timed Out after 20s (Resource agent did not …)".
  const result = (event.result ?? "").replace(/ \(.*$/s, "").replace(/ after .*$/s, "");
  switch (event.event) {
    case "lost":
      return `lost ${node} seen by ${event.seenBy ?? "?"}`;
    case "fence-requested":
      return `fence-requested ${node} by ${event.seenBy ?? "?"}`;
    case "fenced":
    case "fence-failed":
      return `${event.event} ${node}`;
    case "start":
    case "stop":
    case "promote":
    case "demote":
      return `${event.event} ${resource} on ${node} ${result}`;
    case "monitor":
      return result === "ok" ? undefined : `monitor ${resource} on ${node} ${result}`;
    default:
      return undefined;
  }
}

function commonEvents(runs: readonly (readonly Named[])[]): readonly string[] {
  const sets = runs.map((run) => new Set(run.map((event) => event.key)));
  return [...sets[0]!].filter((key) => sets.every((set) => set.has(key)));
}

/** Pairs of events that occur in every run, in the same order, at different times in each. */
function agreedPairs(runs: readonly (readonly Named[])[], common: readonly string[]): readonly PairFinding[] {
  const times = runs.map((run) => new Map(run.map((event) => [event.key, event.atMs])));
  const pairs: PairFinding[] = [];
  for (const before of common)
    for (const after of common)
      if (before !== after && times.every((map) => map.get(before)! < map.get(after)!)) pairs.push({ before, after });
  return pairs;
}

/** From the first fault to the last start, or to the last event where nothing starts. */
function span(timeline: readonly AnyEvent[]): number {
  const first = timeline.find((event) => event.event === "fault")?.atMs ?? 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const event of timeline) if (event.event === "start") last = Math.max(last, event.atMs);
  if (last === Number.NEGATIVE_INFINITY) last = Math.max(first, ...timeline.map((event) => event.atMs));
  return last - first;
}

function range(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function spanText([from, to]: readonly [number, number]): string {
  return from === to ? `${from} ms` : `${from} to ${to} ms`;
}

function spoken(key: string): string {
  return `"${key.replace(/ #1$/, "")}"`;
}

function sameStatus(recorded: RecordedStatus, twin: TwinStatus | undefined): boolean {
  if (!recorded || !twin) return !recorded && !twin;
  const nodes = Object.keys({ ...recorded.nodes, ...twin.nodes });
  if (nodes.some((name) => recorded.nodes[name] !== twin.nodes[name])) return false;
  const resources = Object.keys({ ...recorded.resources, ...twin.resources });
  return resources.every((id) => (recorded.resources[id] ?? []).join() === (twin.resources[id] ?? []).join());
}
