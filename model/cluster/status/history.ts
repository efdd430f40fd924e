import { FEATURE_SET } from "../cib/feature-set.js";
import type { OperationHistory, ResourceHistory } from "../cib/types.js";

/** One finished (or, with status -1, begun) operation, as the executor reports it. */
export interface OperationResult {
  readonly resource: string;
  readonly class: string;
  readonly provider?: string;
  readonly type: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly callId: number;
  readonly rc: number;
  /** PCMK_EXEC_*: -1 pending, 0 done, 2 timed out, 4 error. */
  readonly status: number;
  /** `ACTION:TRANSITION:TARGET_RC:UUID` */
  readonly transitionKey: string;
  readonly targetRc: number;
  readonly node: string;
  readonly exitReason?: string;
  readonly epochSeconds: number;
  readonly execTimeMs: number;
  readonly digest?: string;
  readonly migrateSource?: string;
  readonly migrateTarget?: string;
}

export const STATUS_PENDING = -1;
export const STATUS_DONE = 0;
export const STATUS_TIMEOUT = 2;
export const STATUS_ERROR = 4;

export function operationKey(resource: string, operation: string, intervalMs: number): string {
  return `${resource}_${operation}_${intervalMs}`;
}

/** Whether the result counts as a failure: an error of execution, or another exit code than was expected. */
export function didFail(result: OperationResult): boolean {
  if (result.status === STATUS_PENDING) return false;
  return result.status !== STATUS_DONE || result.rc !== result.targetRc;
}

/**
 * A resource's history with one more result, under the ids that Pacemaker gives: `R_last_0` for what is done once,
 * `R_monitor_INTERVAL` for what repeats, `R_last_failure_0` for failures (a failure of the first kind is in both).
 */
export function withResult(history: ResourceHistory | undefined, result: OperationResult): ResourceHistory {
  const before = history?.operations ?? [];
  const key = operationKey(result.resource, result.operation, result.intervalMs);
  const failed = didFail(result);
  const ids: string[] = [];
  if (failed) ids.push(`${result.resource}_last_failure_0`);
  if (result.operation === "migrate_to" || result.operation === "migrate_from") ids.push(key);
  else if (result.intervalMs > 0) {
    if (!failed) ids.push(key);
  } else ids.push(`${result.resource}_last_0`);
  const operations = before.filter((op) => !ids.includes(op.id));
  for (const id of ids) operations.push(entry(id, key, result));
  return {
    id: result.resource,
    class: result.class,
    ...(result.provider !== undefined && { provider: result.provider }),
    type: result.type,
    ...(history?.container !== undefined && { container: history.container }),
    operations,
  };
}

/** The history without a recurring operation that was cancelled. */
export function withoutRecurring(history: ResourceHistory, operation: string, intervalMs: number): ResourceHistory {
  const key = operationKey(history.id, operation, intervalMs);
  const operations = history.operations.filter((op) => op.operationKey !== key || op.intervalMs === 0);
  return operations.length === history.operations.length ? history : { ...history, operations };
}

/** The history without failures of one operation (undefined: of any). */
export function withoutFailures(history: ResourceHistory, operation?: string, intervalMs?: number): ResourceHistory {
  const operations = history.operations.filter(
    (op) =>
      !op.id.endsWith("_last_failure_0") ||
      (operation !== undefined && (op.operation !== operation || op.intervalMs !== intervalMs)),
  );
  return operations.length === history.operations.length ? history : { ...history, operations };
}

function entry(id: string, key: string, result: OperationResult): OperationHistory {
  return Object.freeze({
    id,
    operation: result.operation,
    operationKey: key,
    intervalMs: result.intervalMs,
    callId: result.callId,
    rcCode: result.rc,
    opStatus: result.status,
    transitionKey: result.transitionKey,
    transitionMagic: `${result.status}:${result.rc};${result.transitionKey}`,
    onNode: result.node,
    ...(result.exitReason !== undefined && { exitReason: result.exitReason }),
    lastRcChange: result.epochSeconds,
    execTime: result.execTimeMs,
    queueTime: 0,
    crmFeatureSet: FEATURE_SET,
    ...(result.digest !== undefined && { opDigest: result.digest }),
    ...(result.migrateSource !== undefined && { migrateSource: result.migrateSource }),
    ...(result.migrateTarget !== undefined && { migrateTarget: result.migrateTarget }),
  });
}
