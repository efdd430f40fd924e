import { FEATURE_SET } from "../../cib/feature-set.js";
import type { OperationHistory } from "../../cib/types.js";

export interface Result {
  /** The name in the history: of anonymous instances without their number. */
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly rc: number;
  readonly targetRc: number;
  readonly callId: number;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly exitReason: string;
  /** `op-digest`: of the parameters that it was given. */
  readonly digest?: string;
  /** For a notification, what it told of: "pre_notify_start", … */
  readonly notification?: string | undefined;
  readonly migrateSource?: string | undefined;
  readonly migrateTarget?: string | undefined;
}

/** The transition that simulated results claim to belong to. */
const UUID = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

/**
 * The entries that a result leaves in the history: a failure its own `last_failure`, and any that is not recurring (or
 * succeeded) the entry for the last of its kind.
 */
export function historyEntries(result: Result): OperationHistory[] {
  const failed = result.rc !== result.targetRc;
  const entries: OperationHistory[] = [];
  if (failed) entries.push(entry(result, `${result.resource}_last_failure_0`));
  if (!failed || result.intervalMs === 0) entries.push(entry(result, usualId(result)));
  return entries;
}

function usualId({ resource, operation, intervalMs, notification }: Result): string {
  if (notification !== undefined) return `${resource}_${notification}_0`;
  const key = `${resource}_${operation}_${intervalMs}`;
  return intervalMs > 0 || operation === "migrate_to" || operation === "migrate_from" ? key : `${resource}_last_0`;
}

/** What the history calls an operation: a reload that worked is as good as a start, a failed one as a monitor. */
function recordedAs({ operation, rc, targetRc }: Result): string {
  if (operation !== "reload" && operation !== "reload-agent") return operation;
  return rc === targetRc ? "start" : "monitor";
}

function entry(result: Result, id: string): OperationHistory {
  const operation = recordedAs(result);
  const key = `${result.callId}:-1:${result.targetRc}:${UUID}`;
  return {
    id,
    operationKey: `${result.resource}_${operation}_${result.intervalMs}`,
    operation,
    crmFeatureSet: FEATURE_SET,
    transitionKey: key,
    transitionMagic: `0:${result.rc};${key}`,
    exitReason: result.exitReason,
    callId: result.callId,
    rcCode: result.rc,
    opStatus: 0,
    intervalMs: result.intervalMs,
    lastRcChange: result.at,
    execTime: 0,
    ...(result.digest === undefined ? {} : { opDigest: result.digest }),
    queueTime: 0,
    ...(result.migrateSource === undefined ? {} : { migrateSource: result.migrateSource }),
    ...(result.migrateTarget === undefined ? {} : { migrateTarget: result.migrateTarget }),
    other: { "crm-debug-origin": "crm_simulate" },
  };
}
