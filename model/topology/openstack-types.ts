import type { MysqlFacts } from "../importers/host-facts.js";
import type { NodeFile, Place, Route } from "./types.js";

/** A MySQL datadir that several nodes can mount and one may write. */
export interface DatabaseOnStorage {
  /** The mysql resource's id. */
  readonly id: string;
  readonly cluster: string;
  readonly resource: string;
  /** Nodes of the cluster: each could run mysqld. */
  readonly nodes: readonly string[];
  /** "/var/lib/mysql" */
  readonly datadir: string;
  /** What the datadir is mounted from; absent where it is a local disk. */
  readonly device?: string;
  /** Id in `exports`, where the device is one of them. */
  readonly export?: string;
  /** The Filesystem resource that mounts it. */
  readonly mountResource?: string;
  readonly port: number;
  /** By node. */
  readonly settings: ReadonlyMap<string, MysqlFacts>;
}

export interface NfsExportOf {
  /** `node:/path` */
  readonly id: string;
  readonly node: string;
  /** Addresses of the server that clients mount from. */
  readonly addresses: readonly string[];
  readonly path: string;
  readonly clients: readonly { readonly client: string; readonly readOnly: boolean; readonly sync: boolean }[];
  readonly place: Place;
}

export interface Mount {
  /** `node:/mount/point` */
  readonly id: string;
  readonly node: string;
  readonly mountPoint: string;
  /** "10.16.2.5:/srv/mysql" */
  readonly device: string;
  /** "nfs", "gpfs", "ext4", … */
  readonly type: string;
  readonly options: readonly string[];
  /** Id in `exports`, for NFS. */
  readonly export?: string;
  /** The address that it is mounted from, for NFS. */
  readonly serverAddress?: string;
  /** NFS: requests wait for ever (hard) or fail (soft). */
  readonly hard: boolean;
  readonly by:
    | { readonly kind: "fstab"; readonly atBoot: boolean }
    | { readonly kind: "resource"; readonly cluster: string; readonly resource: string }
    /** A Cinder driver mounts it (nfs_shares). */
    | { readonly kind: "driver"; readonly tier: string };
  readonly place: Place;
}

/** A LUN of a SAN that several nodes see. */
export interface Lun {
  readonly id: string;
  readonly volumeGroup: string;
  readonly nodes: readonly string[];
  readonly feeds: readonly string[];
  /** It holds a whole copy of the volume group. */
  readonly mirror: boolean;
}

/** A Cinder backend. `from` is cinder.conf's section, except where the YAML alone can say (which hosts hold bricks, OSDs, NSDs). */
export type StorageTier = {
  readonly id: string;
  /** Nodes that may run its cinder-volume. */
  readonly volumeNodes: readonly string[];
  readonly unit: string;
  readonly place: Place;
} & (
  | {
      readonly kind: "lvm";
      readonly volumeGroup: string;
      readonly lun?: string;
      /** The iSCSI portal that compute nodes log in to. */
      readonly address: string;
      readonly port: number;
    }
  | { readonly kind: "nfs"; readonly exports: readonly string[] }
  | {
      readonly kind: "ceph";
      readonly monitors: readonly { readonly node?: string; readonly address: string; readonly port: number }[];
      readonly osdNodes: readonly string[];
      readonly minSize: number;
      readonly size: number;
    }
  | { readonly kind: "gluster"; readonly brickNodes: readonly string[]; readonly replica: number }
  | { readonly kind: "gpfs"; readonly nsdNodes: readonly string[] }
  | { readonly kind: "local" }
  | { readonly kind: "other"; readonly driver: string }
);

export interface NeutronNetwork {
  readonly id: string;
  readonly tenant: string;
  /** Id in Topology.networks: the VLAN that carries it. */
  readonly network: string;
  readonly physicalNetwork: string;
  readonly vlan: number;
  /** A provider network: the tag is chosen by the operator. */
  readonly provider: boolean;
  readonly subnet: NeutronSubnet;
}

export interface NeutronSubnet {
  readonly cidr: string;
  /** Absent: the subnet has no gateway, then the DHCP agent pushes option 121 for metadata (Havana). */
  readonly gateway?: string;
  readonly enableDhcp: boolean;
  readonly hostRoutes: readonly { readonly destination: string; readonly prefix: number; readonly nextHop: string }[];
}

export interface NeutronRouter {
  readonly id: string;
  readonly tenant: string;
  /** The L3 agent's node. */
  readonly node: string;
  /** Networks behind it, with its address on each. */
  readonly interfaces: readonly { readonly network: string; readonly address: string }[];
  /** Its way out. */
  readonly gateway?: { readonly network: string; readonly address: string };
}

export interface DhcpBinding {
  readonly network: string;
  /** The DHCP agent's node. */
  readonly node: string;
  /** The DHCP port's address on the subnet: also where it answers 169.254.169.254. */
  readonly address: string;
}

/** What of Neutron and Nova a node runs; from the units it has. `trunk` is the NIC under the OVS bridge. */
export interface NetworkNode {
  readonly node: string;
  readonly l2Agent: boolean;
  readonly dhcpAgent: boolean;
  readonly l3Agent: boolean;
  readonly metadataAgent: boolean;
  readonly compute: boolean;
  /** Physical network → NIC, through bridge_mappings and the bridge's port. */
  readonly trunks: ReadonlyMap<string, string>;
}

export interface Image {
  readonly id: string;
  readonly os: "linux" | "windows";
  readonly format: "qcow2" | "vmdk" | "raw";
  /** Built elsewhere and imported, or made here. */
  readonly origin: "imported" | "built";
  /** What stands on its disk: network scripts with routes. */
  readonly files: ReadonlyMap<string, NodeFile>;
  /** Static routes of its route-* files. */
  readonly routes: readonly Route[];
  /** The kernel adds 169.254.0.0/16 to the interface (NOZEROCONF is not set). */
  readonly zeroconf: boolean;
  /** It takes routes by DHCP option 121 (or 249). */
  readonly dhcpRoutes: boolean;
  /** Absent: nothing in it asks for metadata at boot. */
  readonly cloudInit?: CloudInit;
}

/** cloud-init's Ec2 source: 120 s and 50 s unless the topology says otherwise. */
export interface CloudInit {
  readonly maxWaitMs: number;
  readonly timeoutMs: number;
}

export interface Guest {
  readonly id: string;
  readonly tenant: string;
  /** The compute node that it runs on. */
  readonly compute: string;
  readonly image: string;
  /** Neutron network. */
  readonly network: string;
  readonly address: string;
  /** Security group lets it out to 169.254.169.254:80. */
  readonly egress: boolean;
}
