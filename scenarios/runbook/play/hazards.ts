import { type Reader, Run, type World } from "../../../model/kernel/index.js";
import type { NodeId } from "../../../model/twin/parts.js";
import type { Twin } from "../../../model/twin/twin.js";
import type { Deed } from "../../shell/deed.js";
import { primitivesOf, section } from "../../shell/pacemaker.js";
import { isStonith } from "../../shell/text/config-text.js";

/** Harm that a deed does, or opens the door to, in one sentence; undefined where there is none to be seen. */
export function harmOf(deed: Deed, twin: Twin, read: Reader, world: () => World): string | undefined {
  switch (deed.kind) {
    case "confirm-fence":
      return confirmed(twin, read, deed.node);
    case "start-unit":
      return startedByHand(twin, read, deed.node, deed.unit);
    case "mount":
      return mountedByHand(twin, read, deed.node, deed.mount);
    case "cleanup":
      return cleanedTooEarly(deed, twin, read, world());
  }
}

/** A confirmed node may not execute, nor wake up, with anything of the cluster's on it. */
function confirmed(twin: Twin, read: Reader, node: NodeId): string | undefined {
  const state = twin.hosts.state(read, node);
  if (state === "off" || state === "booting") return undefined;
  const data = [...twin.topology.databases.keys()].filter((id) =>
    twin.plant.storage.mysql.writers(read, id).includes(node),
  );
  if (data.length > 0)
    return `it confirms the fence of ${node}, which still writes to database/${data.join(" and database/")}`;
  const running = exclusiveOn(twin, read, node);
  if (running.length === 0) return undefined;
  const how = state === "frozen" ? "is frozen and may wake up with" : "still runs";
  return `it confirms the fence of ${node}, which ${how} ${running.join(", ")}`;
}

/** Resources that may run once in the cluster and that are active on a node, whatever the cluster believes. */
function exclusiveOn(twin: Twin, read: Reader, node: NodeId): readonly string[] {
  const cluster = twin.clusters.clusterOf(node);
  if (cluster === undefined) return [];
  const cib = twin.clusters.cibOf(read, cluster);
  return section(cib, "resources")
    .filter((one) => !isStonith(one) && one.name !== "clone" && one.name !== "master" && one.name !== "bundle")
    .flatMap((one) => primitivesOf(cib, one.attrs["id"] ?? ""))
    .filter((id) => [0, 8].includes(twin.agents.agentFor(cluster, id).monitor(read, node).rc));
}

/** A unit that its cluster manages and may start elsewhere, where it may run once alone. */
function startedByHand(twin: Twin, read: Reader, node: NodeId, unit: string): string | undefined {
  for (const database of twin.topology.databases.values()) {
    if (unit !== "mysqld" || !database.nodes.includes(node) || database.device === undefined) continue;
    const others = twin.plant.storage.mysql.writers(read, database.id).filter((other) => other !== node);
    if (others.length > 0)
      return `it starts mysqld on ${node} while ${others.join(" and ")} writes to the same datadir`;
    if (isManaged(twin, read, database.cluster, database.resource))
      return `it starts mysqld by hand on ${node} while cluster ${database.cluster} may start ${database.resource} on another node`;
  }
  return undefined;
}

function mountedByHand(twin: Twin, read: Reader, node: NodeId, mount: string): string | undefined {
  const found = twin.topology.mounts.get(mount);
  if (found?.by.kind !== "resource" || found.type === "nfs" || found.type.startsWith("nfs")) return undefined;
  const { cluster, resource } = found.by;
  return isManaged(twin, read, cluster, resource)
    ? `it mounts ${found.device} by hand on ${node} while cluster ${cluster} may mount it on another node`
    : undefined;
}

function isManaged(twin: Twin, read: Reader, cluster: string, resource: string): boolean {
  const { clusters } = twin;
  if (!clusters.nodesOf(cluster).some((node) => clusters.isStackRunning(read, node))) return false;
  const decided = clusters
    .nodesOf(cluster)
    .map((node) => clusters.decisionOf(read, node)?.placements.find((one) => one.resource === resource));
  return decided.every((placement) => placement?.managed !== false);
}

