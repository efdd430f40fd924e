import type { Cib } from "../cluster/cib/types.js";
import type { HaproxyFacts } from "../importers/haproxy-facts.js";
import type { LedgerEntry } from "../importers/ledger.js";
import type { EffectiveQuorum, EffectiveTotem } from "../importers/totem-facts.js";
import type { Durations } from "./durations.js";
import type { Journey } from "./journey-types.js";
import type {
  DatabaseOnStorage,
  DhcpBinding,
  Guest,
  Image,
  Lun,
  Mount,
  NetworkNode,
  NeutronNetwork,
  NeutronRouter,
  NfsExportOf,
  StorageTier,
} from "./openstack-types.js";
import type { TopologyRate } from "./rates.js";

export type * from "./journey-types.js";
export type * from "./openstack-types.js";

/**
 * A loaded topology: plain immutable records, no behaviour. Everything in it was read from the topology's YAML or from
 * a configuration file that it names, or is listed in `assumptions`. Every map is sorted by its key, so that iterating
 * it does not depend on the order of the file. Identifiers are unique within their kind; the graph's vertices are
 * called `kind/id` (`node/mysql1`, `feed/feed-a`).
 */
export interface Topology {
  readonly name: string;
  readonly title: string;
  /** The YAML file (or bare CIB), as given. */
  readonly file: string;
  /** 16 hexadecimal digits over everything that was read; the order of keys and comments do not change it. */
  readonly hash: string;
  readonly release: Release;
  readonly sites: ReadonlyMap<string, Site>;
  readonly racks: ReadonlyMap<string, Rack>;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly switches: ReadonlyMap<string, Switch>;
  readonly links: ReadonlyMap<string, Link>;
  readonly networks: ReadonlyMap<string, Network>;
  /** Physical routers: gateways of networks, and where clients from outside come in. */
  readonly routers: ReadonlyMap<string, PhysicalRouter>;
  readonly hypervisors: ReadonlyMap<string, Hypervisor>;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly powerControllers: ReadonlyMap<string, PowerController>;
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** Addresses that a cluster moves (IPaddr2), by address. */
  readonly virtualAddresses: ReadonlyMap<string, VirtualAddress>;
  /** By node: what haproxy.cfg says there. */
  readonly loadBalancers: ReadonlyMap<string, HaproxyFacts>;
  /** Units that serve or consume something, by `unit@node`. */
  readonly services: ReadonlyMap<string, ServiceInstance>;
  readonly databases: ReadonlyMap<string, DatabaseOnStorage>;
  /** NFS exports, by `node:/path`. */
  readonly exports: ReadonlyMap<string, NfsExportOf>;
  /** Mounts of network or shared storage, from fstab and from Filesystem resources, by `node:/mount/point`. */
  readonly mounts: ReadonlyMap<string, Mount>;
  readonly luns: ReadonlyMap<string, Lun>;
  /** Cinder's backends, by their section's name in cinder.conf. */
  readonly tiers: ReadonlyMap<string, StorageTier>;
  readonly neutron: Neutron;
  readonly images: ReadonlyMap<string, Image>;
  readonly guests: ReadonlyMap<string, Guest>;
  readonly journeys: ReadonlyMap<string, Journey>;
  readonly durations: Durations;
  /** How often parts fail, by fault or by fault and part; only what the topology says. */
  readonly rates: ReadonlyMap<string, TopologyRate>;
  /** Defaults and inferences that the topology leans on, each with its source. */
  readonly assumptions: readonly Assumption[];
  /** Every line of every imported file. */
  readonly ledger: readonly LedgerEntry[];
}

export interface Place {
  readonly file: string;
  /** 1-based; 0 where the whole file is meant. */
  readonly line: number;
}

export interface Assumption {
  /** One sentence: what was taken to hold. */
  readonly text: string;
  /** The document, default or formula behind it. */
  readonly source: string;
}

export interface Release {
  /** "1.1.10": what runs there. Decisions follow 2.1.5 and the difference is an assumption. */
  readonly pacemaker: string;
  readonly stack: "cman" | "corosync";
  /** "2013.2.3" */
  readonly openstack?: string;
  /** "RHEL 6.5" */
  readonly os?: string;
}

export interface Site {
  readonly id: string;
}

export interface Rack {
  readonly id: string;
  readonly site: string;
}

/** A power feed: what loses it goes off, unless another of its feeds carries it. */
export interface Feed {
  readonly id: string;
  readonly site: string;
}

/**
 * Something that forwards frames. A hypervisor's virtual switch has the hypervisor's id after `vswitch-`, no feeds of
 * its own, and lives and dies with the hypervisor.
 */
