import type { Cib } from "../cib/types.js";

/**
 * The scheduler's contract: a pure function from a CIB to a transition graph. Two implementations share it: ours
 * (this folder) and the installed `crm_simulate` (scenarios/engines), which does I/O and is passed in.
 */
export interface Scheduler {
  readonly name: string;
  decide(cib: Cib, options: DecideOptions): Decision;
}

export interface DecideOptions {
  /** Seconds since the epoch: rules, failure-timeout and shutdown locks are evaluated at this instant. */
  readonly nowEpochSeconds: number;
  /** Also fill `scores` and the reasons behind them (slower; for "why here?" and --show-scores). */
  readonly withScores?: boolean;
  /** Give the actions all attributes that a saved graph has, not only those that the executor needs; and a drawing. */
  readonly wholeGraph?: boolean;
}

/** What one action of the graph is. `crm` actions are the cluster's own: history deletion, fail-count clearing, shutdown. */
export type ActionKind = "rsc" | "pseudo" | "fence" | "crm";

/** One action of the transition graph. */
export interface GraphAction {
  /** Position in `Decision.actions`; also the action id of the transition key. */
  readonly id: number;
  readonly kind: ActionKind;
  /** start, stop, monitor, promote, demote, notify, migrate_to, migrate_from, stonith, do_shutdown, lrm_delete, cancel, … */
  readonly operation: string;
  /** RESOURCE_OPERATION_INTERVALMS, or stonith-NODE-ACTION, do_shutdown-NODE, … */
  readonly key: string;
  /** The key with the number of the instance, where `key` is without (or has the number that the history knows). */
  readonly internalKey?: string | undefined;
  /** The instance as the history on the node names it (clone instances of anonymous clones without the `:N`). */
  readonly resource?: string | undefined;
  /** The instance with its number, as the transition summary names it. */
  readonly instance?: string | undefined;
  readonly node?: string | undefined;
  /** The member that executes it, where `node` is a Pacemaker Remote or guest node. */
  readonly routerNode?: string | undefined;
  /** For fencing: off, reboot, on. */
  readonly fenceAction?: "off" | "reboot" | "on" | undefined;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The exit code expected from a probe or recurring monitor; undefined where the graph gives none. */
  readonly targetRc?: number | undefined;
  readonly priority: number;
  /** The transition may go on though this action fails. */
  readonly canFail: boolean;
  /** Attributes of the graph's action: CRM_meta_* and instance parameters. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Ids of actions that must have completed before this one may run. */
  readonly inputs: readonly number[];
}

/** Where the scheduler puts one instance, and what it is now. */
export interface Placement {
  readonly resource: string;
  readonly instance: string;
  readonly currentNodes: readonly string[];
  readonly currentRole: Role;
  readonly nextNode?: string | undefined;
  readonly nextRole: Role;
  readonly managed: boolean;
  readonly blocked: boolean;
}

export type Role = "Stopped" | "Started" | "Unpromoted" | "Promoted" | "Unknown";

export interface ScoreLine {
  /** The function of the table that crm_simulate -s prints ("pcmk__primitive_assign", …). */
  readonly step: string;
  readonly instance: string;
  readonly node: string;
  readonly score: number;
}

/** One part of a score, for "why here, why not here?": a constraint, stickiness, a failure, a ban. */
export interface ScoreReason {
  readonly instance: string;
  readonly node: string;
  readonly score: number;
  /** In Pacemaker's words, naming the constraint's id: `location cli-ban-x-on-n1`, `resource-stickiness`, `migration-threshold`. */
  readonly because: string;
}

/** The graph for people: what is to be done and what ought to be, named with their nodes. */
export interface GraphDrawing {
  /** `done` is false for what ought to be done and cannot. */
  readonly vertices: readonly { readonly name: string; readonly pseudo: boolean; readonly done: boolean }[];
  /** By name; `done` is false where one end cannot be done. */
  readonly edges: readonly { readonly from: string; readonly to: string; readonly done: boolean }[];
}

/**
 * What ought to be done and waits, directly or not, for something that is required and not to be done. Pacemaker 2.1.5
 * keeps it in its graph and never gets to it: its controller ends such a transition as "Terminated", its simulator with
 * "An invalid transition was produced".
 */
export interface StuckAction {
  /** `web_stop_0 on n1`. */
  readonly action: string;
  /** `db_stop_0 on n2`. */
  readonly awaits: string;
}

export interface Decision {
  readonly actions: readonly GraphAction[];
  /** Left out of the actions; none of it are pseudo actions. */
  readonly stuck: readonly StuckAction[];
  /** With `wholeGraph`, where the implementation knows what cannot be done too. */
  readonly drawing?: GraphDrawing | undefined;
  readonly placements: readonly Placement[];
  readonly scores: readonly ScoreLine[];
  readonly reasons: readonly ScoreReason[];
  /** Where the CIB holds something that the scheduler does not model: a verdict that leans on it is unknown. */
  readonly notModelled: readonly string[];
  /** The lines of crm_simulate's "Transition Summary", without their bullets; their columns are in line. */
  readonly summary: readonly string[];
  /** Nodes that the decision sees as unclean, and those it wants fenced. */
  readonly unclean: readonly string[];
  readonly haveQuorum: boolean;
  /** graph attributes that the executor honours. */
  readonly batchLimit: number;
  readonly migrationLimit: number;
  readonly stonithTimeoutMs: number;
  readonly clusterDelayMs: number;
  readonly failedStartOffset: number;
  readonly failedStopOffset: number;
  /** Seconds since the epoch at which a rule or failure-timeout makes the decision stale; undefined where nothing does. */
  readonly recheckByEpochSeconds?: number | undefined;
}
