import { parseIntervalMs } from "../../cib/dates.js";
import { collectPairs } from "../../cib/nvpair-sets.js";
import type { XmlElement } from "../../cib/types.js";
import type { Action } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { Unpacking } from "../state/unpacking.js";
import type { Resource } from "../state/working.js";
import { isEnabled, operationConfig } from "../unpack/operations.js";

const DEFAULT_TIMEOUT_MS = 20_000;

/** An operation's timeout: its own, the defaults for all operations, or 20 s. */
export function operationTimeoutMs(
  plan: Plan,
  resource: Resource,
  name: string,
  intervalMs: number,
  given?: XmlElement,
): number {
  let config = given ?? operationConfig(resource, name, intervalMs);
  // A probe without an operation of its own goes by the monitor that comes round most often.
  if (!config && name === "monitor" && intervalMs === 0) config = shortestMonitor(resource.operations);
  const text = config?.attrs["timeout"] ?? fromSets(plan, resource, config, name, intervalMs)?.get("timeout");
  // What is no time, or none at all, counts as not said.
  return (text !== undefined && parseIntervalMs(text)) || DEFAULT_TIMEOUT_MS;
}

function shortestMonitor(operations: readonly XmlElement[]): XmlElement | undefined {
  let best: XmlElement | undefined;
  let bestMs = Number.POSITIVE_INFINITY;
  for (const xml of operations) {
    if (xml.attrs["name"] !== "monitor" || !isEnabled(xml)) continue;
    const intervalMs = parseIntervalMs(xml.attrs["interval"]);
    if (intervalMs > 0 && intervalMs < bestMs) {
      best = xml;
      bestMs = intervalMs;
    }
  }
  return best;
}

/**
 * What an operation's configuration says of it beside its timeout and interval: name, on-fail, role, start-delay, … A
 * probe has no configuration of its own. (record-pending is true where nobody says so for a migrate_to alone.)
 */
export function* configuredMeta(
  plan: Plan,
  resource: Resource,
  name: string,
  { task, intervalMs, config: given }: Pick<Action, "task" | "intervalMs" | "config">,
): Iterable<[string, string]> {
  if (task === Task.Monitor && intervalMs === 0) return;
  const config = given ?? operationConfig(resource, name, intervalMs);
  const meta = new Map(fromSets(plan, resource, config, name, intervalMs));
  for (const [attribute, value] of Object.entries(config?.attrs ?? {})) meta.set(attribute, value);
  if (task === Task.MigrateTo && !resource.remoteNode && !meta.has("record-pending"))
    meta.set("record-pending", "true");
  for (const word of ["id", "interval", "timeout", "description"]) meta.delete(word);
  const delay = meta.get("start-delay");
  if (delay !== undefined) meta.set("start-delay", String(parseIntervalMs(delay)));
  yield* meta;
}

function fromSets(
  plan: Plan,
  resource: Resource,
  config: XmlElement | undefined,
  name: string,
  intervalMs: number,
): ReadonlyMap<string, string> | undefined {
  plan.unpacking ??= new Unpacking(plan.state);
  const { opDefaults } = plan.unpacking;
  const own = config !== undefined && config.children.length > 0;
  if (!own && !opDefaults) return undefined;
  const context = plan.unpacking.rules({
    resource: { class: resource.agentClass, provider: resource.agentProvider, type: resource.agentType },
    operation: { name, intervalMs },
  });
  const meta = new Map<string, string>();
  if (own) collectPairs(config!, "meta_attributes", context, plan.unpacking, meta);
  if (opDefaults) collectPairs(opDefaults, "meta_attributes", context, plan.unpacking, meta);
  return meta;
}
