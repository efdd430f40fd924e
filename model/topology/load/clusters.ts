import type { Cib } from "../../cluster/cib/types.js";
import type { ClusterConfFacts, CorosyncFacts, MemberNode } from "../../importers/totem-facts.js";
import { fenceAddress, fenceDevice, stonithPrimitives } from "../fence-devices.js";
import { isAddress } from "../ipv4.js";
import { cibNodes } from "../primitives.js";
import type { Cluster, ClusterMember, FenceDevice, PowerController, TopologyNode } from "../types.js";
import { type Loading, present, sortedMap } from "./loading.js";

export const CIB_PATH = "/var/lib/pacemaker/cib/cib.xml";
const CLUSTER_CONF = "/etc/cluster/cluster.conf";
const COROSYNC_CONF = "/etc/corosync/corosync.conf";

type Nodes = ReadonlyMap<string, TopologyNode>;

/** What cluster.conf or corosync.conf says, on the nodes that hold it. */
interface Found {
  readonly id: string;
  readonly stack: Cluster["stack"];
  readonly facts: ClusterConfFacts | CorosyncFacts;
  readonly path: string;
  /** In the order of the nodes' names. */
  readonly holders: string[];
}

/** The clusters that the nodes' own files make up: membership from cluster.conf or corosync.conf, the rest from the CIB. */
export function loadClusters(
  loading: Loading,
  nodes: Nodes,
  controllers: Map<string, PowerController>,
): ReadonlyMap<string, Cluster> {
  const clusters = new Map<string, Cluster>();
  for (const found of findClusters(loading, nodes).values()) {
    const members = loadMembers(loading, found, nodes);
    const newest = newestCib(loading, found, nodes);
    if (newest === undefined) continue;
    checkCibNodes(loading, found, newest.cib, newest.file, nodes);
    const ids = new Map(cibNodes(newest.cib).map(({ uname, id }) => [uname, id]));
    const withIds = members.map((member) => ({ ...member, id: ids.get(member.node) ?? member.id }));
    for (const { setting, because } of [...found.facts.totem.defaulted, ...found.facts.quorum.defaulted])
      loading.assume(`cluster ${found.id}: ${setting} is not set`, because);
    clusters.set(
      found.id,
      present({
        id: found.id,
        stack: found.stack,
        nodes: withIds,
        totem: found.facts.totem,
        quorum: found.facts.quorum,
        postFailDelayMs: "postFailDelayMs" in found.facts ? found.facts.postFailDelayMs : 0,
        postJoinDelayMs: "postJoinDelayMs" in found.facts ? found.facts.postJoinDelayMs : 0,
        cib: newest.cib,
        cibFile: newest.file,
        configFile: found.path,
        fenceDevices: loadFenceDevices(loading, found.id, newest.cib, newest.file, members, controllers),
      }),
    );
  }
  return sortedMap(clusters);
}

function findClusters(loading: Loading, nodes: Nodes): Map<string, Found> {
  const clusters = new Map<string, Found>();
  for (const node of nodes.values()) {
    const cman = loading.facts(node.files, CLUSTER_CONF, "cluster-conf");
    const corosync = loading.facts(node.files, COROSYNC_CONF, "corosync");
    if (cman !== undefined && corosync !== undefined)
      loading.error({ file: corosync.file, line: 1 }, `${node.id} has this file and ${cman.file}: which one counts?`);
    const facts = cman ?? corosync;
    if (facts === undefined) {
      const cib = node.files.get(CIB_PATH);
      if (cib !== undefined)
        loading.error(
          { file: cib.file, line: 1 },
          `${node.id} holds a CIB, but neither`,
          CLUSTER_CONF,
          [COROSYNC_CONF],
          "nor",
        );
      continue;
    }
    const id = facts.clusterName ?? "cluster";
    const known = clusters.get(id);
    if (known === undefined)
      clusters.set(id, {
        id,
        stack: cman === undefined ? "corosync" : "cman",
        facts,
        path: cman === undefined ? COROSYNC_CONF : CLUSTER_CONF,
        holders: [node.id],
      });
    else {
      known.holders.push(node.id);
      if (
        known.facts.file !== facts.file &&
        node.files.get(known.path)?.text !== nodes.get(known.holders[0]!)?.files.get(known.path)?.text
      )
        loading.assume(
          `cluster ${id}: ${facts.file} differs from ${known.facts.file}, which counts`,
          "the first node's file is taken for all",
        );
    }
  }
  return clusters;
}

function loadMembers(loading: Loading, found: Found, nodes: Nodes): ClusterMember[] {
  const listed: readonly MemberNode[] =
    found.facts.nodes.length > 0
      ? found.facts.nodes
      : found.holders.map((name, index) => ({ name, nodeId: index + 1, votes: 1, rings: [name], line: 1 }));
  const members: ClusterMember[] = [];
  for (const listing of listed) {
    const place = { file: found.facts.file, line: listing.line };
    const node = memberNode(listing, nodes);
    if (node === undefined) {
      loading.error(place, `cluster ${found.id} has an unknown node`, listing.name, nodes.keys(), "nodes");
      continue;
    }
    if (!found.holders.includes(node.id))
      loading.error(place, `${node.id} belongs to cluster ${found.id}, but none of its files is`, found.path);
    const rings = listing.rings.flatMap((ring) => {
      const address = isAddress(ring) ? ring : resolve(loading, ring, node, nodes);
      const nic = node.nics.flatMap((nic) => nic.addresses).find((own) => own.address === address);
      if (nic !== undefined) return [{ network: nic.network, address: nic.address }];
      loading.error(place, `${node.id} has no NIC with the ring address of "${ring}":`, address ?? "unresolved");
      return [];
    });
    members.push({
      node: node.id,
      id: found.stack === "cman" ? listing.name : String(listing.nodeId),
      nodeId: listing.nodeId,
      votes: listing.votes,
      rings,
    });
  }
  for (const holder of found.holders)
    if (!members.some(({ node }) => node === holder))
      loading.error(
        { file: found.facts.file, line: 1 },
        `this file stands on a node that is no member of cluster ${found.id}:`,
        holder,
        members.map(({ node }) => node),
        "members",
      );
  return members.sort((left, right) => left.nodeId - right.nodeId);
}

