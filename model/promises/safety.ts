import type { Blueprint, Cell, Instant } from "../kernel/index.js";
import type { Topology } from "../topology/types.js";
import type { Agents, Hosts, NodeId, ResourceAgent } from "../twin/parts.js";
import * as exclusiveResource from "./always/exclusive-resource.js";
import * as fenceLoop from "./always/fence-loop.js";
import * as healthyNodeFenced from "./always/healthy-node-fenced.js";
import * as noRecoveryBeforeFence from "./always/no-recovery-before-fence.js";
import * as oneWriter from "./always/one-writer.js";
import * as pingPong from "./always/ping-pong.js";
import * as quorateStart from "./always/quorate-start.js";
import * as startOrder from "./always/start-order.js";
import { promisedOrder } from "./configuration.js";
import type { Facts, StartBegun } from "./facts.js";
import { type AlwaysPromise, statusNow, unbroken } from "./promise.js";

/**
 * The promises that hold at every instant. Two doors are watched, because decisions become harm there: a cluster begins
 * a start (through the agents), a power controller switches a node off (through the hosts). Writers on shared data are
 * observed. So a promise costs nothing while nothing happens.
 */
export interface Safety {
  readonly promises: readonly AlwaysPromise[];
  /** The same agents, with each start seen. For the cluster. */
  watchAgents(agents: Agents): Agents;
  /** The same hosts, with each switching off seen. For the power controllers. */
  watchHosts<H extends Hosts>(hosts: H): H;
  /** What the promises look at, once all parts stand; and what may have one writer. */
  know(facts: Facts, data: readonly oneWriter.SharedData[]): void;
  /** Orders of starting that must be kept from here on, beside those of the CIBs. */
  expectOrder(instant: Instant, expected: readonly startOrder.ExpectedOrder[]): void;
  /** Somebody fences this node on purpose: its next switching off is no mistake. */
  expectFence(instant: Instant, node: NodeId): void;
}

/** Names of the promises that hold at every instant, for those who write them down. */
export const SAFETY_NAMES = [
  "exclusive-resource",
  "fence-loop",
  "healthy-node-fenced",
  "no-recovery-before-fence",
  "one-writer",
  "ping-pong",
  "quorate-start",
  "start-order",
] as const;

export function buildSafety(blueprint: Blueprint, topology: Topology): Safety {
  const promise = (name: (typeof SAFETY_NAMES)[number], text: string): AlwaysPromise => ({
    name,
    text,
    cell: blueprint.cell(`promise/${name}`, unbroken, statusNow),
  });
  const promises = {
    exclusiveResource: promise("exclusive-resource", exclusiveResource.text),
    fenceLoop: promise("fence-loop", fenceLoop.text),
    healthyNodeFenced: promise("healthy-node-fenced", healthyNodeFenced.text),
    noRecoveryBeforeFence: promise("no-recovery-before-fence", noRecoveryBeforeFence.text),
    oneWriter: promise("one-writer", oneWriter.text),
    pingPong: promise("ping-pong", pingPong.text),
    quorateStart: promise("quorate-start", quorateStart.text),
    startOrder: promise("start-order", startOrder.text),
  };
  const fences = fenceLoop.fenceTimes(blueprint, [...topology.nodes.keys()]);
  const moves = pingPong.moveTimes(
    blueprint,
    [...topology.clusters.values()].flatMap(({ id, cib }) =>
      promisedOrder(cib.configuration).exclusive.map((resource) => `${id}/${resource}`),
    ),
  );
  const wanted = new Map<NodeId, Cell<boolean>>(
    [...topology.nodes.keys()].map((node) => [node, blueprint.cell(`promise/fence-wanted/${node}`, false)]),
  );
  const orders = blueprint.cell<readonly startOrder.ExpectedOrder[]>("promise/expected-order", Object.freeze([]));
  let facts: Facts | undefined;

  function startBegun(instant: Instant, start: StartBegun): void {
    if (!facts) return;
    noRecoveryBeforeFence.checkStart(instant, promises.noRecoveryBeforeFence, facts, start);
    exclusiveResource.checkStart(instant, promises.exclusiveResource, facts, start);
    quorateStart.checkStart(instant, promises.quorateStart, facts, start);
    startOrder.checkStart(instant, promises.startOrder, facts, start, instant.get(orders));
    pingPong.checkStart(instant, promises.pingPong, moves, start);
  }

  function switchedOff(instant: Instant, node: NodeId): void {
    if (!facts) return;
    const cell = wanted.get(node);
    const isWanted = cell !== undefined && instant.get(cell);
    if (cell) instant.set(cell, false);
    healthyNodeFenced.checkFence(instant, promises.healthyNodeFenced, facts, node, isWanted);
    fenceLoop.checkFence(instant, promises.fenceLoop, fences, node);
  }

  return {
    promises: Object.values(promises),
    watchAgents: (agents) => watchedAgents(agents, startBegun),
    watchHosts: (hosts) => ({
      ...hosts,
      powerOff(instant, node, what) {
        if (hosts.state(instant, node) !== "off") switchedOff(instant, node);
        hosts.powerOff(instant, node, what);
      },
    }),
    know(all, data) {
      facts = all;
      oneWriter.watchWriters(blueprint, promises.oneWriter, data);
    },
    expectOrder: (instant, expected) => instant.set(orders, Object.freeze([...expected])),
    expectFence(instant, node) {
      const cell = wanted.get(node);
      if (cell) instant.set(cell, true);
    },
  };
}

function watchedAgents(agents: Agents, startBegun: (instant: Instant, start: StartBegun) => void): Agents {
  const watched = new Map<string, ResourceAgent>();
  return {
    ...agents,
    agentFor(cluster, resource) {
      const key = `${cluster}/${resource}`;
      let agent = watched.get(key);
      if (!agent) {
        const inner = agents.agentFor(cluster, resource);
        const id = resource.replace(/:\d+$/, "");
        agent = {
          ...inner,
          begin(instant, node, operation, timeoutMs) {
            if (operation === "start") startBegun(instant, { cluster, resource: id, node });
            return inner.begin(instant, node, operation, timeoutMs);
          },
        };
        watched.set(key, agent);
      }
      return agent;
    },
  };
}
