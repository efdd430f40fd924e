import type { Reader } from "../kernel/index.js";
import type { NodeId } from "../twin/parts.js";
import type { ClusterStatus, Clusters, ResourcePlace } from "./clusters.js";
import { booleanOf } from "./configuration/interval.js";
import { settingsOf } from "./configuration/settings.js";
import { inFlight } from "./controller/graph-state.js";
import type { NodeCells } from "./core.js";
import type { ClusterRuntime } from "./index.js";
import { roleOf } from "./status/resource-role.js";

type Readings = Omit<Clusters, "operator" | "setAttribute">;

/** What can be asked of the clusters without changing them. */
export function clusterReadings(runtimes: ReadonlyMap<string, ClusterRuntime>): Readings {
  const ofNode = new Map<NodeId, ClusterRuntime>();
  for (const runtime of runtimes.values()) for (const node of runtime.core.nodes) ofNode.set(node.name, runtime);
  const runtimeOf = (cluster: string): ClusterRuntime => {
    const runtime = runtimes.get(cluster);
    if (!runtime) throw new Error(`unknown cluster "${cluster}"; clusters: ${[...runtimes.keys()].join(", ")}`);
    return runtime;
  };
  const cellsOf = (node: NodeId): { runtime: ClusterRuntime; cells: NodeCells } | undefined => {
    const runtime = ofNode.get(node);
    return runtime && { runtime, cells: runtime.core.byName.get(node)! };
  };

  const dcOf = (read: Reader, cluster: string, node?: NodeId): NodeId | undefined => {
    const { core, membership } = runtimeOf(cluster);
    if (node !== undefined) {
      const cells = core.byName.get(node);
      return cells && core.isControllerUp(read, cells) ? read.get(cells.dc) : undefined;
    }
    const dcs = core.nodes.filter((cells) => core.isDc(read, cells) && core.isAwake(read, cells));
    return (dcs.find((cells) => membership.isQuorate(read, cells)) ?? dcs[0])?.name;
  };
  const viewer = (read: Reader, cluster: string, node?: NodeId): NodeCells => {
    const { core } = runtimeOf(cluster);
    const name = node ?? dcOf(read, cluster);
    return (
      (name === undefined ? undefined : core.byName.get(name)) ??
      core.nodes.find((cells) => core.isControllerUp(read, cells) && core.isAwake(read, cells)) ??
      core.nodes[0]!
    );
  };

  return {
    ids: [...runtimes.keys()].sort(),
    nodesOf: (cluster) => runtimeOf(cluster).core.nodes.map((node) => node.name),
    clusterOf: (node) => ofNode.get(node)?.core.id,
    isStackRunning(read, node) {
      const found = cellsOf(node);
      return found !== undefined && read.get(found.cells.totem).ring !== undefined;
    },
    members(read, node) {
      const found = cellsOf(node);
      return (found && read.get(found.cells.totem).ring) ?? [];
    },
    isQuorate(read, node) {
      const found = cellsOf(node);
      return found ? found.runtime.membership.isQuorate(read, found.cells) : false;
    },
    controllerState(read, node) {
      const found = cellsOf(node);
      return found ? read.get(found.cells.controller).value : "stopped";
    },
    dcOf,
    cibOf: (read, cluster, node) => read.get(viewer(read, cluster, node).cib),
    resourceState(read, cluster, resource, node) {
      const cib = read.get(viewer(read, cluster, node).cib);
      const places: ResourcePlace[] = [];
      for (const cells of runtimeOf(cluster).core.nodes) {
        for (const [id, history] of cib.status.nodes.get(cells.name)?.resources ?? []) {
          if (id !== resource && id.replace(/:\d+$/, "") !== resource) continue;
          const { role, failed } = roleOf(history);
          if (role !== "Stopped" || failed) places.push({ node: cells.name, role, failed });
        }
      }
      return { resource, places };
    },
    status: (read, cluster, node) => statusOf(read, runtimeOf(cluster), viewer(read, cluster, node)),
    isSettled(read, cluster) {
      return runtimeOf(cluster).core.nodes.every((cells) => {
        const { start, election, join, decide } = read.get(cells.timers);
        const graph = read.get(cells.graph);
        return (
          !start &&
          !election &&
          !join &&
          !decide &&
          !(graph && inFlight(graph)) &&
          read.get(cells.executor).running.length === 0 &&
          read.get(cells.fencing).length === 0 &&
          read.get(cells.settling) === undefined &&
          read.get(cells.deferred).length === 0
        );
      });
    },
    decisionOf(read, node) {
      const found = cellsOf(node);
      return found && read.get(found.cells.graph)?.decision;
    },
    epochSeconds: (read, cluster) => runtimeOf(cluster).core.epochSeconds(read),
  };
}