function memberNode(listing: MemberNode, nodes: Nodes): TopologyNode | undefined {
  const named = nodes.get(listing.name) ?? nodes.get(listing.name.split(".")[0]!);
  if (named !== undefined) return named;
  return [...nodes.values()].find((node) =>
    node.nics.some((nic) => nic.addresses.some(({ address }) => listing.rings.includes(address))),
  );
}

/** A name as a node resolves it: its /etc/hosts, else (said as an assumption) the first address of the node so called. */
export function resolve(loading: Loading, name: string, on: TopologyNode, nodes: Nodes): string | undefined {
  if (isAddress(name)) return name;
  if (name === "localhost") return "127.0.0.1";
  const said = loading.facts(on.files, "/etc/hosts", "hosts")?.addresses.get(name);
  if (said !== undefined) return said.value;
  const address = nodes.get(name)?.nics.flatMap((nic) => nic.addresses)[0]?.address;
  if (address !== undefined)
    loading.assume(`${name} resolves to ${address}`, `no /etc/hosts on ${on.id} names it; DNS would`);
  return address;
}

/** The CIB that the cluster would agree on when its nodes meet: the newest. */
function newestCib(loading: Loading, found: Found, nodes: Nodes): { cib: Cib; file: string } | undefined {
  let newest: { cib: Cib; file: string; text: string } | undefined;
  for (const holder of found.holders) {
    const node = nodes.get(holder)!;
    const file = node.files.get(CIB_PATH);
    const cib = loading.facts(node.files, CIB_PATH, "cib");
    if (file === undefined || cib === undefined) continue;
    if (newest !== undefined && newest.text !== file.text)
      loading.assume(
        `cluster ${found.id}: its nodes hold different CIBs, the newest counts`,
        "Pacemaker keeps the CIB of the highest admin_epoch, epoch and num_updates",
      );
    if (newest === undefined || isNewer(cib, newest.cib)) newest = { cib, file: file.file, text: file.text };
  }
  if (newest === undefined && !found.holders.some((holder) => nodes.get(holder)!.files.has(CIB_PATH)))
    loading.error({ file: found.facts.file, line: 1 }, `no node of cluster ${found.id} holds`, CIB_PATH);
  return newest;
}

function isNewer(cib: Cib, than: Cib): boolean {
  for (const field of ["admin_epoch", "epoch", "num_updates"]) {
    const difference = Number(cib.attrs[field] ?? 0) - Number(than.attrs[field] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function checkCibNodes(loading: Loading, found: Found, cib: Cib, file: string, nodes: Nodes): void {
  for (const { uname, line } of cibNodes(cib))
    if (!nodes.has(uname))
      loading.error({ file, line }, `cluster ${found.id} has an unknown node`, uname, nodes.keys(), "nodes");
    else if (!found.holders.includes(uname))
      loading.error(
        { file, line },
        `this node is no member of cluster ${found.id} in ${found.facts.file}:`,
        uname,
        found.holders,
        "members",
      );
}

/** Each stonith primitive with the controller that has its address. One without an address always reaches its own. */
function loadFenceDevices(
  loading: Loading,
  cluster: string,
  cib: Cib,
  file: string,
  members: readonly ClusterMember[],
  controllers: Map<string, PowerController>,
): FenceDevice[] {
  return stonithPrimitives(cib).flatMap((primitive) => {
    const said = fenceAddress(primitive);
    if (said === undefined) {
      const generic = genericController(cluster, members);
      controllers.set(generic.id, generic);
      loading.assume(
        `${primitive.type} of cluster ${cluster} always reaches what it switches`,
        "its parameters name no address",
      );
      return [fenceDevice(primitive, generic, file)];
    }
    const { address, line } = said;
    const controller = [...controllers.values()].find((candidate) => candidate.address === address);
    if (controller === undefined) {
      const known = [...controllers.values()].flatMap((candidate) => candidate.address ?? []);
      loading.error(
        { file, line },
        `fence device ${primitive.id}: no power controller has the address`,
        address,
        known,
        "addresses",
      );
      return [];
    }
    const device = fenceDevice(primitive, controller, file);
    for (const [node, plug] of device.targets) {
      if (!members.some((member) => member.node === node))
        loading.assume(
          `fence device ${device.id} names ${node}, which is no member of cluster ${cluster}`,
          `${file}:${primitive.line}`,
        );
      const behind = controller.targets.find((target) => target.plug === plug)?.node;
      if (behind === undefined)
        loading.error(
          { file, line: primitive.parameterLines.get("pcmk_host_map") ?? primitive.line },
          `fence device ${device.id} fences ${node} by a plug that ${controller.id} does not have:`,
          plug,
          controller.targets.map((target) => target.plug),
          "plugs",
        );
      else if (behind !== node)
        loading.assume(
          `fence device ${device.id} fences ${behind} where it is asked for ${node}`,
          `${file}:${primitive.line}`,
        );
    }
    return [device];
  });
}

/** Stands for whatever a fence agent without an address talks to. */
export function genericController(cluster: string, members: readonly ClusterMember[]): PowerController {
  return {
    id: `stonith-${cluster}`,
    kind: "generic",
    links: [],
    feeds: [],
    targets: members.map(({ node }) => ({ plug: node, node })),
  };
}
