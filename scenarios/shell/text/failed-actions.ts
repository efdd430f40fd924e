import type { ClusterState } from "../../../model/cluster/scheduler/state/state.js";
import { clockText } from "./dates.js";

const RC_WORDS: Readonly<Record<number, string>> = {
  0: "ok",
  1: "error",
  2: "invalid parameter",
  3: "unimplemented feature",
  4: "insufficient privileges",
  5: "not installed",
  6: "not configured",
  7: "not running",
  8: "promoted",
  9: "promoted (failed)",
};
const STATUS_WORDS: Readonly<Record<number, string>> = {
  0: "complete",
  1: "Cancelled",
  2: "Timed Out",
  3: "NOT SUPPORTED",
  4: "Error",
  5: "Invalid contents",
  6: "No fencing device",
  7: "NOT installed",
};

/** The lines below "Failed Resource Actions:". */
export function failedActions(state: ClusterState): string[] {
  return state.failedOperations.map(({ node, operation }) => {
    const { operationKey, rcCode, callId, opStatus, exitReason, lastRcChange, queueTime = 0, execTime = 0 } = operation;
    const rc = RC_WORDS[rcCode] ?? `unknown (${rcCode})`;
    const status = opStatus === 0 ? "complete" : (STATUS_WORDS[opStatus] ?? "UNKNOWN");
    const reason = exitReason ? `, exitreason='${exitReason}'` : "";
    const when =
      lastRcChange === undefined
        ? ""
        : `, last-rc-change='${clockText(lastRcChange)}', queued=${queueTime}ms, exec=${execTime}ms`;
    return `  * ${operationKey} on ${node.name} '${rc}' (${rcCode}): call=${callId}, status='${status}'${reason}${when}`;
  });
}

/** Fail counts by node and resource, from the nodes' transient attributes. */
export function failCountsOf(
  state: ClusterState,
): { node: string; resource: string; count: string; lastMs?: number }[] {
  const found: { node: string; resource: string; count: string; lastMs?: number }[] = [];
  for (const node of state.nodes)
    for (const [name, value] of state.cib.status.nodes.get(node.name)?.attributes ?? []) {
      const operation = /^fail-count-([^#]+)(#.*)?$/.exec(name);
      if (!operation?.[1]) continue;
      const last = state.cib.status.nodes
        .get(node.name)
        ?.attributes.get(`last-failure-${operation[1]}${operation[2] ?? ""}`);
      found.push({
        node: node.name,
        resource: operation[1],
        count: value,
        ...(last !== undefined && { lastMs: Number(last) * 1000 }),
      });
    }
  return found;
}

/** The lines below "Migration Summary:". */
export function failCounts(state: ClusterState): string[] {
  const lines: string[] = [];
  let shown = "";
  for (const { node, resource, count, lastMs } of failCountsOf(state)) {
    if (node !== shown) lines.push(`  * Node: ${node}:`);
    shown = node;
    const threshold = state.resourcesById.get(resource)?.meta.get("migration-threshold") ?? "1000000";
    const last = lastMs === undefined ? "" : ` last-failure='${clockText(lastMs / 1000)}'`;
    lines.push(
      `    * ${resource}: migration-threshold=${threshold} fail-count=${count === "INFINITY" ? "1000000" : count}${last}`,
    );
  }
  return lines;
}