/** What crm_mon -1 would show there; undefined where nothing runs to ask. */
function statusOf(read: Reader, runtime: ClusterRuntime, viewer: NodeCells): ClusterStatus | undefined {
  const { core, membership } = runtime;
  if (!core.isControllerUp(read, viewer)) return undefined;
  const cib = read.get(viewer.cib);
  const decision = core.deps.scheduler.decide(cib, { nowEpochSeconds: core.epochSeconds(read) });
  const settings = settingsOf(cib);
  const nodes = new Map<NodeId, string>();
  for (const { name } of core.nodes) {
    const state = cib.status.nodes.get(name);
    const attribute = (what: string) => state?.attributes.get(what) ?? settings.nodeAttributes.get(name)?.get(what);
    const online = state?.inCcm === "true" && state.crmd === "online" && state.join === "member";
    const pending = state?.inCcm === "true" && state.crmd === "online" && state.join !== "member";
    const words = [
      ...(decision.unclean.includes(name) ? ["unclean"] : []),
      ...(online && booleanOf(attribute("standby"), false) ? ["standby"] : []),
      ...(online && booleanOf(attribute("maintenance"), false) ? ["maintenance"] : []),
      online ? "online" : pending ? "pending" : "offline",
    ];
    nodes.set(name, words.join(" "));
  }
  const resources = new Map<string, string[]>();
  const peers = core.peers(read, viewer);
  for (const placement of decision.placements) {
    const id = placement.resource;
    const pending = pendingText(read, peers, placement.instance, id, resources.get(id) ?? []);
    if (pending !== undefined) {
      resources.set(id, [...(resources.get(id) ?? []), pending]);
      continue;
    }
    const failed = placement.currentNodes.some((name) => {
      const history =
        cib.status.nodes.get(name)?.resources.get(id) ?? cib.status.nodes.get(name)?.resources.get(placement.instance);
      return history !== undefined && roleOf(history).failed;
    });
    // A copy of a promotable clone that is merely started is unpromoted.
    const promotable = booleanOf(settings.primitives.get(id)?.meta.get("promotable"), false);
    const role = promotable && placement.currentRole === "Started" ? "Unpromoted" : placement.currentRole;
    const text =
      placement.currentRole === "Stopped" && placement.currentNodes.length === 0
        ? "Stopped"
        : `${role} ${placement.currentNodes.join("+")}${failed ? " FAILED" : ""}`;
    const list = resources.get(id);
    if (list) list.push(text);
    else resources.set(id, [text]);
  }
  for (const list of resources.values()) list.sort();
  return {
    by: viewer.name,
    dc: read.get(viewer.dc),
    quorate: membership.isQuorate(read, viewer),
    nodes,
    resources: new Map([...resources].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const PENDING: Readonly<Record<string, string>> = {
  start: "Starting",
  stop: "Stopping",
  promote: "Promoting",
  demote: "Demoting",
  migrate_to: "Migrating",
};

/** `Starting n1` where an operation on the resource is under way that has not been listed yet. */
function pendingText(
  read: Reader,
  peers: readonly NodeCells[],
  instance: string,
  id: string,
  listed: readonly string[],
): string | undefined {
  for (const peer of peers)
    for (const op of read.get(peer.executor).running) {
      const word = PENDING[op.operation];
      if (word === undefined || (op.resource !== id && op.resource !== instance)) continue;
      const text = `${word} ${peer.name}`;
      if (!listed.includes(text)) return text;
    }
  return undefined;
}
