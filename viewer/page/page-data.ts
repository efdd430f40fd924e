import type { TraceEntry } from "../../model/kernel/index.js";
import type { Verdict } from "../../model/verdict/types.js";
import type { RunbookData } from "./runbook-data.js";

/**
 * The one shape that the browser page reads. A report holds it in itself, the live server gives it piece by piece:
 * an index, a ground for each settled twin (what was true before the first fault), and a run for each scenario.
 * All times are integer milliseconds of virtual time since the start of the run's timeline. See viewer/web/README.md.
 */
export interface PageIndex {
  readonly version: 1;
  readonly fencepost: string;
  readonly topology: { readonly name: string; readonly file: string; readonly hash: string };
  /** What the whole run says before its scenarios. */
  readonly report: readonly string[];
  readonly runs: readonly RunHead[];
  /** The id of the run that goes on while people act on it; only where a server stands behind the page. */
  readonly live?: string;
}

/** What the list of runs shows of one. */
export interface RunHead {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** `pass`, `finding`, `fail`, `unknown`, `waived`; `live`; or `unplayed`: a server plays it when it is chosen. */
  readonly standing: string;
  readonly because?: string;
  readonly recoveryMs?: number;
  readonly outagesMs?: Readonly<Record<string, number>>;
}

/** Everything that stays the same while a run goes on, and how things stood at its start. */
export interface GroundData {
  readonly id: string;
  readonly topology: { readonly name: string; readonly title: string; readonly file: string };
  readonly vertices: readonly VertexData[];
  readonly edges: readonly EdgeData[];
  readonly machines: readonly MachineData[];
  readonly clusters: readonly ClusterData[];
  /** Things with a life cycle, at the start. */
  readonly cells: readonly CellData[];
  readonly places: readonly PlaceData[];
  readonly nodes: readonly NodeWords[];
  readonly decisions: readonly DecisionData[];
  readonly hops: readonly HopData[];
  readonly paths: readonly PathData[];
}

export interface VertexData {
  /** `kind/id`. */
  readonly key: string;
  readonly kind: string;
  readonly id: string;
  /** The key of what it stands in; absent at the top. */
  readonly in?: string;
  /** What the trace calls it, where that is not the key. */
  readonly subject?: string;
}

export interface EdgeData {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  /** For a cable: what the trace calls it. */
  readonly subject?: string;
}

/** An XState definition, as far as a diagram shows it. */
export interface MachineData {
  readonly id: string;
  readonly initial: string;
  readonly states: readonly string[];
  readonly transitions: readonly {
    readonly from: string;
    readonly event: string;
    /** Equal to `from` where only data changes. */
    readonly to: string;
    readonly guard?: string;
  }[];
}

export interface ClusterData {
  readonly id: string;
  readonly nodes: readonly string[];
  /** In the order of the configuration. */
  readonly resources: readonly { readonly id: string; readonly agent: string; readonly parents: readonly string[] }[];
}

export interface CellData {
  readonly subject: string;
  /** A machine's id. */
  readonly machine: string;
  readonly state: string;
}

/** From `atMs` on, what a cluster believes of a resource on a node, and what is there. */
export interface PlaceData {
  readonly atMs: number;
  readonly cluster: string;
  readonly resource: string;
  readonly node: string;
  /** Started, Promoted, Unpromoted, Stopped. */
  readonly role: string;
  /** Its last operation there failed. */
  readonly failed: boolean;
  /** It is active there in truth; undefined where nobody could look (fence devices). */
  readonly active?: boolean;
}

/** From `atMs` on, what a cluster says of a node, beyond its power: `DC`, `standby`, `maintenance`, `unclean`, `not a member`, `no quorum`. */
export interface NodeWords {
  readonly atMs: number;
  readonly cluster: string;
  readonly node: string;
  readonly words: readonly string[];
}

/** A decision of a cluster's scheduler with the scores that made it. */
export interface DecisionData {
  readonly atMs: number;
  readonly cluster: string;
  readonly by: string;
  /** The trace entry that tells it; 0 at the start. */
  readonly entry: number;
  readonly nodes: readonly string[];
  /** For each instance the score on each of `nodes`, ±1000000 being ±INFINITY; null where the scheduler did not look. */
  readonly scores: readonly { readonly instance: string; readonly on: readonly (number | null)[] }[];
  readonly reasons: readonly {
    readonly instance: string;
    readonly node: string;
    readonly score: number;
    readonly because: string;
  }[];
  readonly summary: readonly string[];
}

export interface HopData {
  readonly subject: string;
  readonly ok: boolean;
  readonly text: string;
  /** The trace entry that last changed it; 0 before the start. */
  readonly cause: number;
}

/** From `atMs` on, the way that a service's clients go. */
export interface PathData {
  readonly atMs: number;
  readonly subject: string;
  readonly state: string;
  readonly ok: boolean;
  readonly failure?: string;
  /** Positions in `hops` of the ground or run that holds the path. */
  readonly hops: readonly number[];
}

export interface RunData {
  readonly id: string;
  readonly ground: string;
  readonly name: string;
  readonly title: string;
  /** A scenario's; absent while a run goes on, and where a runbook was played. Its promises stand below. */
  readonly verdict?: Omit<Verdict, "promises">;
  /** The runbook that was played in it. */
  readonly runbook?: RunbookData;
  readonly promises: readonly PromiseData[];
  readonly trace: readonly TraceEntry[];
  readonly places: readonly PlaceData[];
  readonly nodes: readonly NodeWords[];
  readonly decisions: readonly DecisionData[];
  readonly hops: readonly HopData[];
  readonly paths: readonly PathData[];
  readonly endMs: number;
}

export interface PromiseData {
  readonly name: string;
  readonly kind: string;
  /** `kept`, `broken`, `not-exercised`; `open` while a run goes on. */
  readonly status: string;
  readonly atMs?: number;
  readonly entry?: number;
  readonly evidence?: string;
  /** For `served`: the most that it may be out in total. */
  readonly budgetMs?: number;
}
