import { type Answer, failed, isServed, OK, retold, worse } from "../dataplane/answer.js";
import type { Dataplane } from "../dataplane/dataplane.js";
import type { Ground } from "../dataplane/ground.js";
import { KeptAnswers } from "../dataplane/kept.js";
import type { Trail } from "../dataplane/trail.js";
import type { FactsByKind } from "../importers/index.js";
import type { Blueprint, Cell, Reader } from "../kernel/index.js";
import type { ServiceInstance, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";
import { resolve } from "./needs.js";

const AGENT = "neutron-metadata-agent";
const AGENT_FILE = "/etc/neutron/metadata_agent.ini";
const DHCP_FILE = "/etc/neutron/dhcp_agent.ini";
const NOVA_FILE = "/etc/nova/nova.conf";

export interface GuestRecord {
  /** Ports that Neutron finds for its network and address: as it should be, 1. */
  ports(read: Reader): 0 | 1 | 2;
  /** Nova has the instance. */
  isKnown(read: Reader): boolean;
  readonly cell: Cell<unknown>;
}

/**
 * From the namespace proxy on: metadata agent, keystone, neutron, nova's metadata service. The proxy and the agent
 * turn whatever goes wrong behind them into an HTTP status.
 */
export class MetadataPath {
  readonly #topology: Topology;
  readonly #ground: Ground;
  readonly #dataplane: Dataplane;
  readonly #kept: KeptAnswers;

  constructor(blueprint: Blueprint, topology: Topology, ground: Ground, dataplane: Dataplane) {
    this.#topology = topology;
    this.#ground = ground;
    this.#dataplane = dataplane;
    this.#kept = new KeptAnswers(blueprint);
    for (const service of topology.services.values()) {
      if (service.unit !== AGENT) continue;
      const { node } = service;
      for (const need of service.needs)
        if (need.kind === "endpoint")
          for (const { address, port } of need.endpoints) dataplane.keepCall(node, address, port);
      for (const namespace of ["dhcp", "l3"] as const)
        this.#kept.keep(`metadata-agent/${node}/${namespace}`, (read) => this.#agent(read, node, namespace));
      this.#kept.keep(`metadata-agent/${node}/nova`, (read) => this.#nova(read, node));
    }
  }

  /** What the proxy in a namespace on a node gets for a guest's request: the namespace of a DHCP port or a router. */
  throughProxy(read: Reader, node: NodeId, guest: GuestRecord, namespace: "dhcp" | "l3", trail?: Trail): Answer {
    const agent =
      this.#find(read, `metadata-agent/${node}/${namespace}`, trail) ?? this.#agent(read, node, namespace, trail);
    if (agent.grade === "failed") return agent;
    const ports = guest.ports(read);
    trail?.hop("neutron/port", ports === 1, `${ports} ports with the guest's address and network`, guest.cell);
    if (ports !== 1) {
      const text = ports === 0 ? "neutron knows no port with its address" : "neutron knows two ports with its address";
      return failed("error", "neutron/port", `${text}: the metadata agent answers 404`, 404);
    }
    const nova = worse(agent, this.#find(read, `metadata-agent/${node}/nova`, trail) ?? this.#nova(read, node, trail));
    if (nova.grade === "failed" || guest.isKnown(read)) return nova;
    trail?.hop("nova/instance", false, "nova does not know the instance", guest.cell);
    return failed("error", "nova/instance", "nova does not know the instance: the guest gets 500", 500);
  }

  #find(read: Reader, name: string, trail: Trail | undefined): Answer | undefined {
    return trail ? undefined : this.#kept.find(read, name);
  }

  /** The agent at its socket, its token from keystone and its question to neutron. */
  #agent(read: Reader, node: NodeId, namespace: "dhcp" | "l3", trail?: Trail): Answer {
    const subject = `unit/${AGENT}@${node}`;
    const cell = this.#ground.unitCell(node, AGENT);
    const state = this.#ground.unit(read, node, AGENT);
    if (state !== "running" && state !== "hung") {
      trail?.hop(subject, false, "its socket refuses the proxy, which answers 500", cell);
      return failed("error", subject, `the metadata agent on ${node} is not running: its proxy answers 500`, 500);
    }
    if (state === "hung") {
      trail?.hop(subject, false, "takes the request and never answers", cell);
      return failed("timeout", subject, `the metadata agent on ${node} hangs`);
    }
    const settings = this.#facts(read, node, AGENT, AGENT_FILE, "metadata-agent");
    const asked =
      namespace === "dhcp" ? this.#facts(read, node, "neutron-dhcp-agent", DHCP_FILE, "dhcp-agent") : undefined;
    if (asked && settings && asked.metadataProxySocket.value !== settings.metadataProxySocket.value) {
      trail?.hop(subject, false, `listens at ${settings.metadataProxySocket.value}`, cell);
      const text = `the proxy looks for the agent at ${asked.metadataProxySocket.value}, the agent listens elsewhere`;
      return failed("error", subject, text, 500);
    }
    trail?.hop(subject, true, "running", cell);
    const identity = settings?.identity
      ? { address: this.#resolve(read, node, settings.identity.value.host), port: settings.identity.value.port }
      : this.#needed(node, "identity");
    let worst = OK;
    for (const [what, target] of [
      ["keystone", identity],
      ["neutron", this.#needed(node, "network")],
    ] as const) {
      if (!target) continue;
      worst = worse(worst, behindAgent(this.#call(read, node, target.address, target.port, trail), what));
      if (worst.grade === "failed") return worst;
    }
    return worst;
  }

  /** Nova's metadata service, through its load balancer: each server checks the request by its own nova.conf. */
  #nova(read: Reader, node: NodeId, trail?: Trail): Answer {
    const settings = this.#facts(read, node, AGENT, AGENT_FILE, "metadata-agent");
    const target = settings
      ? { address: this.#resolve(read, node, settings.novaMetadata.value.host), port: settings.novaMetadata.value.port }
      : this.#needed(node, "metadata");
    if (!target) return failed("error", `unit/${AGENT}@${node}`, "the metadata agent does not know where nova is", 500);
    const secret = settings?.sharedSecret?.value.digest;
    const further = (service: ServiceInstance): Answer => {
      const facts = this.#facts(read, service.node, service.unit, NOVA_FILE, "nova");
      const subject = `instance/${service.id}`;
      if (facts && !facts.serviceNeutronMetadataProxy.value) {
        const text = `nova on ${service.node} has service_neutron_metadata_proxy off and answers 404`;
        return failed("error", subject, text, 404);
      }
      if (!facts || facts.neutronMetadataSecret?.value.digest === secret) return OK;
      const text = `signature mismatch: nova on ${service.node} has another secret and answers 403, the guest gets 500`;
      return failed("error", subject, text, 500);
    };
    const answer = this.#dataplane.askEach(read, node, target.address, target.port, further, trail);
    return answer.status === 404 ? answer : behindAgent(answer, "nova's metadata service");
  }

  #needed(node: NodeId, purpose: string): { readonly address: string; readonly port: number } | undefined {
    const needs = this.#topology.services.get(`${AGENT}@${node}`)?.needs ?? [];
    return needs.flatMap((need) => (need.kind === "endpoint" && need.purpose === purpose ? need.endpoints : []))[0];
  }

  #resolve(read: Reader, node: NodeId, host: string): string {
    return resolve(this.#topology, host, this.#ground.unitFile(read, node, AGENT, "/etc/hosts"));
  }

  #call(read: Reader, node: NodeId, address: string, port: number, trail?: Trail): Answer {
    const answer = this.#dataplane.ask(read, node, address, port);
    if (trail) {
      if (answer.grade === "ok")
        trail.hop(`address/${address}`, true, `port ${port} answers`, this.#ground.addressCell(address));
      else this.#dataplane.ask(read, node, address, port, trail);
    }
    return answer;
  }

  #facts<Kind extends "nova" | "metadata-agent" | "dhcp-agent">(
    read: Reader,
    node: NodeId,
    unit: string,
    path: string,
    kind: Kind,
  ): FactsByKind[Kind] | undefined {
    const facts = factsOf(kind, path, this.#ground.unitFile(read, node, unit, path));
    return typeof facts === "object" ? (facts as FactsByKind[Kind]) : undefined;
  }
}

/** Whatever fails behind the metadata agent is a 500 to the guest; what hangs, a wait and then a 500. */
function behindAgent(answer: Answer, what: string): Answer {
  if (isServed(answer)) return answer;
  const how = answer.failure === "timeout" ? "after a wait " : "";
  return retold(answer, "error", `${what}: ${answer.text}; ${how}the guest gets 500`, 500);
}
