import type { ClusterState } from "../state/state.js";
import type { Node, Resource } from "../state/working.js";
import { isMaskedProbe } from "../unpack/operation-results.js";

/** OCF exit codes in the words that the status uses. */
const RC_WORDS: readonly string[] = [
  "ok",
  "error",
  "invalid parameter",
  "unimplemented feature",
  "insufficient privileges",
  "not installed",
  "not configured",
  "not running",
  "promoted",
  "promoted (failed)",
];

/**
 * Why a resource (or an instance of a clone) cannot run on a node, as a probe told; undefined where none did. Without a
 * node: on any. Only operations that name their node are looked at, as in Pacemaker 2.1.5.
 */
export function failedProbeWord(state: ClusterState, resource: Resource, node: Node | undefined): string | undefined {
  for (const { operation, resource: failed } of state.failedOperations) {
    if (operation.onNode === undefined || (node && operation.onNode !== node.name)) continue;
    if (!isMaskedProbe(operation) || !failed || !(failed === resource || isWithin(failed, resource))) continue;
    return RC_WORDS[operation.rcCode] ?? "unknown";
  }
  return undefined;
}

function isWithin(resource: Resource, whole: Resource): boolean {
  for (let r = resource.parent; r; r = r.parent) if (r === whole) return true;
  return false;
}
