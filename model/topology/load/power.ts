import type { PowerController, TopologyNode } from "../types.js";
import { type Loading, present, sorted, sortedMap } from "./loading.js";
import { addLink, type Plant } from "./plant.js";

/** BMCs, vCenter, PDUs. A BMC stands in its server: without words to the contrary it has the server's rack and feeds. */
export function loadPower(
  loading: Loading,
  plant: Plant,
  nodes: ReadonlyMap<string, TopologyNode>,
): Map<string, PowerController> {
  const controllers = new Map<string, PowerController>();
  for (const [id, yaml] of sorted(loading.yaml.power)) {
    const path = ["power", id];
    loading.inNetwork([...path, "network"], yaml.network, yaml.address, plant.networks);
    const targets =
      typeof yaml.powers === "string"
        ? [{ plug: yaml.powers, node: yaml.powers }]
        : sorted(yaml.powers).map(([plug, node]) => ({ plug, node }));
    for (const { plug, node } of targets)
      loading.refers(
        typeof yaml.powers === "string" ? [...path, "powers"] : [...path, "powers", plug],
        "node",
        node,
        nodes,
      );
    if (yaml.kind === "ipmi" && targets.length !== 1)
      loading.error(loading.place([...path, "powers"]), "a BMC powers its own server alone; it is given more");
    if (yaml.rack !== undefined) loading.refers([...path, "rack"], "rack", yaml.rack, plant.racks);
    loading.feeds(path, yaml.feeds ?? [], plant.feeds);
    const server = yaml.kind === "ipmi" ? nodes.get(targets[0]?.node ?? "") : undefined;
    const feeds = yaml.feeds ?? server?.feeds ?? [];
    if (feeds.length === 0 && yaml.hypervisor === undefined)
      loading.error(loading.place(path), "what powers it? feeds: or hypervisor: is missing for", id);
    controllers.set(
      id,
      present({
        id,
        kind: yaml.kind,
        address: yaml.address,
        network: yaml.network,
        links: controllerLinks(loading, plant, id),
        rack: yaml.rack ?? server?.rack,
        feeds: yaml.hypervisor === undefined ? feeds : [],
        hypervisor: yaml.hypervisor,
        targets,
      }),
    );
  }
  return new Map(sortedMap(controllers));
}

function controllerLinks(loading: Loading, plant: Plant, id: string): string[] {
  const yaml = loading.yaml.power![id]!;
  const end = { kind: "controller", controller: id } as const;
  if (yaml.hypervisor !== undefined) {
    if (yaml.switch !== undefined)
      loading.error(loading.place(["power", id, "switch"]), "a virtual machine is on its hypervisor's virtual switch");
    if (!loading.refers(["power", id, "hypervisor"], "hypervisor", yaml.hypervisor, plant.hypervisors)) return [];
    const virtual = plant.hypervisors.get(yaml.hypervisor)!.switch;
    return [addLink(plant.links, end, { kind: "switch", switch: virtual }, [yaml.network])];
  }
  if (yaml.switch === undefined) {
    loading.error(loading.place(["power", id]), "where does its cable go? switch: is missing for", id);
    return [];
  }
  if (!loading.refers(["power", id, "switch"], "switch", yaml.switch, plant.switches)) return [];
  return [addLink(plant.links, end, { kind: "switch", switch: yaml.switch }, [yaml.network])];
}
