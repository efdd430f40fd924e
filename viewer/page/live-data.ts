import type { TraceEntry } from "../../model/kernel/index.js";
import type { RunData } from "./page-data.js";

/** Something that may be done. */
export interface Offer {
  readonly kind: "fault" | "operator";
  readonly name: string;
  readonly summary: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What an operator would type. */
  readonly command?: string;
}

/** A step that somebody asks for: something offered, or the heal of an earlier fault by its label. */
export type AskedStep = Pick<Offer, "kind" | "name" | "params"> | { readonly kind: "heal"; readonly of: string };

/** What somebody asks of the live run: steps at a moment, on what they have seen. */
export interface Asked {
  /** The change that the asker has seen: refused where somebody else has done something since. */
  readonly seen: number;
  readonly atMs: number;
  readonly steps: readonly AskedStep[];
}

export interface DoneStep {
  readonly atMs: number;
  readonly label: string;
  readonly text: string;
  /** A fault that has not been healed. */
  readonly inForce: boolean;
}

/** One thing done: steps, an undo, going on. */
export interface Deed {
  readonly atMs: number;
  readonly text: string;
  /** Plays in a terminal what the run was after it. */
  readonly command: string;
}

/** The live run as a whole. */
export interface LiveRun extends RunData {
  /** Another for each start of the server. */
  readonly session: string;
  /** The number of changes made so far. */
  readonly change: number;
  readonly steps: readonly DoneStep[];
  /** All that was done, in its order; what was undone too. */
  readonly log: readonly Deed[];
}

/** How a list went on: so many of its items stay, and these follow. */
export interface Tail<T> {
  readonly keep: number;
  readonly add: readonly T[];
}

/** One change of the live run, as watchers are told it. */
export interface LiveChange {
  readonly change: number;
  readonly trace: Tail<TraceEntry>;
  readonly places: Tail<RunData["places"][number]>;
  readonly nodes: Tail<RunData["nodes"][number]>;
  readonly decisions: Tail<RunData["decisions"][number]>;
  readonly hops: Tail<RunData["hops"][number]>;
  readonly paths: Tail<RunData["paths"][number]>;
  readonly log: Tail<Deed>;
  readonly promises: RunData["promises"];
  readonly verdict?: RunData["verdict"];
  readonly endMs: number;
  readonly steps: readonly DoneStep[];
  /** The moment of what was done. */
  readonly atMs: number;
}

/** What steps would lead to, before they are made. */
export interface Preview {
  readonly atMs: number;
  /** Later steps that would be undone. */
  readonly undone: number;
  readonly outagesMs: Readonly<Record<string, number>>;
  readonly recoveryMs?: number;
  readonly broken: readonly string[];
  readonly first: readonly TraceEntry[];
  readonly events: number;
}

const LISTS = ["trace", "places", "nodes", "decisions", "hops", "paths", "log"] as const;

/** The difference between two states of a run, list by list. */
export function changeOf(before: LiveRun, after: LiveRun, atMs: number): LiveChange {
  const tails = Object.fromEntries(LISTS.map((list) => [list, tailOf<unknown>(before[list], after[list])]));
  const { change, promises, verdict, endMs, steps } = after;
  return { change, promises, ...(verdict && { verdict }), endMs, steps, atMs, ...tails } as unknown as LiveChange;
}

/** The run after a change. */
export function applyChange(run: LiveRun, change: LiveChange): LiveRun {
  const lists = Object.fromEntries(
    LISTS.map((list) => [list, [...run[list].slice(0, change[list].keep), ...change[list].add]]),
  );
  const { verdict: _, ...rest } = run;
  return {
    ...rest,
    ...lists,
    ...(change.verdict && { verdict: change.verdict }),
    change: change.change,
    promises: change.promises,
    endMs: change.endMs,
    steps: change.steps,
  };
}

function tailOf<T>(before: readonly T[], after: readonly T[]): Tail<T> {
  let keep = 0;
  while (keep < before.length && keep < after.length && isSame(before[keep], after[keep])) keep++;
  return { keep, add: after.slice(keep) };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