export interface Switch {
  readonly id: string;
  readonly kind: "physical" | "virtual";
  readonly rack?: string;
  /** Any one of them carries it. */
  readonly feeds: readonly string[];
  /** For a virtual switch. */
  readonly hypervisor?: string;
}

/** A cable (or a virtual machine's port on its virtual switch) that carries some networks and no others. */
export interface Link {
  /** `sw-r1--sw-r2`, `lb1.eth0--sw-r1`: the ends joined by two dashes. */
  readonly id: string;
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  /** Ids of the networks (VLANs) it carries. */
  readonly networks: readonly string[];
}

export type LinkEnd =
  | { readonly kind: "nic"; readonly node: string; readonly nic: string }
  | { readonly kind: "switch"; readonly switch: string }
  | { readonly kind: "controller"; readonly controller: string }
  | { readonly kind: "router"; readonly router: string };

/** A layer-2 segment: a network of the nodes or a VLAN for guests. */
export interface Network {
  readonly id: string;
  /** What it is for. `guests`: a VLAN that only OVS bridges and routers see. */
  readonly role: "api" | "ring" | "storage" | "management" | "guests" | "other";
  /** "192.168.16.0/24" */
  readonly cidr: string;
  readonly vlan?: number;
}

/** A physical router: outside clients come through it, guests may have it as their gateway. */
export interface PhysicalRouter {
  readonly id: string;
  readonly rack?: string;
  readonly feeds: readonly string[];
  readonly interfaces: readonly { readonly network: string; readonly address: string }[];
  /** Static routes beyond its own networks, e.g. 169.254.169.254/32 via a DHCP port. */
  readonly routes: readonly Route[];
  /** Link ids. */
  readonly links: readonly string[];
  /** Users reach the cloud through it. */
  readonly outside: boolean;
}

export interface Route {
  /** Network address; "0.0.0.0" with prefix 0 is the default route. */
  readonly destination: string;
  readonly prefix: number;
  /** Absent: the destination is on the link. */
  readonly gateway?: string;
  /** NIC. */
  readonly device?: string;
  readonly place: Place;
}

/** An ESX host: carries virtual machines. */
export interface Hypervisor {
  readonly id: string;
  readonly rack: string;
  readonly feeds: readonly string[];
  /** Its virtual switch in `switches`. */
  readonly switch: string;
}

export interface TopologyNode {
  readonly id: string;
  /** Exactly one of rack and hypervisor. */
  readonly rack?: string;
  readonly hypervisor?: string;
  /** Empty for a virtual machine: its hypervisor's count. */
  readonly feeds: readonly string[];
  readonly nics: readonly Nic[];
  readonly routes: readonly Route[];
  /** Units that init starts at boot, in boot order. Units of the cluster stack among them start the cluster. */
  readonly units: readonly string[];
  /** The cluster this node belongs to. */
  readonly cluster?: string;
  /** cman/corosync and pacemaker are among `units`. Where false, a node that boots stays out until somebody starts it. */
  readonly clusterAtBoot: boolean;
  /** The node's configuration files by absolute path. */
  readonly files: ReadonlyMap<string, NodeFile>;
  /** From power on to running its units. */
  readonly bootMs: number;
  readonly place: Place;
}

export interface NodeFile {
  readonly text: string;
  /** The file as the user knows it (`fixtures/…/files/lb1/etc/…`), for messages. */
  readonly file: string;
}

export interface Nic {
  /** "eth0" */
  readonly name: string;
  /** Networks it is on: one for an access port, several for a trunk. */
  readonly networks: readonly string[];
  /** From the ifcfg file; absent for a port of a bridge. First address is the primary. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number; readonly network: string }[];
  /** The bridge that this NIC is a port of ("br-eth1"). */
  readonly bridge?: string;
  /** Link ids, one for each cable (a bond has two). */
  readonly links: readonly string[];
}

/** What really switches power. A fence device of a CIB talks to one by its address. */
export interface PowerController {
  readonly id: string;
  readonly kind: "ipmi" | "vcenter" | "pdu" | "generic";
  /** Absent for a generic controller made for a bare CIB: always reachable. */
  readonly address?: string;
  readonly network?: string;
  readonly links: readonly string[];
  readonly rack?: string;
  /** Any one carries it. A BMC has its server's feeds: it goes dark with them. */
  readonly feeds: readonly string[];
  /** vCenter as a virtual machine: works only while this hypervisor does. */
  readonly hypervisor?: string;
  /** What it can switch: the plug (BMC: the node's id; vCenter: inventory path) and the node behind it. */
  readonly targets: readonly { readonly plug: string; readonly node: string }[];
}

