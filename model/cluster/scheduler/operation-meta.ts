import type { Action } from "./actions.js";
import { operationConfig, parseIntervalMs } from "./operations.js";
import type { Plan } from "./plan.js";
import { Task, taskName } from "./tasks.js";
import type { XmlElement } from "../cib/types.js";

const DEFAULT_TIMEOUT_MS = 20_000;

/** An operation's timeout: its own, the resource type's defaults for all operations, or 20 s. */
export function operationTimeoutMs(plan: Plan, action: Action): number {
  const resource = action.resource!;
  const name = action.ownTask ?? taskName[action.task]!;
  let config = action.config ?? operationConfig(resource, name, action.intervalMs);
  // A probe without an operation of its own goes by the first of the monitors.
  if (!config && action.task === Task.Monitor && action.intervalMs === 0) {
    config = shortestMonitor(resource.operations);
  }
  const own = config?.attrs.timeout ?? metaTimeout(config);
  if (own !== undefined) return parseIntervalMs(own);
  void plan;
  return DEFAULT_TIMEOUT_MS;
}

function shortestMonitor(operations: readonly XmlElement[]): XmlElement | undefined {
  let best: XmlElement | undefined;
  let bestMs = Number.POSITIVE_INFINITY;
  for (const xml of operations) {
    if (xml.attrs.name !== "monitor" || xml.attrs.enabled === "false") continue;
    const intervalMs = parseIntervalMs(xml.attrs.interval);
    if (intervalMs > 0 && intervalMs < bestMs) {
      best = xml;
      bestMs = intervalMs;
    }
  }
  return best;
}

function metaTimeout(config: XmlElement | undefined): string | undefined {
  if (!config) return undefined;
  for (const set of config.children) {
    if (set.name !== "meta_attributes") continue;
    for (const pair of set.children) if (pair.attrs.name === "timeout") return pair.attrs.value;
  }
  return undefined;
}
