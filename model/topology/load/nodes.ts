import { type Durations, durationOf } from "../durations.js";
import { spanMs } from "../span-text.js";
import type { Route, TopologyNode } from "../types.js";
import { type Loading, present, sorted, sortedMap } from "./loading.js";
import { loadNics } from "./nics.js";
import type { Plant } from "./plant.js";

/** Nodes without their cluster, which is known only once all nodes' files are. */
export function loadNodes(loading: Loading, plant: Plant, durations: Durations): Map<string, TopologyNode> {
  const nodes = new Map<string, TopologyNode>();
  for (const [id, node] of sorted(loading.yaml.nodes)) {
    const path = ["nodes", id];
    const { rack, hypervisor } = node;
    if ((rack === undefined) === (hypervisor === undefined))
      loading.error(loading.place(path), "a node stands in a rack or on a hypervisor, and in one of them alone:", id);
    if (rack !== undefined) {
      loading.refers([...path, "rack"], "rack", rack, plant.racks);
      if (node.feeds === undefined)
        loading.error(loading.place(path), "which feeds power it? feeds: is missing for", id);
    }
    if (hypervisor !== undefined) {
      loading.refers([...path, "hypervisor"], "hypervisor", hypervisor, plant.hypervisors);
      if (node.feeds !== undefined)
        loading.error(
          loading.place([...path, "feeds"]),
          "a virtual machine has its hypervisor's feeds, none of its own",
        );
    }
    loading.feeds(path, node.feeds ?? [], plant.feeds);
    const files = loading.files(node.files ?? [], [...path, "files"]);
    // Every file is read, also one that no service asks for: the ledger names each line.
    for (const file of files.keys()) loading.imported(files, file);
    checkHostName(loading, id, files);
    const nics = loadNics(loading, plant, id, node, files);
    nodes.set(
      id,
      present({
        id,
        rack,
        hypervisor,
        feeds: node.feeds ?? [],
        nics,
        routes: loadNodeRoutes(loading, id, node.gateway, files),
        units: node.units ?? [],
        cluster: undefined as string | undefined,
        clusterAtBoot: (node.units ?? []).includes("pacemaker"),
        files,
        bootMs:
          spanMs(node.boot ?? "") ??
          durationOf(durations, hypervisor === undefined ? "node.boot" : "node.boot-virtual").ms,
        place: loading.place(path),
      }),
    );
    if (node.boot === undefined) {
      const { ms, source } = durationOf(durations, hypervisor === undefined ? "node.boot" : "node.boot-virtual");
      loading.assume(`${hypervisor === undefined ? "a server" : "a virtual machine"} boots in ${ms / 1000} s`, source);
    }
  }
  return new Map(sortedMap(nodes));
}

type Files = TopologyNode["files"];

/** A node's own name in /etc/sysconfig/network is the topology's: a fact that both must say, so they must agree. */
function checkHostName(loading: Loading, id: string, files: Files): void {
  const name = loading.facts(files, "/etc/sysconfig/network", "network")?.hostname;
  if (name === undefined || name.value === id || name.value.split(".")[0] === id) return;
  const { file, line } = loading.place(["nodes", id]);
  loading.error(
    { file: name.file, line: name.line },
    `this node is called ${id} at ${file}:${line}, its file says`,
    name.value,
  );
}

function loadNodeRoutes(loading: Loading, id: string, gateway: string | undefined, files: Files): Route[] {
  const routes: Route[] = [];
  const defaults: Route[] = [];
  for (const path of files.keys()) {
    const imported = loading.imported(files, path);
    if (imported?.kind === "routes")
      for (const { destination, prefix, gateway: via, device, line } of imported.facts.routes)
        routes.push(present({ destination, prefix, gateway: via, device, place: { file: imported.file, line } }));
    if (imported?.kind === "interface" || imported?.kind === "network") {
      const said = imported.facts.gateway;
      const device = imported.kind === "interface" ? imported.facts.device : undefined;
      if (said !== undefined) {
        const place = { file: said.file, line: said.line };
        defaults.push(present({ destination: "0.0.0.0", prefix: 0, gateway: said.value, device, place }));
      }
    }
  }
  if (gateway !== undefined) {
    const place = loading.place(["nodes", id, "gateway"]);
    const said = defaults[0]?.place;
    if (said !== undefined)
      loading.error(
        place,
        `the gateway is stated here and at ${said.file}:${said.line}; a fact has one home. Here:`,
        gateway,
      );
    defaults.push({ destination: "0.0.0.0", prefix: 0, gateway, place });
  }
  // The last interface brought up sets the default route; the network scripts go by name.
  return [...routes, ...defaults.slice(-1)];
}