export interface Cluster {
  /** The name in cluster.conf or corosync.conf. */
  readonly id: string;
  readonly stack: "cman" | "corosync";
  /** In nodeid order. */
  readonly nodes: readonly ClusterMember[];
  readonly totem: EffectiveTotem;
  readonly quorum: EffectiveQuorum;
  /** cman's: 0 and 6000 unless set; 0 for corosync. */
  readonly postFailDelayMs: number;
  readonly postJoinDelayMs: number;
  readonly cib: Cib;
  readonly cibFile: string;
  /** The absolute path of cluster.conf or corosync.conf on the nodes; absent for a bare CIB. */
  readonly configFile?: string;
  readonly fenceDevices: readonly FenceDevice[];
}

export interface ClusterMember {
  readonly node: string;
  /** As in the CIB's `node` element: the uname is `node`. */
  readonly id: string;
  readonly nodeId: number;
  readonly votes: number;
  /** One for each ring: the network and the node's address on it. Empty for a bare CIB: always connected. */
  readonly rings: readonly { readonly network: string; readonly address: string }[];
}

/** A stonith primitive, as its parameters say. Fencing behaviour (topology levels, retries) is read from the CIB by the fencer. */
export interface FenceDevice {
  /** Resource id. */
  readonly id: string;
  /** "fence_ipmilan" */
  readonly agent: string;
  readonly controller: string;
  /** Node → what the agent asks the controller to switch, from pcmk_host_map, pcmk_host_list or the port. */
  readonly targets: ReadonlyMap<string, string>;
  /** `delay`, before the agent acts. */
  readonly delayMs: number;
  /** `power_wait`, after each power change. */
  readonly powerWaitMs: number;
  /** As the CIB has them, secrets scrubbed. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly place: Place;
}

export interface VirtualAddress {
  readonly address: string;
  readonly prefix: number;
  readonly network: string;
  readonly cluster: string;
  readonly resource: string;
  /** Its NIC on the nodes, where the resource says. */
  readonly nic?: string;
  readonly place: Place;
}

/** One unit (or mysqld under its agent) on one node. */
export interface ServiceInstance {
  /** `unit@node` */
  readonly id: string;
  readonly unit: string;
  readonly node: string;
  /** Who starts it: a resource of a cluster, init at boot, or nobody. */
  readonly startedBy:
    | { readonly kind: "cluster"; readonly cluster: string; readonly resource: string }
    | { readonly kind: "init" };
  /** What kind of thing it is in the catalogue; "generic" where the catalogue does not know the unit. */
  readonly role: ServiceRole;
  readonly listens: readonly { readonly name: string; readonly address: string; readonly port: number }[];
  /** Paths that it reads when it starts or reloads, those present on the node. */
  readonly files: readonly string[];
  readonly needs: readonly Need[];
}

export type ServiceRole =
  | "api"
  | "worker"
  | "dashboard"
  | "database"
  | "messaging"
  | "cache"
  | "load-balancer"
  | "nfs-server"
  | "compute"
  | "l2-agent"
  | "dhcp-agent"
  | "l3-agent"
  | "metadata-agent"
  | "volume"
  | "storage-daemon"
  | "generic";

/**
 * What a service needs to do its work (not to start: OpenStack's services start without, and retry). With `for`, only
 * what comes in through the listener of that name needs it.
 */
export type Need = { readonly for?: string } & (
  | {
      readonly kind: "endpoint";
      /** database, messaging, identity, image, registry, network, volume, metadata, compute, cache, other. */
      readonly purpose: NeedPurpose;
      /** Any one of them will do. */
      readonly endpoints: readonly { readonly address: string; readonly port: number }[];
      readonly place?: Place;
    }
  | {
      /** Through the message bus: any running instance of the unit. */
      readonly kind: "rpc";
      readonly unit: string;
    }
  | {
      /** A file system that must answer. */
      readonly kind: "mount";
      readonly mountPoint: string;
      readonly place?: Place;
    }
  | {
      /** Another unit on the same node. */
      readonly kind: "local";
      readonly unit: string;
    }
);

export type NeedPurpose =
  | "database"
  | "messaging"
  | "identity"
  | "image"
  | "registry"
  | "network"
  | "volume"
  | "metadata"
  | "compute"
  | "cache"
  | "other";

export interface Neutron {
  readonly networks: ReadonlyMap<string, NeutronNetwork>;
  readonly routers: ReadonlyMap<string, NeutronRouter>;
  /** Which agent serves which network's DHCP, and at which address. */
  readonly dhcp: readonly DhcpBinding[];
  /** Nodes by the agents that they run. */
  readonly nodes: ReadonlyMap<string, NetworkNode>;
}
