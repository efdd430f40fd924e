import { isTrue } from "../../../model/cluster/scheduler/state/values.js";
import type { Reader } from "../../../model/kernel/index.js";
import type { Twin } from "../../../model/twin/twin.js";
import { section } from "../../shell/pacemaker.js";

/**
 * What a person set and has to take back: constraints of moves and bans, standby, maintenance, unmanaged and disabled
 * resources, fencing switched off, a cluster stack that was stopped. As sentences that stay the same while it lasts.
 */
export function leftovers(read: Reader, twin: Twin): ReadonlySet<string> {
  const found = new Set<string>();
  const { clusters, hosts } = twin;
  for (const cluster of clusters.ids) {
    const cib = clusters.cibOf(read, cluster);
    for (const { attrs } of section(cib, "constraints"))
      if (attrs["id"]?.startsWith("cli-")) found.add(`the constraint ${attrs["id"]} in cluster ${cluster}`);
    for (const node of section(cib, "nodes"))
      for (const set of node.children)
        for (const { attrs } of set.children) {
          if (attrs["name"] === "standby" && isTrue(attrs["value"], false))
            found.add(`${node.attrs["uname"]} in standby`);
          if (attrs["name"] === "maintenance" && isTrue(attrs["value"], false))
            found.add(`${node.attrs["uname"]} in maintenance`);
        }
    for (const set of section(cib, "crm_config"))
      for (const { attrs } of set.children) {
        if (attrs["name"] === "maintenance-mode" && isTrue(attrs["value"], false))
          found.add(`cluster ${cluster} in maintenance`);
        if (attrs["name"] === "stonith-enabled" && !isTrue(attrs["value"], false))
          found.add(`fencing off in cluster ${cluster}`);
        if (attrs["name"] === "no-quorum-policy" && attrs["value"] === "ignore")
          found.add(`no-quorum-policy=ignore in cluster ${cluster}`);
      }
    metaOf(section(cib, "resources"), (id, name, value) => {
      if (name === "is-managed" && !isTrue(value, false)) found.add(`${cluster}/${id} unmanaged`);
      if (name === "target-role" && value?.toLowerCase() === "stopped") found.add(`${cluster}/${id} disabled`);
    });
    for (const node of clusters.nodesOf(cluster))
      if (hosts.isRunning(read, node) && !clusters.isStackRunning(read, node)) found.add(stoppedOn(node));
  }
  return found;
}

/** Nodes on which the cluster's stack runs. */
export function stacksUp(read: Reader, { clusters }: Twin): ReadonlySet<string> {
  return new Set(
    clusters.ids.flatMap((id) => clusters.nodesOf(id).filter((node) => clusters.isStackRunning(read, node))),
  );
}

export function stoppedOn(node: string): string {
  return `the cluster stopped on ${node}`;
}

type Elements = ReturnType<typeof section>;

function metaOf(elements: Elements, tell: (id: string, name: string, value: string | undefined) => void): void {
  for (const element of elements) {
    for (const set of element.children)
      if (set.name === "meta_attributes")
        for (const { attrs } of set.children) tell(element.attrs["id"] ?? "", attrs["name"] ?? "", attrs["value"]);
    metaOf(
      element.children.filter(({ name }) => ["primitive", "group"].includes(name)),
      tell,
    );
  }
}
