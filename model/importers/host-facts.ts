import type { Fact } from "./fact.js";

/** /etc/my.cnf: what mysqld and mysqld_safe read. */
export interface MysqlFacts {
  readonly file: string;
  /** /var/lib/mysql unless set. */
  readonly datadir: string;
  readonly socket: string;
  readonly port: number;
  /** "*" unless set. */
  readonly bindAddress: string;
  readonly pidFile?: string;
  readonly user: string;
  readonly defaultStorageEngine?: string;
  readonly maxConnections: number;
  /** 0 and 2 may lose acknowledged transactions in a crash. */
  readonly flushLogAtTrxCommit: 0 | 1 | 2;
  readonly galera?: { readonly clusterAddress: string; readonly clusterName?: string; readonly line: number };
  /** Lines of the settings the file does say, by mysqld's name with dashes made underscores. */
  readonly said: ReadonlyMap<string, Fact<string>>;
}

/** /etc/exports: one entry a path and client. */
export interface ExportsFacts {
  readonly file: string;
  readonly exports: readonly NfsExport[];
}

export interface NfsExport {
  readonly path: string;
  /** Host name, address, network (a.b.c.d/bits), netgroup (@…) or pattern; "*" for everybody. */
  readonly client: string;
  readonly readOnly: boolean;
  readonly sync: boolean;
  readonly rootSquash: boolean;
  readonly fsid?: string;
  readonly options: readonly string[];
  readonly line: number;
}

/** /etc/fstab. */
export interface FstabFacts {
  readonly file: string;
  readonly mounts: readonly FstabMount[];
}

export interface FstabMount {
  /** As written: "10.16.2.5:/srv/glance", "/dev/sda1", "UUID=…". */
  readonly device: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly options: readonly string[];
  /** Not mounted at boot. */
  readonly noauto: boolean;
  /** Waits for the network. */
  readonly netdev: boolean;
  readonly readOnly: boolean;
  /** NFS, with the protocol's defaults filled in. */
  readonly nfs?: NfsMount;
  /** GlusterFS, Ceph, GPFS: where the file system comes from. */
  readonly remote?: { readonly servers: readonly string[]; readonly volume: string };
  readonly line: number;
}

export interface NfsMount {
  readonly server: string;
  readonly path: string;
  /** hard: requests wait for ever. soft: an error after the retransmissions, with the risk of silent corruption. */
  readonly hard: boolean;
  /** `timeo`, 60,000 for TCP, 700 for UDP unless set. */
  readonly timeoutMs: number;
  /** `retrans`: 2 for TCP (of that era), 3 for UDP, unless set. */
  readonly retransmissions: number;
  readonly version?: string;
  readonly transport: "tcp" | "udp";
}

/** /etc/sysconfig/network-scripts/ifcfg-NAME. */
export interface InterfaceFacts {
  readonly file: string;
  readonly device: string;
  /** "none", "static", "dhcp", "bootp". */
  readonly bootProtocol: string;
  readonly onBoot: boolean;
  /** IPv4 addresses with their prefix length, the first is the primary. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number; readonly line: number }[];
  readonly gateway?: Fact<string>;
  readonly hardwareAddress?: Fact<string>;
  /** 1500 unless set. */
  readonly mtu: number;
  /** "Ethernet", "Bridge", "Bond", "OVSBridge", "OVSPort", … */
  readonly type: string;
  /** 802.1Q: the tag, from the name (eth0.101, vlan101) where VLAN=yes. */
  readonly vlan?: { readonly tag: number; readonly parent?: string };
  /** The bond that this is a port of. */
  readonly master?: string;
  /** The Linux or OVS bridge that this is a port of. */
  readonly bridge?: string;
  /** NOZEROCONF is not set: the kernel gets 169.254.0.0/16 on this interface at ifup. */
  readonly zeroconfRoute: boolean;
  readonly nmControlled: boolean;
}

/** /etc/sysconfig/network-scripts/route-NAME, applied at ifup. Both formats of the file. */
export interface RouteFileFacts {
  readonly file: string;
  /** From the file's name. */
  readonly device: string;
  readonly routes: readonly StaticRoute[];
}

export interface StaticRoute {
  /** Network address; "0.0.0.0" with prefix 0 is the default route. */
  readonly destination: string;
  readonly prefix: number;
  readonly gateway?: string;
  readonly device: string;
  readonly metric?: number;
  readonly line: number;
}

/** /etc/sysconfig/network: for all interfaces of a RHEL 6 node. */
export interface NetworkFacts {
  readonly file: string;
  readonly hostname?: Fact<string>;
  readonly gateway?: Fact<string>;
  /** NOZEROCONF=… : no interface gets the route to 169.254.0.0/16, whatever its ifcfg says. */
  readonly noZeroconf: boolean;
}

/** /etc/hosts: names, with the first address that the file gives them. */
export interface HostsFacts {
  readonly file: string;
  readonly addresses: ReadonlyMap<string, Fact<string>>;
}

/** /etc/sysctl.conf. */
export interface SysctlFacts {
  readonly file: string;
  /** net.ipv4.ip_nonlocal_bind: a service may bind an address that the node does not hold. Absent: the kernel's 0. */
  readonly ipNonlocalBind?: Fact<boolean>;
  readonly ipForward?: Fact<boolean>;
  /** net.ipv4.tcp_keepalive_{time,intvl,probes}; the kernel's 7200 s, 75 s and 9 unless set. */
  readonly tcpKeepaliveTimeMs?: Fact<number>;
  readonly tcpKeepaliveIntervalMs?: Fact<number>;
  readonly tcpKeepaliveProbes?: Fact<number>;
}
