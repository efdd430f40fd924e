import type { Blueprint, Instant, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { neutronAgent } from "../machines/neutron-agent.js";
import { neutronRouter } from "../machines/neutron-router.js";
import type { HostsPart } from "../plant/hosts/index.js";
import type { UnitsPart } from "../plant/units/index.js";
import { must } from "../plant/unknown-name.js";
import type { Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";

const UNIT = "neutron-l3-agent";
const FILE = "/etc/neutron/l3_agent.ini";
/** The L3 agent's periodic task looks for what it missed. */
const RESYNC_MS = 40_000;

interface RouterContext {
  readonly proxy: "none" | "running" | "dead";
}

export interface L3AgentsPart {
  router(read: Reader, router: string): { readonly routes: boolean } & RouterContext;
  routerCell(router: string): MachineCell<RouterContext> | undefined;
  killMetadataProxy(instant: Instant, router: string): void;
}

/** L3 agents and the Neutron routers they have set up. A router stays on its agent's node: Havana moves none by itself. */
export function buildL3Agents(
  blueprint: Blueprint,
  topology: Topology,
  deps: { readonly hosts: HostsPart; readonly units: UnitsPart },
  canAskNeutron: (read: Reader, node: NodeId) => boolean,
): L3AgentsPart {
  const { hosts, units } = deps;
  const routers = new Map<string, MachineCell<RouterContext>>();
  const onNode = new Map<NodeId, string[]>();
  for (const router of topology.neutron.routers.values()) {
    routers.set(router.id, blueprint.machine<RouterContext>(`neutron-router/${router.id}`, neutronRouter));
    onNode.set(router.node, [...(onNode.get(router.node) ?? []), router.id]);
  }
  const agents = new Map<NodeId, { cell: MachineCell; sync: Watcher<boolean> }>();
  for (const node of onNode.keys()) {
    const cell = blueprint.machine(`l3-agent/${node}`, neutronAgent);
    const sync: Watcher<boolean> = blueprint.watcher<boolean>(`l3-agent/${node}/sync`, {
      evaluate: (read) => canAskNeutron(read, node),
      deliver(instant, can) {
        if (!can) return true;
        const { entry } = instant.send(cell, { type: "SYNCED" });
        instant.because(entry, () => {
          for (const router of onNode.get(node)!) setUp(instant, node, router);
        });
        instant.unwatch(sync as Watcher<unknown>);
        return true;
      },
    });
    agents.set(node, { cell, sync });
  }

  function setUp(instant: Instant, node: NodeId, router: string): void {
    const facts = factsOf("l3-agent", FILE, units.configuration(instant, node, UNIT, FILE));
    const only = typeof facts === "object" ? facts.routerId?.value : undefined;
    const namespaces = typeof facts === "object" ? facts.useNamespaces.value : true;
    // Without namespaces an agent plays one router, the one its file names.
    if (!namespaces && only !== router) return;
    const metadata = typeof facts === "object" ? facts.enableMetadataProxy.value : true;
    const configured = { type: "CONFIGURED", metadata };
    instant.send(routers.get(router)!, configured);
  }

  units.onChange((instant, node, unit, state) => {
    const agent = unit === UNIT ? agents.get(node) : undefined;
    if (!agent) return;
    if (state === "running") {
      instant.send(agent.cell, { type: "STARTED" });
      instant.watch(agent.sync as Watcher<unknown>, RESYNC_MS, 1);
    } else if (state === "stopped" || state === "stopping" || state === "failed") {
      instant.unwatch(agent.sync as Watcher<unknown>);
      instant.send(agent.cell, { type: "STOPPED" });
    }
  });
  hosts.onLost((instant, node) => {
    for (const router of onNode.get(node) ?? []) instant.send(routers.get(router)!, { type: "NODE_LOST" });
  });

  return {
    router(read, router) {
      const { value, context } = read.get(must(routers, router, "Neutron router", "routers"));
      return { routes: value === "routing", ...context };
    },
    routerCell: (router) => routers.get(router),
    killMetadataProxy: (instant, router) =>
      void instant.send(must(routers, router, "Neutron router", "routers"), { type: "PROXY_DIED" }, { quiet: true }),
  };
}
