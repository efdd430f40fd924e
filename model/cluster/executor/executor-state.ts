import type { Pending } from "../../kernel/index.js";
import type { Outcome } from "../../twin/parts.js";
import type { ResourceHistory } from "../cib/types.js";
import { historyKey } from "../status/cib-key.js";
import type { FailuresTold } from "../status/failures-told.js";

/** An operation that a node's executor works on. */
export interface RunningOperation {
  /** `R_OPERATION_INTERVAL`; one at a time. */
  readonly key: string;
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly targetRc: number;
  /** The action and transition that asked, and the DC whose transition it is. */
  readonly action: number;
  readonly transition: number;
  readonly dc: string;
  readonly callId: number;
  readonly beganMs: number;
  /** Undefined until the answer of somebody else (a power controller) comes. */
  readonly outcome: Outcome | undefined;
  readonly pending: Pending | undefined;
  /** The trace entry of the request. */
  readonly entry: number;
  readonly digest: string | undefined;
  readonly migrateSource?: string;
  readonly migrateTarget?: string;
}

/** What the executor of one node knows: its own history, which outlives a change of DC, and what it works on. */
export interface ExecutorState {
  readonly callId: number;
  readonly history: ReadonlyMap<string, ResourceHistory>;
  readonly running: readonly RunningOperation[];
}

export const IDLE_EXECUTOR: ExecutorState = Object.freeze({
  callId: 0,
  history: new Map(),
  running: Object.freeze([]),
});

/** With the ages of failures as far as they are told. */
export function executorKey(state: ExecutorState, nowMs: number, told: FailuresTold): unknown {
  return [
    [...state.history.values()].map((resource) => historyKey(resource, told)),
    state.running.map((op) => [op.key, op.outcome?.rc ?? null, op.pending ? op.pending.atMs - nowMs : null]),
  ];
}
