import type { TraceEntry } from "../kernel/index.js";

/** pass, fail, or not known: a bound reached, nothing exercised, something leaned on that is not modelled. */
export type VerdictKind = "pass" | "fail" | "unknown";

/** What came of one scenario. Versioned: reporters, baselines and other programs read it. */
export interface Verdict {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  /** The scenario's file, as given. */
  readonly file: string;
  readonly verdict: VerdictKind;
  /** One line: why it is what it is. */
  readonly because: string;
  /** Set where the scenario exists to show a weakness, and it was found. */
  readonly finding?: string;
  readonly waived?: { readonly reason: string; readonly owner: string; readonly expires: string };
  /** From the first fault until everything promised held again for good; undefined where it never did. */
  readonly recoveryMs?: number;
  /** Total outage of each service and journey, in milliseconds, largest first. Only those that had one. */
  readonly outagesMs: Readonly<Record<string, number>>;
  readonly promises: readonly PromiseResult[];
  /** What the verdict leans on: default durations, inferred facts, differences of release. */
  readonly assumptions: readonly string[];
  /** Why it is unknown, each with its place. */
  readonly unknowns: readonly string[];
  readonly seed: number;
  readonly replay: string;
  /** Lines for people beyond the promises: what moved, what stayed down and why. */
  readonly report?: readonly string[];
  /** Virtual time reached, and events handled. */
  readonly endedAtMs: number;
  readonly events: number;
}

export interface PromiseResult {
  readonly name: string;
  readonly kind: "always" | "within" | "served" | "sometimes" | "steady";
  readonly status: "kept" | "broken" | "not-exercised";
  /** When it broke. */
  readonly atMs?: number;
  /** What shows it: the trace entry, and a sentence. */
  readonly entry?: number;
  readonly evidence?: string;
}

/** A run on disk: what `why`, the reports and the viewer read. Versioned. */
export interface RunRecord {
  readonly version: 1;
  readonly fencepost: string;
  readonly topology: RecordedTopology;
  /** Who decided for the clusters: `fencepost`, or `crm_simulate`. */
  readonly engine?: string;
  /** Edits made to the topology on the command line; the hash includes them. */
  readonly set?: readonly string[];
  /** What the whole run says before its scenarios: what a bare CIB did by itself, and why. */
  readonly report?: readonly string[];
  /** How the twin started and settled, in negative time; ids go on in each scenario's trace. */
  readonly prologue?: readonly TraceEntry[];
  readonly scenarios: readonly RecordedScenario[];
}

export interface RecordedTopology {
  readonly name: string;
  readonly file: string;
  readonly hash: string;
}

export interface RecordedScenario {
  readonly verdict: Verdict;
  readonly trace: readonly TraceEntry[];
  /** Where it is another than the run's first. */
  readonly topology?: RecordedTopology;
}
