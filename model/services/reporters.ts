import { isServed } from "../dataplane/answer.js";
import type { Dataplane } from "../dataplane/dataplane.js";
import type { Ground } from "../dataplane/ground.js";
import type { MessagingView } from "../dataplane/views.js";
import type { Setting } from "../importers/fact.js";
import type { Reader } from "../kernel/index.js";
import type { ServiceInstance, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";
import type { Reporter } from "./reports.js";

const CONDUCTOR = "openstack-nova-conductor";
/** 2013.2.3's, where no file can be read. */
const DEFAULTS = {
  nova: { intervalMs: 10_000, downMs: 60_000 },
  cinder: { intervalMs: 10_000, downMs: 60_000 },
  neutron: { intervalMs: 4_000, downMs: 9_000 },
};

/**
 * Who reports: nova-compute through the conductor, cinder-volume and the schedulers to the database, Neutron's agents
 * to neutron-server. Intervals are those of the files as the topology has them: the down time is the server's own.
 */
export function reportersOf(
  topology: Topology,
  parts: {
    readonly ground: Ground;
    readonly dataplane: Dataplane;
    readonly messaging: MessagingView;
    readonly canAskNeutron: (read: Reader, node: NodeId) => boolean;
  },
): readonly Reporter[] {
  const { ground, dataplane, messaging, canAskNeutron } = parts;
  const reporters: Reporter[] = [];
  const runs = (read: Reader, { node, unit }: ServiceInstance) => ground.unit(read, node, unit) === "running";
  for (const service of topology.services.values()) {
    const { id, node, role } = service;
    if (role === "compute") {
      dataplane.keepUnit(CONDUCTOR);
      const canReport = (read: Reader) =>
        runs(read, service) && messaging.isConnected(read, node) && isServed(dataplane.unit(read, CONDUCTOR));
      reporters.push({ id, ...timesOf(topology, node, "nova"), canReport });
    } else if (role === "volume") {
      const needs = service.needs.filter((need) => need.kind === "endpoint" && need.purpose === "database");
      const targets = needs.flatMap((need) => (need.kind === "endpoint" ? need.endpoints : []));
      for (const { address, port } of targets) dataplane.keepCall(node, address, port);
      const canReport = (read: Reader) =>
        runs(read, service) &&
        (targets.length === 0 ||
          targets.some(({ address, port }) => isServed(dataplane.ask(read, node, address, port))));
      reporters.push({ id, ...timesOf(topology, node, "cinder"), canReport });
    } else if (role === "dhcp-agent" || role === "l3-agent" || role === "l2-agent") {
      dataplane.keepUnit("neutron-server");
      const canReport = (read: Reader) => runs(read, service) && canAskNeutron(read, node);
      reporters.push({ id, ...timesOf(topology, node, "neutron"), canReport });
    }
  }
  return reporters;
}

function timesOf(topology: Topology, node: NodeId, kind: "nova" | "cinder" | "neutron") {
  const path = `/etc/${kind}/${kind}.conf`;
  const facts: unknown = factsOf(kind, path, topology.nodes.get(node)?.files.get(path)?.text);
  if (typeof facts !== "object" || facts === null) return DEFAULTS[kind];
  const settings = facts as Record<"reportIntervalMs" | "serviceDownTimeMs" | "agentDownTimeMs", Setting<number>>;
  const downMs = kind === "neutron" ? settings.agentDownTimeMs : settings.serviceDownTimeMs;
  return { intervalMs: settings.reportIntervalMs.value, downMs: downMs.value };
}
