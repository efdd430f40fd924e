import { isProbe } from "../operation-results.js";
import type { ClusterState } from "../state.js";
import type { Node, Resource } from "../working.js";

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

/** Why a probe of an instance failed on a node; undefined where none did. */
export function failedProbeWord(state: ClusterState, clone: Resource, node: Node): string | undefined {
  for (const failed of state.failedOperations) {
    if (failed.node !== node || !isProbe(failed.operation) || failed.resource?.top !== clone) continue;
    return RC_WORDS[failed.operation.rcCode] ?? "unknown";
  }
  return undefined;
}
