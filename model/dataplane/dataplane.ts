import type { Blueprint, Cell, MachineCell, Reader } from "../kernel/index.js";
import { apiService } from "../machines/api-service.js";
import type { Need, ServiceInstance, Topology } from "../topology/types.js";
import type { NodeId, Path } from "../twin/parts.js";
import { type Answer, failed, isServed, OK, partly, unconnected, worse } from "./answer.js";
import { balanced } from "./balanced.js";
import type { Ground } from "./ground.js";
import { Listeners } from "./listeners.js";
import { Rotation } from "./rotation.js";
import { ServiceAnswers, type ServiceViews } from "./service-answers.js";
import { Trail } from "./trail.js";
import type { AnswerView, BalancerView } from "./views.js";
import { Ways } from "./ways.js";

/** A path with what the client gets at its end. */
export interface ServicePath extends Path {
  readonly answer: Answer;
}

interface KeptInstance {
  readonly machine: MachineCell;
  readonly answer: Cell<Answer>;
  /** What it answers to one kind of work that needs more: `boot`, `store`. */
  readonly works: ReadonlyMap<string, Cell<Answer>>;
}

const NOT_YET = failed("refused", "", "not looked at yet");

/**
 * Can this client get an answer from this service now, and through which hops; if not, which hop fails. Follows a
 * request as the wires do: way to the address, who listens there (a load balancer, a service, a database), and behind
 * that what the service itself needs, again each by its way.
 *
 * What many ask again and again (a way, a frontend, a service instance) is kept as a derived fact and evaluated once a
 * change; `reach` walks it all and tells each hop.
 */
export class Dataplane {
  readonly #blueprint: Blueprint;
  readonly #topology: Topology;
  readonly #ground: Ground;
  readonly #balancers: BalancerView;
  readonly #answers: AnswerView;
  readonly #services: ServiceAnswers;
  readonly #rotation: Rotation;
  readonly #listeners: Listeners;
  readonly ways: Ways;
  readonly #instances = new Map<string, KeptInstance>();
  readonly #beingKept = new Set<string>();
  readonly #frontends = new Map<NodeId, Map<string, Cell<Answer>>>();
  readonly #units = new Map<string, Cell<Answer>>();
  readonly #instancesOfUnit = new Map<string, ServiceInstance[]>();
  #circleMet = false;

  constructor(
    blueprint: Blueprint,
    topology: Topology,
    ground: Ground,
    views: ServiceViews & { readonly balancers: BalancerView },
    needsOf: (read: Reader, service: ServiceInstance) => readonly Need[] = (_, service) => service.needs,
  ) {
    this.#blueprint = blueprint;
    this.#topology = topology;
    this.#ground = ground;
    this.#balancers = views.balancers;
    this.#answers = views.answers;
    this.#services = new ServiceAnswers(ground, views, needsOf, this);
    this.#rotation = new Rotation(topology, views.balancers);
    this.#listeners = new Listeners(topology);
    this.ways = new Ways(blueprint, ground);
    for (const service of topology.services.values()) {
      const list = this.#instancesOfUnit.get(service.unit);
      if (list) list.push(service);
      else this.#instancesOfUnit.set(service.unit, [service]);
    }
  }

  /** The path of one request, hop by hop, with what the client gets. */
  reach(read: Reader, from: NodeId, address: string, port: number): ServicePath {
    const trail = new Trail();
    const answer = this.ask(read, from, address, port, trail);
    return pathOf(trail, answer);
  }

  /** What a client gets who connects from a node (or physical router) to an address and port. */
  ask(read: Reader, from: NodeId, address: string, port: number, trail?: Trail): Answer {
    const way = this.ways.find(read, from, address, trail?.hops);
    if (way.holder === undefined) return unconnected(way.failure ?? "timeout", way.blame, way.text);
    return this.askHolder(read, way.holder, address, port, trail);
  }

