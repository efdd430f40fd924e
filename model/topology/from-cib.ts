import { InputError } from "../errors.js";
import { importFile } from "../importers/index.js";
import type { CorosyncFacts, EffectiveQuorum, EffectiveTotem } from "../importers/totem-facts.js";
import { describeUnit } from "./catalogue/describe.js";
import { unitOfPrimitive } from "./catalogue/units.js";
import { defaultDurations, durationOf } from "./durations.js";
import { fenceDevice, stonithPrimitives } from "./fence-devices.js";
import { addressNumber, addressText } from "./ipv4.js";
import { genericController } from "./load/clusters.js";
import { sortedMap } from "./load/loading.js";
import { DECIDING_RELEASE } from "./load/release.js";
import { type LoadedTopology, topologyHash } from "./load.js";
import { cibNodes, clusterProperty, primitivesOf } from "./primitives.js";
import type {
  Assumption,
  Cluster,
  ClusterMember,
  Link,
  Network,
  ServiceInstance,
  Topology,
  TopologyNode,
} from "./types.js";
import { resourceAddresses } from "./virtual-addresses.js";

const SITE = "site";
const RACK = "rack";
const FEED = "feed";
const SWITCH = "switch";
const NETWORK = "cluster";
/** TEST-NET addresses would be too few; this block is for benchmarks (RFC 2544) and so nobody's own. */
const CIDR = "198.18.0.0/15";
const NODES_MAX = 100_000;

/**
 * A topology from nothing but a CIB: its nodes on one network and one switch, its stonith devices behind one power
 * controller that always works, its resources played by their agents. What a CIB does not say is assumed and listed.
 * `corosync` is the text of corosync.conf, for the times of the membership layer.
 */
export function topologyFromCib(text: string, file: string, corosync?: string): LoadedTopology {
  try {
    return read(text, file, corosync);
  } catch (error) {
    if (error instanceof InputError) return { ok: false, errors: [error] };
    throw error;
  }
}

function read(text: string, file: string, corosync: string | undefined): LoadedTopology {
  const imported = importFile("/var/lib/pacemaker/cib/cib.xml", text, file);
  if (imported.kind !== "cib") return refusal(file, "this is no CIB");
  const cib = imported.facts;
  const uname = cibNodes(cib).filter((node) => node.uname !== "");
  if (uname.length === 0) return refusal(file, "this CIB names no nodes");
  if (uname.length > NODES_MAX) return refusal(file, `a CIB of more than ${NODES_MAX} nodes`);
  const twice = uname.find((node, index) => uname.findIndex((other) => other.uname === node.uname) < index);
  if (twice !== undefined)
    return {
      ok: false,
      errors: [new InputError({ file, line: twice.line, message: "this node is named twice", value: twice.uname })],
    };

  const assumptions: Assumption[] = [];
  const assume = (what: string, source: string) => assumptions.push({ text: what, source });
  const because = "a bare CIB says nothing of it";
  assume("all nodes stand on one network and one switch that never fail by themselves", because);
  assume("every fence device reaches what it switches, and each node has power of its own", because);
  for (const note of cib.notes)
    if (note.kind === "not-modelled") assume(`not modelled: ${note.text}`, `${file}:${note.line}`);

  const durations = defaultDurations();
  const boot = durationOf(durations, "node.boot");
  assume(`a server boots in ${boot.ms / 1000} s`, boot.source);
  const members = membersOf(uname);
  const conf =
    corosync === undefined ? undefined : importFile("/etc/corosync/corosync.conf", corosync, besideCib(file));
  const facts = conf?.kind === "corosync" ? conf.facts : undefined;
  const totem = facts?.totem ?? defaultTotem(members.length);
  const quorum = facts?.quorum ?? defaultQuorum(members.length);
  for (const { setting, because: why } of [...totem.defaulted, ...quorum.defaulted])
    assume(`${setting} is not set`, why);

  const id = clusterProperty(cib, "cluster-name") || facts?.clusterName || "cluster";
  const controller = genericController(id, members);
  const cluster: Cluster = {
    id,
    stack: cib.stack === "cman" ? "cman" : "corosync",
    nodes: applyNodeIds(members, facts),
    totem,
    quorum,
    postFailDelayMs: 0,
    postJoinDelayMs: 0,
    cib,
    cibFile: file,
    fenceDevices: stonithPrimitives(cib).map((primitive) => fenceDevice(primitive, controller, file)),
  };
  const network: Network = { id: NETWORK, role: "other", cidr: CIDR };
  const links = new Map<string, Link>();
  const nodes = sortedMap(
    members.map((member): [string, TopologyNode] => {
      const link = `${member.node}.eth0--${SWITCH}`;
      links.set(link, {
        id: link,
        a: { kind: "nic", node: member.node, nic: "eth0" },
        b: { kind: "switch", switch: SWITCH },
        networks: [NETWORK],
      });
      const address = { address: member.rings[0]!.address, prefix: 15, network: NETWORK };
      return [
        member.node,
        {
          id: member.node,
          rack: RACK,
          feeds: [FEED],
          nics: [{ name: "eth0", networks: [NETWORK], addresses: [address], links: [link] }],
          routes: [],
          units: [cluster.stack, "pacemaker"],
          cluster: id,
          clusterAtBoot: true,
          files: new Map(),
          bootMs: boot.ms,
          place: { file, line: uname.find((node) => node.uname === member.node)!.line },
        },
      ];
    }),
  );
  assume("the cluster starts at boot", because);
  const version = /^\d+\.\d+\.\d+/.exec(clusterProperty(cib, "dc-version") ?? "")?.[0] ?? DECIDING_RELEASE;
  if (version !== DECIDING_RELEASE)
    assume(`Pacemaker ${DECIDING_RELEASE}'s decisions stand for ${version}'s`, `dc-version in ${file}`);
  const topology: Topology = {
    name: id,
    title: `Cluster ${id}`,
    file,
    hash: topologyHash("cib", [
      ["cib.xml", text],
      ...(corosync === undefined ? [] : [["corosync.conf", corosync] as const]),
    ]),
    release: { pacemaker: version, stack: cluster.stack },
    sites: new Map([[SITE, { id: SITE }]]),
    racks: new Map([[RACK, { id: RACK, site: SITE }]]),
    feeds: new Map([[FEED, { id: FEED, site: SITE }]]),
    switches: new Map([[SWITCH, { id: SWITCH, kind: "physical", rack: RACK, feeds: [FEED] }]]),
    links: sortedMap(links),
    networks: new Map([[NETWORK, network]]),
    routers: new Map(),
    hypervisors: new Map(),
    nodes,
    powerControllers: new Map(cluster.fenceDevices.length === 0 ? [] : [[controller.id, controller]]),
    clusters: new Map([[id, cluster]]),
    virtualAddresses: sortedMap(
      resourceAddresses(cib, file)
        .filter(({ address }) => address !== "")
        .map(({ resource, address, prefix, nic, place }) => [
          address,
          {
            address,
            prefix: prefix ?? 32,
            network: NETWORK,
            cluster: id,
            resource,
            ...(nic === undefined ? {} : { nic }),
            place,
          },
        ]),
    ),
    loadBalancers: new Map(),
    services: servicesOf(cluster, nodes),
    databases: new Map(),
    exports: new Map(),
    mounts: new Map(),
    luns: new Map(),
    tiers: new Map(),
    neutron: { networks: new Map(), routers: new Map(), dhcp: [], nodes: new Map() },
    images: new Map(),
    guests: new Map(),
    journeys: new Map(),
    durations,
    rates: new Map(),
    assumptions,
    ledger: [...imported.ledger, ...(conf?.ledger ?? [])],
  };
  return { ok: true, topology };
}

