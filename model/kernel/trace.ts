/**
 * The trace: what happened, in order, each entry naming its cause. It is output, never part of the world; a world
 * only counts its entries so that their ids go on after a fork.
 */
export interface TraceEntry {
  /** 1, 2, 3, … along one timeline. */
  readonly id: number;
  readonly atMs: number;
  /** The entry that caused this one; 0 where nothing did (the scenario's own steps). */
  readonly cause: number;
  readonly kind: TraceKind;
  /** `kind/name` of the thing it is about: `node/mysql1`, `resource/db/g-mysql@mysql1`, `journey/horizon-login`. */
  readonly subject: string;
  /** What happened, as a past fact in the field's words: `lost`, `fenced`, `start ok`, `monitor failed`. */
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
  /** A sentence for people, where the rest does not say it. */
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export const TRACE_KINDS = [
  "fault", // injected by the scenario
  "heal",
  "operator", // a command somebody typed
  "state", // a machine changed its state
  "membership", // a node lost or joined, quorum gained or lost, a DC elected
  "decision", // the scheduler computed a transition
  "action", // an operation was asked for, or ended
  "fence",
  "check", // a monitor, health check or report changed its result
  "service", // a service or journey began or ceased to be served
  "promise", // a promise was broken or kept
  "note",
] as const;

export type TraceKind = (typeof TRACE_KINDS)[number];

/** What `note` takes: the kernel adds id, time and cause. */
export type TraceNote = Omit<TraceEntry, "id" | "atMs" | "cause">;

export type TraceSink = (entry: TraceEntry) => void;
