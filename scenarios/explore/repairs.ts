import type { Reader, Run } from "../../model/kernel/index.js";
import { promisedOrder } from "../../model/promises/configuration.js";
import type { Twin } from "../../model/twin/twin.js";
import { operatorActions } from "../operator/index.js";
import type { Limits } from "./limits.js";
import type { Repair } from "./schedule.js";

/** A command of the operators' vocabulary that is due. */
interface DueCommand {
  readonly operator: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Lets everything boot, does what an operator would do, and waits, from the moment at which the faults were healed; all
 * times are since then. `goTo` lets the run go on.
 */
export function mend(
  run: Run,
  twin: Twin,
  { bootMs, repairMs }: Limits,
  goTo: (sinceHealedMs: number) => void,
): { readonly repairs: readonly Repair[]; readonly lastedMs: number } {
  const healedAtMs = run.nowMs;
  const repairs: Repair[] = [];
  const operate = ({ operator, params }: DueCommand) => {
    const action = operatorActions.get(operator)!;
    repairs.push({ atMs: run.nowMs - healedAtMs, operator, params });
    run.act((instant) => action.perform(instant, twin, action.params.parse(params)));
  };
  goTo(bootMs);
  stacksToStart(twin, run.outside()).forEach(operate);
  goTo(2 * bootMs);
  failedResources(twin, run.outside()).forEach(operate);
  const lastedMs = 2 * bootMs + repairMs;
  goTo(lastedMs);
  return { repairs, lastedMs };
}

/** `pcs cluster start` on every node of a cluster that runs without it: init does not start it everywhere. */
function stacksToStart({ clusters, hosts }: Twin, read: Reader): readonly DueCommand[] {
  return clusters.ids
    .flatMap((id) => clusters.nodesOf(id))
    .filter((node) => hosts.isRunning(read, node) && !clusters.isStackRunning(read, node))
    .map((node) => ({ operator: "start-cluster", params: { node } }));
}

/** `pcs resource cleanup` for every resource whose last operation failed somewhere: the cause has been mended. */
function failedResources({ clusters }: Twin, read: Reader): readonly DueCommand[] {
  const due: DueCommand[] = [];
  for (const id of clusters.ids) {
    if (!clusters.nodesOf(id).some((node) => clusters.isStackRunning(read, node))) continue;
    const { configuration, status } = clusters.cibOf(read, id);
    const failed = new Set<string>();
    for (const { attributes, resources } of status.nodes.values()) {
      for (const name of attributes.keys()) if (name.startsWith("fail-count-")) failed.add(resourceOf(name));
      for (const { id: instance, operations } of resources.values())
        if (operations.some(({ id }) => id.endsWith("_last_failure_0"))) failed.add(instance.replace(/:\d+$/, ""));
    }
    for (const resource of promisedOrder(configuration).primitives.keys())
      if (failed.has(resource)) due.push({ operator: "cleanup", params: { resource: `${id}/${resource}` } });
  }
  return due;
}

/** `fail-count-RESOURCE#OPERATION_INTERVAL`, or without the operation in older releases. */
function resourceOf(attribute: string): string {
  return attribute.slice("fail-count-".length).replace(/#.*$/, "").replace(/:\d+$/, "");
}