function refusal(file: string, message: string): LoadedTopology {
  return { ok: false, errors: [new InputError({ file, line: 0, message })] };
}

function besideCib(file: string): string {
  return `${file.slice(0, Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}corosync.conf`;
}

/** Members by their CIB's id where it is a number (corosync's node id), else in the CIB's order. */
function membersOf(nodes: readonly { readonly id: string; readonly uname: string }[]): ClusterMember[] {
  const numbered = nodes.every(({ id }) => /^[1-9]\d{0,9}$/.test(id));
  const base = addressNumber(CIDR.slice(0, CIDR.indexOf("/")));
  return nodes
    .map((node, index) => ({ node, nodeId: numbered ? Number(node.id) : index + 1 }))
    .sort((left, right) => left.nodeId - right.nodeId)
    .map(({ node, nodeId }, index) => ({
      node: node.uname,
      id: node.id,
      nodeId,
      votes: 1,
      rings: [{ network: NETWORK, address: addressText(base + index + 1) }],
    }));
}

/** Node ids and votes as corosync.conf's nodelist has them. */
function applyNodeIds(members: readonly ClusterMember[], facts: CorosyncFacts | undefined): ClusterMember[] {
  return members
    .map((member) => {
      const listed = facts?.nodes.find(({ name }) => name === member.node);
      return listed === undefined ? member : { ...member, nodeId: listed.nodeId, votes: listed.votes };
    })
    .sort((left, right) => left.nodeId - right.nodeId);
}

/** corosync 3's defaults for a cluster of so many nodes. */
function defaultTotem(nodes: number): EffectiveTotem {
  const tokenMs = 3_000 + Math.max(nodes - 2, 0) * 650;
  return {
    tokenMs,
    consensusMs: Math.round(tokenMs * 1.2),
    joinMs: 50,
    retransmitsBeforeLoss: 4,
    secauth: false,
    transport: "knet",
    defaulted: [
      { setting: "token", because: "corosync.conf(5): 3000 ms and 650 ms for each node beyond two" },
      { setting: "consensus", because: "corosync.conf(5): 1.2 × token" },
    ],
  };
}

function defaultQuorum(nodes: number): EffectiveQuorum {
  const twoNode = nodes === 2;
  return {
    provider: "corosync_votequorum",
    twoNode,
    expectedVotes: nodes,
    waitForAll: twoNode,
    lastManStanding: false,
    lastManStandingWindowMs: 10_000,
    autoTieBreaker: false,
    autoTieBreakerNode: "lowest",
    allowDowngrade: false,
    defaulted: [
      {
        setting: "quorum",
        because: twoNode
          ? "pcs sets two_node for two nodes, and votequorum(5) then wait_for_all"
          : "votequorum(5): a majority of the nodes",
      },
    ],
  };
}

function servicesOf(cluster: Cluster, nodes: ReadonlyMap<string, TopologyNode>): ReadonlyMap<string, ServiceInstance> {
  const nothing = { facts: () => undefined, has: () => false, resolve: (host: string) => host };
  const services: [string, ServiceInstance][] = [];
  for (const node of nodes.keys())
    for (const primitive of primitivesOf(cluster.cib)) {
      const unit = unitOfPrimitive(primitive);
      if (unit === undefined) continue;
      const known = describeUnit(unit, nothing);
      const startedBy = { kind: "cluster", cluster: cluster.id, resource: primitive.id } as const;
      // Without its files nothing says what a service needs; what the catalogue assumes of one would be a guess.
      const described = {
        role: known?.role ?? "generic",
        listens: known?.listens ?? [],
        files: [],
        needs: [],
      } as const;
      services.push([`${unit}@${node}`, { id: `${unit}@${node}`, unit, node, startedBy, ...described }]);
    }
  return sortedMap(services);
}