  /**
   * As `ask`, with a further question to each service instance that would answer: what it makes of this very request.
   */
  askEach(
    read: Reader,
    from: NodeId,
    address: string,
    port: number,
    further: (service: ServiceInstance) => Answer,
    trail?: Trail,
  ): Answer {
    const one = (reader: Reader, client: NodeId, target: string, targetPort: number, t?: Trail): Answer => {
      const way = this.ways.find(reader, client, target, t?.hops);
      if (way.holder === undefined) return unconnected(way.failure ?? "timeout", way.blame, way.text);
      if (client === from && this.#balancers.isBalancer(way.holder)) {
        const { holder } = way;
        return balanced(
          reader,
          this.#balancers,
          holder,
          target,
          targetPort,
          (r, a, p, u) => one(r, holder, a, p, u),
          t,
        );
      }
      const answer = this.askHolder(reader, way.holder, target, targetPort, t);
      if (answer.grade === "failed") return answer;
      const service = this.#listeners
        .at(way.holder, target, targetPort)
        .find((candidate) => this.#services.process(reader, candidate) === "running");
      if (!service) return answer;
      const more = further(service);
      if (more.grade !== "ok") t?.hop(`instance/${service.id}`, false, more.text, this.instanceCell(service.id));
      return worse(answer, more);
    };
    return one(read, from, address, port, trail);
  }

  /** The same from the node itself that holds the address. */
  askHolder(read: Reader, holder: NodeId, address: string, port: number, trail?: Trail): Answer {
    if (this.#balancers.isBalancer(holder)) {
      const cell = trail ? undefined : this.#frontends.get(holder)?.get(`${address}:${port}`);
      if (cell) return read.get(cell);
      return this.#onBalancer(read, holder, address, port, trail);
    }
    return this.#direct(read, holder, address, port, trail);
  }

  #direct(read: Reader, holder: NodeId, address: string, port: number, trail?: Trail): Answer {
    const listening = this.#listeners.at(holder, address, port);
    if (listening.length === 0) {
      trail?.hop(`address/${address}`, false, `nothing on ${holder} listens on port ${port}`);
      return failed("refused", `node/${holder}`, `nothing on ${holder} listens on port ${port}`);
    }
    // Two services on one port of a node: whoever runs answers.
    const service =
      (listening.length > 1 && listening.find((one) => this.#services.process(read, one) !== "stopped")) ||
      listening[0]!;
    const name = service.listens.find((listen) => listen.port === port)?.name;
    return this.instance(read, service, name, trail);
  }

  /**
   * What one service instance answers to those who reach it. `work` is the name of a listener or of a kind of request
   * (`metadata`, `boot`), where some of its needs are for that alone.
   */
  instance(read: Reader, service: ServiceInstance, work?: string, trail?: Trail): Answer {
    if (trail) return this.#services.evaluate(read, service, work, trail);
    const kept = this.#instances.get(service.id);
    if (!kept) return this.#services.evaluate(read, service, work);
    return read.get((work !== undefined && kept.works.get(work)) || kept.answer);
  }

  /** What a kind of work gets from a unit whose instances share it: all of them must be able to do it. */
  work(read: Reader, unit: string, work: string, trail?: Trail): Answer {
    let worst = OK;
    let served = 0;
    let running = 0;
    for (const service of this.#instancesOfUnit.get(unit) ?? []) {
      if (this.#services.process(read, service) !== "running" || !this.#rotation.has(read, service)) continue;
      running++;
      const answer = this.instance(read, service, work);
      if (answer.grade !== "failed") served++;
      if (trail && !isServed(answer)) this.instance(read, service, work, trail);
      worst = worse(worst, answer);
    }
    if (running === 0) return failed("error", `unit/${unit}`, `no ${unit} is running`);
    return served > 0 ? partly(worst) : worst;
  }

  /** The message broker that listens at an address of a node. */
  brokerAt(node: NodeId, address: string, port: number): ServiceInstance | undefined {
    return this.#listeners.at(node, address, port).find((service) => service.role === "messaging");
  }

  unitCell(unit: string): Cell<unknown> | undefined {
    return this.#units.get(unit);
  }

  instanceCell(id: string): MachineCell | undefined {
    return this.#instances.get(id)?.machine;
  }

  /** Needs that are not followed, for the verdict's assumptions: two services that need one another. */
  get circles(): readonly string[] {
    return [...this.#services.skipped];
  }

  /** What callers through the message bus get from a unit: any instance that can do its work. */
  unit(read: Reader, unit: string, trail?: Trail): Answer {
    const cell = this.#units.get(unit);
    if (cell && !trail) return read.get(cell);
    return this.#unit(read, unit, trail);
  }

  /** Whether a check's connection to a service is taken, and whether an HTTP request on it is answered well. */
  probe(
    read: Reader,
    from: NodeId,
    address: string,
    port: number,
    kind: "tcp" | "http",
  ): "passed" | "failed" | "unanswered" {
    const way = this.ways.find(read, from, address);
    if (way.holder === undefined) return "unanswered";
    if (this.#balancers.isBalancer(way.holder) && this.#isBalanced(read, way.holder, address, port))
      return this.#balancers.config(read, way.holder) ? "passed" : "failed";
    const listening = this.#listeners.at(way.holder, address, port);
    const service = listening.find((one) => this.#services.process(read, one) !== "stopped");
    if (!service) return "failed";
    const process = this.#services.process(read, service);
    if (process === "starting") return "failed";
    const how = this.#answers.answers(read, service.node, service.unit);
    // The kernel takes connections for a process that hangs.
    if (kind === "tcp") return "passed";
    if (process === "hung" || how === "slow") return "unanswered";
    return how === "wrong" ? "failed" : "passed";
  }

  /** Keeps what an instance answers as a derived fact, and all that its answer rests on. While building. */
  keepInstance(service: ServiceInstance): void {
    if (this.#beingKept.has(service.id)) this.#circleMet = true;
    if (this.#instances.has(service.id) || this.#beingKept.has(service.id)) return;
    this.#beingKept.add(service.id);
    for (const [i, need] of service.needs.entries()) {
      if (need.kind === "endpoint")
        for (const { address, port } of need.endpoints) this.keepCall(service.node, address, port);
      else if (need.kind === "rpc") this.keepUnit(need.unit);
      if (this.#circleMet) this.#services.skipped.add(`${service.id} ${i}`);
      this.#circleMet = false;
    }
    this.#beingKept.delete(service.id);
    const machine = this.#blueprint.machine(`instance/${service.id}`, apiService);
    const answer = this.#blueprint.cell(`instance/${service.id}/answer`, NOT_YET);
    const works = new Map<string, Cell<Answer>>();
    this.#instances.set(service.id, { machine, answer, works });
    for (const work of new Set(service.needs.flatMap((need) => need.for ?? []))) {
      const cell = this.#blueprint.cell(`instance/${service.id}/${work}`, NOT_YET);
      works.set(work, cell);
      this.#blueprint.observer(
        `instance/${service.id}/${work}`,
        (read) => this.#services.work(read, service, work),
        (instant, result) => instant.set(cell, result),
      );
    }
    this.#blueprint.observer(
      `instance/${service.id}`,
      (read) => this.#services.evaluate(read, service, undefined),
      (instant, result) => {
        instant.set(answer, result);
        const process = this.#services.process(instant, service);
        const text = result.grade === "ok" ? undefined : result.text;
        const before = instant.get(machine).value;
        if (process === "hung") instant.send(machine, { type: "PROCESS_HUNG" });
        else if (process !== "running") instant.send(machine, { type: "PROCESS_GONE" });
        else {
          const needsMet = isServed(result);
          const started = { type: "PROCESS_STARTED", needsMet };
          const how = text === undefined ? {} : { text };
          if (before === "stopped" || before === "hung") instant.send(machine, started, how);
          else instant.send(machine, { type: needsMet ? "NEEDS_MET" : "NEED_LOST" }, how);
        }
      },
    );
  }

  /** Keeps the way to an address, and what answers there. */
  keepCall(from: NodeId, address: string, port: number): void {
    this.ways.keep(from, address);
    for (const node of this.#possibleHolders(address)) {
      if (this.#balancers.isBalancer(node)) this.keepFrontend(node, address, port);
      for (const service of this.#listeners.at(node, address, port)) this.keepInstance(service);
    }
  }

  keepFrontend(node: NodeId, address: string, port: number): void {
    let ofNode = this.#frontends.get(node);
    if (!ofNode) {
      ofNode = new Map();
      this.#frontends.set(node, ofNode);
    }
    if (ofNode.has(`${address}:${port}`)) return;
    const name = `frontend/${address}:${port}@${node}`;
    const cell = this.#blueprint.cell(name, NOT_YET);
    ofNode.set(`${address}:${port}`, cell);
    for (const server of this.#configuredServers(node, address, port))
      if (server.address !== address) this.keepCall(node, server.address, server.port);
    this.#blueprint.observer(
      name,
      // Nobody asks a load balancer that does not have the address: then its servers need not be followed.
      (read) => (this.#ground.holds(read, node, address) ? this.#onBalancer(read, node, address, port) : NOT_HELD),
      (instant, result) => instant.set(cell, result),
    );
  }

  keepUnit(unit: string): void {
    if (this.#units.has(unit)) return;
    const cell = this.#blueprint.cell(`unit-answer/${unit}`, NOT_YET);
    this.#units.set(unit, cell);
    for (const service of this.#instancesOfUnit.get(unit) ?? []) this.keepInstance(service);
    this.#blueprint.observer(
      `unit-answer/${unit}`,
      (read) => this.#unit(read, unit),
      (instant, result) => instant.set(cell, result),
    );
  }

  // ---

  #isBalanced(read: Reader, node: NodeId, address: string, port: number): boolean {
    return (
      this.#balancers.config(read, node)?.bound.has(port) === true ||
      this.#listeners.at(node, address, port).length === 0
    );
  }

  /** haproxy, or a service of its own on the balancer's node. */
  #onBalancer(read: Reader, node: NodeId, address: string, port: number, trail?: Trail): Answer {
    return this.#isBalanced(read, node, address, port)
      ? this.#askBalancer(read, node, address, port, trail)
      : this.#direct(read, node, address, port, trail);
  }

  #askBalancer(read: Reader, node: NodeId, address: string, port: number, trail?: Trail): Answer {
    return balanced(
      read,
      this.#balancers,
      node,
      address,
      port,
      (reader, server, serverPort, t) => this.ask(reader, node, server, serverPort, t),
      trail,
    );
  }

  #unit(read: Reader, unit: string, trail?: Trail): Answer {
    const all = this.#instancesOfUnit.get(unit) ?? [];
    let best: Answer | undefined;
    for (const service of all) {
      const answer = this.instance(read, service);
      if (isServed(answer)) {
        trail?.hop(`instance/${service.id}`, true, "serving", this.instanceCell(service.id));
        return answer;
      }
      if (best === undefined || best.grade === "failed") best = answer;
    }
    if (trail) for (const service of all) this.instance(read, service, undefined, trail);
    return best ?? failed("error", `unit/${unit}`, `no ${unit} anywhere`);
  }

  #possibleHolders(address: string): readonly NodeId[] {
    const virtual = this.#topology.virtualAddresses.get(address);
    if (virtual) return this.#topology.clusters.get(virtual.cluster)?.nodes.map((member) => member.node) ?? [];
    const holders: NodeId[] = [];
    for (const node of this.#topology.nodes.values())
      if (node.nics.some((nic) => nic.addresses.some((one) => one.address === address))) holders.push(node.id);
    return holders;
  }

  #configuredServers(node: NodeId, address: string, port: number): { address: string; port: number }[] {
    const facts = this.#topology.loadBalancers.get(node);
    const found: { address: string; port: number }[] = [];
    for (const proxy of facts?.proxies ?? []) {
      if (!proxy.binds.some((bind) => bind.port === port && (bind.address === "*" || bind.address === address)))
        continue;
      const backend = facts!.proxies.find((one) => one.name === proxy.defaultBackend && one.kind !== "frontend");
      for (const server of (backend ?? proxy).servers)
        found.push({ address: server.address, port: server.port ?? port });
    }
    return found;
  }
}

const NOT_HELD = failed("refused", "", "does not have the address");

export function pathOf(trail: Trail, answer: Answer): ServicePath {
  return {
    ok: isServed(answer),
    ...(answer.failure && { failure: answer.failure }),
    hops: trail.hops,
    answer,
  };
}