/** How long a resource that was cleaned up has to show that its cause is still there. */
const LOOK_AHEAD_MS = 180_000;

/** Cleans up in a fork of the world and looks whether the same resource fails again by itself. */
function cleanedTooEarly(deed: Deed & { kind: "cleanup" }, twin: Twin, read: Reader, world: World): string | undefined {
  const { cluster, resource } = deed;
  const cib = twin.clusters.cibOf(read, cluster);
  const ids =
    resource === undefined
      ? [...section(cib, "resources")].flatMap((one) => primitivesOf(cib, one.attrs["id"] ?? ""))
      : primitivesOf(cib, resource);
  const failing = ids.filter((id) => hasFailed(twin, read, cluster, id));
  if (failing.length === 0) return undefined;
  const at = twin.clusters
    .nodesOf(cluster)
    .find((node) => twin.hosts.isRunning(read, node) && twin.clusters.isStackRunning(read, node));
  if (at === undefined) return undefined;
  const fork = new Run(world);
  fork.act((instant) => twin.clusters.operator.cleanup(instant, at, resource));
  fork.advanceTo(fork.nowMs + LOOK_AHEAD_MS, 200_000);
  const again = failing.filter((id) => hasFailed(twin, fork, cluster, id));
  return again.length > 0 ? `it cleans up ${again.join(", ")} before the cause is mended: it fails again` : undefined;
}

function hasFailed(twin: Twin, read: Reader, cluster: string, id: string): boolean {
  const cib = twin.clusters.cibOf(read, cluster);
  if (twin.clusters.resourceState(read, cluster, id).places.some(({ failed }) => failed)) return true;
  for (const { attributes } of cib.status.nodes.values())
    for (const name of attributes.keys())
      if (name === `fail-count-${id}` || name.startsWith(`fail-count-${id}#`)) return true;
  return false;
}

/** Two sides of one cluster that do not hear each other, each with something active of its own. */
export interface Split {
  readonly cluster: string;
  readonly a: NodeId;
  readonly b: NodeId;
}

export function splits(twin: Twin, read: Reader): readonly Split[] {
  const { clusters, hosts } = twin;
  const found: Split[] = [];
  for (const cluster of clusters.ids) {
    const nodes = clusters.nodesOf(cluster).filter((node) => hosts.isRunning(read, node));
    if (
      nodes.length < 2 ||
      nodes.every((node) => clusters.members(read, node).length === clusters.nodesOf(cluster).length)
    )
      continue;
    for (const [i, a] of nodes.entries())
      for (const b of nodes.slice(i + 1)) {
        if (hears(twin, read, cluster, a, b)) continue;
        if (exclusiveOn(twin, read, a).length > 0 && exclusiveOn(twin, read, b).length > 0)
          found.push({ cluster, a, b });
        else if (bothRun(twin, read, a, b)) found.push({ cluster, a, b });
      }
  }
  return found;
}

/** Both sides' clusters run and believe that they alone decide. */
function bothRun({ clusters }: Twin, read: Reader, a: NodeId, b: NodeId): boolean {
  return [a, b].every((node) => clusters.isStackRunning(read, node) && clusters.isQuorate(read, node));
}

function hears(twin: Twin, read: Reader, cluster: string, a: NodeId, b: NodeId): boolean {
  const members = twin.topology.clusters.get(cluster)!.nodes;
  const networks = members.find(({ node }) => node === a)!.rings.map(({ network }) => network);
  return (
    networks.length === 0 ||
    networks.some((network) => twin.network.passes(read, a, b, network) && twin.network.passes(read, b, a, network))
  );
}

/** The ring of a split cluster was mended while both of its sides were still up. */
export function healedTooEarly(before: readonly Split[], twin: Twin, read: Reader): string | undefined {
  for (const { cluster, a, b } of before)
    if ([a, b].every((node) => twin.hosts.isRunning(read, node)) && hears(twin, read, cluster, a, b))
      return `it heals the ring of cluster ${cluster} while both sides, ${a} and ${b}, are up`;
  return undefined;
}
