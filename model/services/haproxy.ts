import type { Dataplane } from "../dataplane/dataplane.js";
import type { BalancerView } from "../dataplane/views.js";
import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../kernel/index.js";
import { haproxy } from "../machines/haproxy.js";
import type { NetworkPart } from "../plant/network/index.js";
import type { UnitsPart } from "../plant/units/index.js";
import type { Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";
import { HaproxyChecks } from "./haproxy-checks.js";
import { HAPROXY_FILE, type HaproxyConfig, haproxyConfig } from "./haproxy-config.js";

const UNIT = "haproxy";
const SYSCTL_FILE = "/etc/sysctl.conf";

interface Balancer {
  readonly node: NodeId;
  readonly process: MachineCell;
  /** The text that the serving process works with; empty while none serves. */
  readonly text: Cell<string>;
  readonly full: Cell<boolean>;
  readonly checks: HaproxyChecks;
}

export interface HaproxyPart extends BalancerView {
  /** `service haproxy reload`: a bad file leaves it with the configuration it has. */
  reload(instant: Instant, node: NodeId): void;
  /** All of maxconn's connections are taken, or free again. */
  setFull(instant: Instant, node: NodeId, full: boolean): void;
}

/** The haproxy processes of all load balancers, the configuration each works with, and their health checks. */
export function buildHaproxy(
  blueprint: Blueprint,
  topology: Topology,
  deps: { readonly units: UnitsPart; readonly network: NetworkPart },
  dataplane: () => Dataplane,
): HaproxyPart {
  const { units, network } = deps;
  const balancers = new Map<NodeId, Balancer>();
  for (const node of topology.loadBalancers.keys()) {
    const text = topology.nodes.get(node)?.files.get(HAPROXY_FILE)?.text;
    const initial = text === undefined ? undefined : haproxyConfig(text);
    if (typeof initial !== "object" || !units.has(node, UNIT)) continue;
    const working = blueprint.cell(`haproxy/${node}/configuration`, "");
    balancers.set(node, {
      node,
      process: blueprint.machine(`haproxy/${node}`, haproxy),
      text: working,
      full: blueprint.cell(`haproxy/${node}/full`, false),
      checks: new HaproxyChecks(blueprint, node, initial, (read) => inForce(read, working), dataplane),
    });
  }

  units.addStartCheck(UNIT, (read, node) => whyNoStart(read, node));
  units.onChange((instant, node, unit, state) => {
    const balancer = unit === UNIT ? balancers.get(node) : undefined;
    if (!balancer) return;
    if (state === "running" && instant.get(balancer.process).value === "stopped") start(instant, balancer);
    else if (state === "stopped" || state === "failed" || state === "stopping") stop(instant, balancer);
  });

  function whyNoStart(read: Reader, node: NodeId): string | undefined {
    // Of a node none of whose files we were given (a bare CIB) nothing can be said against them.
    if (topology.nodes.get(node)?.files.size === 0) return undefined;
    const text = units.configuration(read, node, UNIT, HAPROXY_FILE);
    if (text === undefined) return `${HAPROXY_FILE} does not exist`;
    const config = haproxyConfig(text);
    if (typeof config === "string") return config;
    if (nonlocalBind(units.configuration(read, node, UNIT, SYSCTL_FILE))) return undefined;
    for (const [port, all] of config.bound)
      for (const { address, transparent } of all)
        if (!transparent && address !== "*" && !network.holders(read, address).includes(node))
          return `cannot bind socket [${address}:${port}]: ${node} does not have the address`;
    return undefined;
  }

  function start(instant: Instant, balancer: Balancer): void {
    const text = units.configuration(instant, balancer.node, UNIT, HAPROXY_FILE) ?? "";
    const config = haproxyConfig(text);
    if (typeof config === "string") return;
    const { entry } = instant.send(balancer.process, { type: "STARTED" });
    instant.because(entry, () => {
      instant.set(balancer.text, text);
      balancer.checks.start(instant, config);
    });
  }

  function stop(instant: Instant, balancer: Balancer): void {
    const { entry } = instant.send(balancer.process, { type: "STOPPED" });
    instant.because(entry, () => {
      if (instant.get(balancer.text) === "") return;
      instant.set(balancer.text, "");
      balancer.checks.stop(instant);
    });
  }

  return {
    isBalancer: (node) => balancers.has(node),
    config(read, node) {
      const state = units.state(read, node, UNIT);
      return state === "running" || state === "hung" ? inForce(read, balancers.get(node)!.text) : undefined;
    },
    isHung: (read, node) => units.state(read, node, UNIT) === "hung",
    processCell: (node) => balancers.get(node)!.process,
    health: (read, node, proxy, server) => balancers.get(node)!.checks.health(read, `${proxy}/${server}`),
    healthCell: (node, proxy, server) => balancers.get(node)!.checks.cell(`${proxy}/${server}`),
    isFull: (read, node) => read.get(balancers.get(node)!.full),
    reload(instant, node) {
      const balancer = balancers.get(node);
      if (!balancer || instant.get(balancer.text) === "") return;
      units.reload(instant, node, UNIT);
      const text = units.configuration(instant, node, UNIT, HAPROXY_FILE) ?? "";
      const config = haproxyConfig(text);
      if (typeof config === "string") {
        instant.send(balancer.process, { type: "RELOAD_REFUSED" }, { text: config });
        return;
      }
      instant.send(balancer.process, { type: "RELOADED" });
      instant.set(balancer.text, text);
      balancer.checks.start(instant, config);
    },
    setFull: (instant, node, full) => instant.set(balancers.get(node)!.full, full),
  };
}

function inForce(read: Reader, cell: Cell<string>): HaproxyConfig | undefined {
  const text = read.get(cell);
  if (text === "") return undefined;
  const config = haproxyConfig(text);
  return typeof config === "string" ? undefined : config;
}

/** Without `net.ipv4.ip_nonlocal_bind = 1` a process can bind only addresses that its node has. */
function nonlocalBind(sysctl: string | undefined): boolean {
  const facts = factsOf("sysctl", SYSCTL_FILE, sysctl);
  return typeof facts === "object" && facts.ipNonlocalBind?.value === true;
}
