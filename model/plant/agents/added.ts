import type { Cib } from "../../cluster/cib/types.js";
import type { Blueprint, Reader } from "../../kernel/index.js";
import type { NodeId, ResourceAgent } from "../../twin/parts.js";
import type { AgentModel, BegunOperation, PlantParts } from "./agent-model.js";
import { OCF, outcome } from "./agent-model.js";
import { isServiceClass, type Primitive, primitivesOf } from "./primitives.js";

/** The configuration as a node's tools have it; undefined where the cluster is not known. */
export type ConfigurationOf = (read: Reader, cluster: string, node: NodeId) => Cib | undefined;

/** By `cluster/resource@node`: a process that an added resource stands for runs there. */
type Running = ReadonlySet<string>;
const NONE: Running = new Set();

/** OCF agents that act on parts of the twin that are there from the start, so that one can be added later. */
const ADDABLE: ReadonlySet<string> = new Set([
  "ocf:heartbeat:IPaddr2",
  "ocf:heartbeat:IPaddr",
  "ocf:heartbeat:Filesystem",
  "ocf:heartbeat:nfsserver",
  "ocf:heartbeat:apache",
  "ocf:heartbeat:haproxy",
  "ocf:pacemaker:Dummy",
  "ocf:heartbeat:Dummy",
]);

/** Whether the twin can play a resource of that agent that somebody adds to a running cluster. */
export function isAddable({ agentClass, agent }: Pick<Primitive, "agentClass" | "agent">): boolean {
  return isServiceClass(agentClass) || ADDABLE.has(agent);
}

/**
 * Resources that somebody adds to a configuration while its cluster runs. What such an agent is, it finds in its node's
 * CIB each time that it acts; a process without a model of its own is a mark in a table.
 */
export class AddedAgents {
  readonly #running;
  readonly #modelOf: (cluster: string, primitive: Primitive) => AgentModel | undefined;
  readonly #models = new WeakMap<Primitive, AgentModel>();
  #configurationOf: ConfigurationOf = () => undefined;

  /** `modelOf` gives a model that needs no cell of its own; undefined for a plain process. */
  constructor(
    blueprint: Blueprint,
    { hosts }: Pick<PlantParts, "hosts">,
    modelOf: (cluster: string, primitive: Primitive) => AgentModel | undefined,
  ) {
    this.#modelOf = modelOf;
    this.#running = blueprint.cell<Running>("agents/added", NONE, (running) => [...running].sort());
    hosts.onLost((instant, node) => {
      const running = instant.get(this.#running);
      const left = new Set([...running].filter((key) => !key.endsWith(`@${node}`)));
      if (left.size < running.size) instant.set(this.#running, left);
    });
  }

  /** Clusters come after the plant: they say what their CIBs hold. */
  readFrom(configurationOf: ConfigurationOf): void {
    this.#configurationOf = configurationOf;
  }

  agentFor(cluster: string, id: string): ResourceAgent {
    const at = (read: Reader, node: NodeId) => this.#find(read, cluster, id, node);
    return {
      monitor: (read, node, depth = 0) => at(read, node)?.monitor(read, node, depth) ?? outcome(OCF.notRunning, 0),
      begin: (instant, node, operation, timeoutMs = 20_000) =>
        at(instant, node)?.begin(instant, node, operation, { timeoutMs, takesMs: undefined }) ??
        outcome(operation === "stop" ? OCF.success : OCF.notInstalled, 0),
      complete: (instant, node, operation, { rc, withoutEffect }) => {
        if (rc === OCF.success && !withoutEffect)
          at(instant, node)?.complete(instant, node, operation as BegunOperation);
      },
    };
  }

  #find(read: Reader, cluster: string, id: string, node: NodeId): AgentModel | undefined {
    const cib = this.#configurationOf(read, cluster, node);
    const primitive = cib && primitivesOf(cib).find((one) => one.id === id);
    if (!primitive) return this.#process(cluster, id);
    let model = this.#models.get(primitive);
    if (!model) {
      model = this.#modelOf(cluster, primitive) ?? this.#process(cluster, id);
      this.#models.set(primitive, model);
    }
    return model;
  }

  /** Something that is started and stopped, and depends on nothing. */
  #process(cluster: string, id: string): AgentModel {
    const key = (node: NodeId) => `${cluster}/${id}@${node}`;
    return {
      monitor: (read, node) => outcome(read.get(this.#running).has(key(node)) ? OCF.success : OCF.notRunning, 20),
      begin: () => outcome(OCF.success, 20),
      complete: (instant, node, operation) => {
        if (operation !== "start" && operation !== "stop") return;
        const next = new Set(instant.get(this.#running));
        if (operation === "start") next.add(key(node));
        else next.delete(key(node));
        instant.set(this.#running, next.size === 0 ? NONE : next);
      },
    };
  }
}
