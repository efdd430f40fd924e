import type { OperationHistory, ResourceHistory } from "../cib/types.js";
import type { Role } from "../scheduler/interface.js";

/** What one resource's history on one node says it is there. */
export interface HistoryRole {
  readonly role: Role;
  readonly failed: boolean;
  /** Recurring operations that should be going on, by key `R_monitor_INTERVAL`. */
  readonly recurring: readonly OperationHistory[];
}

const remembered = new WeakMap<ResourceHistory, HistoryRole>();

/** Replays a history in the order of its calls. A simplification for displays: the scheduler reads it itself. */
export function roleOf(history: ResourceHistory): HistoryRole {
  let found = remembered.get(history);
  if (!found) {
    found = replay(history);
    remembered.set(history, found);
  }
  return found;
}

function replay(history: ResourceHistory): HistoryRole {
  let role: Role = "Stopped";
  let failed = false;
  let activeSince = -1;
  const ordered = [...history.operations].sort((a, b) => a.callId - b.callId);
  for (const op of ordered) {
    if (op.opStatus === -1) continue;
    const ok = op.opStatus === 0;
    switch (op.operation) {
      case "start":
        if (ok && op.rcCode === 0) [role, failed] = ["Started", false];
        else [role, failed] = ["Started", true];
        activeSince = op.callId;
        break;
      case "stop":
        if (ok && op.rcCode === 0) [role, failed] = ["Stopped", false];
        else failed = true;
        activeSince = op.callId;
        break;
      case "promote":
        if (ok && op.rcCode === 0) [role, failed] = ["Promoted", false];
        else failed = true;
        activeSince = op.callId;
        break;
      case "demote":
        if (ok && op.rcCode === 0) [role, failed] = ["Unpromoted", false];
        else failed = true;
        activeSince = op.callId;
        break;
      case "migrate_from":
        if (ok && op.rcCode === 0) [role, failed] = ["Started", false];
        break;
      case "migrate_to":
        if (ok && op.rcCode === 0) [role, failed] = ["Stopped", false];
        break;
      case "monitor":
        if (op.callId < activeSince && op.intervalMs > 0) break;
        if (op.rcCode === 0) [role, failed] = [role === "Promoted" ? "Promoted" : "Started", false];
        else if (op.rcCode === 8) [role, failed] = ["Promoted", false];
        else if (op.rcCode === 7) {
          failed = role !== "Stopped";
          if (op.intervalMs === 0) role = "Stopped";
        } else failed = true;
        break;
    }
  }
  const recurring = history.operations.filter(
    (op) => op.intervalMs > 0 && op.callId >= activeSince && !op.id.endsWith("_last_failure_0"),
  );
  return { role, failed, recurring };
}
