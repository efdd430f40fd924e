import type { Blueprint, Instant, Pending, Reader } from "../kernel/index.js";
import type { Cluster, Topology } from "../topology/types.js";
import type { NodeId, ResourceAgent } from "../twin/parts.js";
import type { ClusterDeps, Clusters } from "./clusters.js";
import { Controller } from "./controller/controller.js";
import { ClusterCore, type NodeCells } from "./core.js";
import { Executor } from "./executor/executor.js";
import { fenceDeviceAgent } from "./fencer/device-agent.js";
import { fenceDevices } from "./fencer/devices.js";
import { Fencer } from "./fencer/fencer.js";
import { Membership } from "./membership/membership.js";
import { clusterOperator } from "./operator/index.js";
import { clusterReadings } from "./readings.js";
import { roleOf } from "./status/resource-role.js";

export type {
  ClusterDeps,
  ClusterOperator,
  ClusterStatus,
  Clusters,
  ResourcePlace,
  ResourceState,
} from "./clusters.js";
export { type ClusterTimings, DEFAULT_TIMINGS } from "./timings.js";

/** One cluster's runtime, put together. */
export interface ClusterRuntime {
  readonly core: ClusterCore;
  readonly membership: Membership;
  readonly executor: Executor;
  readonly fencer: Fencer;
  readonly controller: Controller;
  /** The stack's processes on a node start, or die without telling anybody. */
  startStack(instant: Instant, node: NodeCells): void;
  killStack(instant: Instant, node: NodeCells): void;
  /** The controller dies, or the executor and the controller with it; pacemakerd starts them again. */
  killController(instant: Instant, node: NodeCells, what: "controller" | "executor"): void;
  /** A node asks to leave in order; true where there is something to wait for. */
  requestShutdown(instant: Instant, node: NodeCells): boolean;
}

export interface BuildOptions {
  /**
   * Where in its period each recurring monitor of a cluster that runs already is when the world begins: milliseconds
   * until it is due, 0 < due ≤ period. By default half a period.
   */
  readonly monitorPhase?: (node: NodeId, resource: string, periodMs: number) => number;
  /** How long a fence device's own start and monitor take. */
  readonly fenceDeviceMonitorMs?: number;
}

/** Pacemaker and its membership layer for every cluster of a topology. */
export function buildClusters(
  blueprint: Blueprint,
  topology: Pick<Topology, "clusters" | "nodes">,
  deps: ClusterDeps,
  options: BuildOptions = {},
): Clusters {
  const runtimes = new Map<string, ClusterRuntime>();
  for (const [id, cluster] of topology.clusters)
    runtimes.set(id, buildCluster(blueprint, cluster, topology, deps, options));
  return {
    ...clusterReadings(runtimes),
    setAttribute(instant, name, attribute, value) {
      for (const { core, controller } of runtimes.values()) {
        const node = core.byName.get(name);
        if (node) controller.setAttribute(instant, node, attribute, value, `${attribute} of ${name} changed`);
      }
    },
    operator: clusterOperator(runtimes),
  };
}

