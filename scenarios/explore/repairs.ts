import type { Reader } from "../../model/kernel/index.js";
import { promisedOrder } from "../../model/promises/configuration.js";
import type { Twin } from "../../model/twin/twin.js";

/** A command of the operators' vocabulary that is due. */
export interface DueCommand {
  readonly operator: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** `pcs cluster start` on every node of a cluster that runs without it: init does not start it everywhere. */
export function stacksToStart({ clusters, hosts }: Twin, read: Reader): readonly DueCommand[] {
  return clusters.ids
    .flatMap((id) => clusters.nodesOf(id))
    .filter((node) => hosts.isRunning(read, node) && !clusters.isStackRunning(read, node))
    .map((node) => ({ operator: "start-cluster", params: { node } }));
}

/** `pcs resource cleanup` for every resource whose last operation failed somewhere: the cause has been mended. */
export function failedResources({ clusters }: Twin, read: Reader): readonly DueCommand[] {
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
