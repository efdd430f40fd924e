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
  190: "OCF_DEGRADED",
  191: "promoted (degraded)",
};
const COMPLETE = 0;
const NOT_INSTALLED = 7;
const NOT_IMPLEMENTED = 3;
const STATUS_WORDS: Readonly<Record<number, string>> = {
  1: "Cancelled",
  2: "Timed Out",
  3: "NOT SUPPORTED",
  4: "Error",
  5: "Invalid contents",
  6: "No fencing device",
  7: "NOT installed",
};

/** The lines below "Failed Resource Actions:", each failure once. */
export function failedActions(state: ClusterState): string[] {
  const lines = new Map<string, string>();
  for (const { node, operation } of state.failedOperations) {
    const { operationKey, rcCode, opStatus, exitReason, lastRcChange, execTime = 0 } = operation;
    // An agent that is not installed where it was only looked for is no news.
    if (opStatus === NOT_INSTALLED || rcCode === NOT_IMPLEMENTED) continue;
    const result =
      opStatus === COMPLETE
        ? `returned '${RC_WORDS[rcCode] ?? `unknown (${rcCode})`}'${exitReason ? ` (${exitReason})` : ""}`
        : `could not be executed (${STATUS_WORDS[opStatus] ?? "UNKNOWN"}${exitReason ? `: ${exitReason}` : ""})`;
    const when = lastRcChange === undefined ? "" : ` at ${clockText(lastRcChange)}`;
    const took = execTime > 0 ? ` after ${tookText(execTime)}` : "";
    const key = `${operationKey} ${node.name}`;
    if (!lines.has(key)) lines.set(key, `  * ${operationWords(operationKey)} on ${node.name} ${result}${when}${took}`);
  }
  return [...lines.values()];
}

/** `vip_monitor_10000` → `vip 10s-interval monitor`; a monitor without an interval is a probe. */
function operationWords(key: string): string {
  const [, resource = key, operation = "", interval = "0"] =
    /^(.+?)_(migrate_to|migrate_from|[a-z-]+)_(\d+)$/.exec(key) ?? [];
  if (operation === "monitor" && interval === "0") return `${resource} probe`;
  return interval === "0"
    ? `${resource} ${operation}`
    : `${resource} ${intervalText(Number(interval))}-interval ${operation}`;
}

function intervalText(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
    ["ms", 1],
  ] as const;
  let left = ms;
  let text = "";
  for (const [unit, size] of units) {
    // As the program does it: 60 s are not yet a minute, a whole second is not yet one.
    if (left <= size && size > 1) continue;
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}

/** `309ms`, `30.160s`, `1m35.134s`. */
function tookText(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const seconds = `${Math.floor((ms % 60_000) / 1_000)}.${String(ms % 1_000).padStart(3, "0")}s`;
  return `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes % 60}m` : ""}${seconds}`;
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