function buildCluster(
  blueprint: Blueprint,
  cluster: Cluster,
  topology: Pick<Topology, "nodes">,
  deps: ClusterDeps,
  options: BuildOptions,
): ClusterRuntime {
  const core = new ClusterCore(blueprint, cluster, deps);
  const membership = new Membership(core);
  const isBlocked = (instant: Instant, node: NodeCells) => membership.isBlocked(instant, node);
  const startsAtBoot =
    deps.startsAtBoot ?? ((_: Reader, name: NodeId) => topology.nodes.get(name)?.clusterAtBoot ?? true);
  const stonith = new Map<string, ResourceAgent & { forget(instant: Instant, node: NodeId): void }>();
  for (const { id } of fenceDevices(cluster.cib)) {
    const facts = cluster.fenceDevices.find((device) => device.id === id);
    stonith.set(id, fenceDeviceAgent(core, { id, facts }, options.fenceDeviceMonitorMs ?? 100));
  }
  const agents = new Map<string, ResourceAgent>();
  const agentOf = (resource: string): ResourceAgent => {
    const id = resource.replace(/:\d+$/, "");
    let agent = agents.get(id);
    if (!agent) {
      agent = stonith.get(id) ?? deps.agents.agentFor(cluster.id, id);
      agents.set(id, agent);
    }
    return agent;
  };
  const executor = new Executor(core, agentOf, isBlocked);
  const fencer = new Fencer(core, isBlocked);

  const leaveStack = blueprint.event<{ node: number }>(`cluster/${cluster.id}/stack-leaves`, (instant, payload) => {
    const node = core.nodes[payload.node]!;
    core.timerFired(instant, node, "start");
    if (core.defers(instant, node, leaveStack, payload)) return;
    if (deps.diesWithPacemaker?.(instant, node.name)) return;
    executor.detach(instant, node);
    membership.leave(instant, node);
    deps.hosts.release(instant, node.name);
  });
  const controller = new Controller(core, {
    membership,
    executor,
    fencer,
    hooks: {
      terminated(instant, node) {
        core.setTimer(
          instant,
          node,
          "start",
          instant.after(core.timings.leaveMs, leaveStack, { node: node.index }) as Pending,
        );
      },
    },
  });

  const stackUp = blueprint.event<{ node: number }>(`cluster/${cluster.id}/stack-up`, (instant, payload) => {
    const node = core.nodes[payload.node]!;
    core.timerFired(instant, node, "start");
    if (core.defers(instant, node, stackUp, payload)) return;
    // The disk holds the configuration alone: a node that starts knows nothing of anybody's state.
    const cib = instant.get(node.cib);
    instant.set(node.cib, { ...cib, status: { nodes: new Map(), tickets: cib.status.tickets } });
    instant.set(node.version, { ...instant.get(node.version), updates: 0 });
    membership.start(instant, node);
    controller.start(instant, node);
  });

  const respawn = blueprint.event<{ node: number }>(`cluster/${cluster.id}/respawn`, (instant, payload) => {
    const node = core.nodes[payload.node]!;
    core.timerFired(instant, node, "start");
    if (core.defers(instant, node, respawn, payload)) return;
    if (instant.get(node.totem).ring) controller.start(instant, node);
  });

  const runtime: ClusterRuntime = {
    core,
    membership,
    executor,
    fencer,
    controller,
    startStack(instant, node) {
      if (instant.get(node.totem).ring || instant.get(node.timers).start) return;
      instant.note({
        kind: "state",
        subject: `node/${node.name}`,
        what: "cluster stack starting",
        data: { cluster: cluster.id },
      });
      core.setTimer(
        instant,
        node,
        "start",
        instant.after(core.timings.stackStartMs, stackUp, { node: node.index }) as Pending,
      );
    },
    killStack(instant, node) {
      controller.stop(instant, node);
      executor.detach(instant, node);
      for (const device of stonith.values()) device.forget(instant, node.name);
      membership.stop(instant, node);
    },
    killController(instant, node, what) {
      if (!core.isControllerUp(instant, node)) return;
      const attributes = instant.get(node.attributes);
      controller.stop(instant, node);
      // The attribute daemon is another process: it keeps what it knows.
      instant.set(node.attributes, attributes);
      if (what === "executor") {
        // The controller notices and leaves by itself; its peers do not take that for a crash.
        for (const device of stonith.values()) device.forget(instant, node.name);
        executor.detach(instant, node);
        controller.controllerLeft(instant, node, true, true);
      } else controller.controllerLeft(instant, node, false);
      core.setTimer(
        instant,
        node,
        "start",
        instant.after(core.timings.respawnMs, respawn, { node: node.index }) as Pending,
      );
    },
    requestShutdown(instant, node) {
      if (!core.isControllerUp(instant, node)) {
        const running = instant.get(node.totem).ring !== undefined;
        if (running) membership.leave(instant, node);
        else core.cancelTimer(instant, node, "start");
        return false;
      }
      const dc = core.dcCells(instant, node);
      if (!dc) {
        controller.stop(instant, node);
        controller.controllerLeft(instant, node, true);
        executor.detach(instant, node);
        membership.leave(instant, node);
        return false;
      }
      controller.setAttribute(
        instant,
        node,
        "shutdown",
        String(core.epochSeconds(instant)),
        `${node.name} asked to leave`,
      );
      return true;
    },
  };

  deps.hosts.onLost((instant, name) => {
    const node = core.byName.get(name);
    if (!node) return;
    core.cancelTimer(instant, node, "start");
    controller.stop(instant, node);
    executor.reset(instant, node);
    for (const device of stonith.values()) device.forget(instant, name);
    membership.stop(instant, node);
  });
  deps.hosts.onUp((instant, name) => {
    const node = core.byName.get(name);
    if (node && startsAtBoot(instant, name)) runtime.startStack(instant, node);
  });
  deps.hosts.onFreeze((instant, name, frozen) => {
    const node = core.byName.get(name);
    if (node && !frozen) controller.wake(instant, node);
  });
  deps.hosts.onShutdown((instant, name) => {
    const node = core.byName.get(name);
    return node ? runtime.requestShutdown(instant, node) : false;
  });
  blueprint.onStart((instant) => begin(instant, runtime, agentOf, startsAtBoot, options));
  return runtime;
}

/** A cluster whose CIB has members runs already, settled; any other starts with its nodes. */
function begin(
  instant: Instant,
  runtime: ClusterRuntime,
  agentOf: (resource: string) => ResourceAgent,
  startsAtBoot: (read: Reader, node: NodeId) => boolean,
  options: BuildOptions,
): void {
  const { core, membership, controller, executor } = runtime;
  const { cib } = core.spec;
  const running = core.nodes.filter((node) => {
    const state = cib.status.nodes.get(node.name);
    return core.isAwake(instant, node) && isMember(state?.inCcm) && isMember(state?.crmd);
  });
  if (running.length === 0) {
    for (const node of core.nodes)
      if (core.isAwake(instant, node) && startsAtBoot(instant, node.name)) runtime.startStack(instant, node);
    return;
  }
  const dc = running.find((node) => node.member.id === cib.attrs["dc-uuid"]) ?? running[running.length - 1]!;
  membership.begin(instant, running);
  controller.begin(instant, running, dc);
  for (const node of running) {
    instant.set(node.attributes, cib.status.nodes.get(node.name)?.attributes ?? new Map());
    for (const history of cib.status.nodes.get(node.name)?.resources.values() ?? []) {
      const { role } = roleOf(history);
      if (role === "Stopped") continue;
      const agent = agentOf(history.id);
      const steps = role === "Promoted" ? (["start", "promote"] as const) : (["start"] as const);
      for (const operation of steps) {
        const outcome = agent.begin(instant, node.name, operation);
        agent.complete(instant, node.name, operation, outcome);
      }
    }
    executor.adopt(instant, node, (resource, periodMs) => {
      const due = options.monitorPhase?.(node.name, resource, periodMs) ?? Math.ceil(periodMs / 2);
      return Math.max(1, Math.min(periodMs, Math.round(due)));
    });
  }
  controller.abort(instant, dc, "the world begins");
}

/** `true`, or (newer releases) the time since which it is. */
function isMember(value: string | undefined): boolean {
  if (value === undefined || value === "false" || value === "offline") return false;
  return value === "true" || value === "online" || Number(value) > 0;
}
