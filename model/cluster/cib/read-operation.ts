import type { OperationHistory, XmlElement } from "./types.js";
import { wholeNumber } from "./whole-number.js";
import { noAttrs } from "./xml.js";

/**
 * Reads one `lrm_rsc_op`. A large CIB holds ten thousands of them, so all have one shape, and their attributes are gone
 * through once: to ask for each by its name, and then for the others, takes several times as long.
 */
export function readOperation({ attrs }: XmlElement): OperationHistory {
  const op: { -readonly [K in keyof OperationHistory]: OperationHistory[K] } = {
    id: "",
    operation: "",
    operationKey: attrs["id"] ?? "",
    intervalMs: 0,
    callId: 0,
    rcCode: -1,
    opStatus: -2,
    transitionKey: "",
    transitionMagic: "",
    onNode: undefined,
    exitReason: undefined,
    lastRcChange: undefined,
    lastRun: undefined,
    execTime: undefined,
    queueTime: undefined,
    opDigest: undefined,
    opForceRestart: undefined,
    opRestartDigest: undefined,
    migrateSource: undefined,
    migrateTarget: undefined,
    crmFeatureSet: undefined,
    other: undefined,
  };
  let other: Record<string, string> | undefined;
  for (const name in attrs) {
    const value = attrs[name]!;
    switch (name) {
      case "id":
        op.id = value;
        break;
      case "operation":
        op.operation = value;
        break;
      case "operation_key":
        op.operationKey = value;
        break;
      case "interval":
        op.intervalMs = wholeNumber(value) ?? 0;
        break;
      case "call-id":
        op.callId = wholeNumber(value) ?? 0;
        break;
      case "rc-code":
        op.rcCode = wholeNumber(value) ?? -1;
        break;
      case "op-status":
        op.opStatus = wholeNumber(value) ?? -2;
        break;
      case "transition-key":
        op.transitionKey = value;
        break;
      case "transition-magic":
        op.transitionMagic = value;
        break;
      case "on_node":
        op.onNode = value;
        break;
      case "exit-reason":
        op.exitReason = value;
        break;
      case "last-rc-change":
        op.lastRcChange = wholeNumber(value);
        break;
      case "last-run":
        op.lastRun = wholeNumber(value);
        break;
      case "exec-time":
        op.execTime = wholeNumber(value);
        break;
      case "queue-time":
        op.queueTime = wholeNumber(value);
        break;
      case "op-digest":
        op.opDigest = value;
        break;
      case "op-force-restart":
        op.opForceRestart = value;
        break;
      case "op-restart-digest":
        op.opRestartDigest = value;
        break;
      case "migrate_source":
        op.migrateSource = value;
        break;
      case "migrate_target":
        op.migrateTarget = value;
        break;
      case "crm_feature_set":
        op.crmFeatureSet = value;
        break;
      default:
        // `queue_time` and its like are how a few old releases spelled them.
        other ??= noAttrs();
        other[name] = value;
    }
  }
  op.other = other;
  return op;
}
