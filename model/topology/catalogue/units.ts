import type { ServiceRole } from "../types.js";

/** What the catalogue knows of a unit without reading its files. */
export interface CatalogueUnit {
  readonly role: ServiceRole;
  /** Files that it reads when it starts or reloads. */
  readonly files: readonly string[];
  /** Ports that it listens on where no file of the above says others. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** Reached through the message bus by this unit's clients. */
  readonly needsRpc: readonly { readonly unit: string; readonly for?: string }[];
  /** Units of the same node without which it does not work. */
  readonly needsLocal: readonly { readonly unit: string; readonly for?: string }[];
}

interface Words {
  readonly files?: readonly string[];
  readonly ports?: Readonly<Record<string, number>>;
  readonly rpc?: readonly (string | { readonly unit: string; readonly for: string })[];
  readonly local?: readonly (string | { readonly unit: string; readonly for: string })[];
}

const NOVA = ["/etc/nova/nova.conf"];
const NEUTRON = ["/etc/neutron/neutron.conf"];
const PLUGIN = "/etc/neutron/plugins/openvswitch/ovs_neutron_plugin.ini";
const CINDER = ["/etc/cinder/cinder.conf"];
const HEAT = ["/etc/heat/heat.conf"];
const CEILOMETER = ["/etc/ceilometer/ceilometer.conf"];

/**
 * Units by the names that Red Hat's packages give them (init scripts and systemd alike); ports and files as their
 * packages ship them. Source: the ports and dependencies of RDO's and OSP's HA documents.
 */
const UNITS: ReadonlyMap<string, CatalogueUnit> = new Map([
  unit("openstack-keystone", "api", { files: ["/etc/keystone/keystone.conf"], ports: { public: 5000, admin: 35_357 } }),
  unit("openstack-glance-api", "api", { files: ["/etc/glance/glance-api.conf"], ports: { api: 9292 } }),
  unit("openstack-glance-registry", "api", { files: ["/etc/glance/glance-registry.conf"], ports: { api: 9191 } }),
  unit("openstack-cinder-api", "api", {
    files: CINDER,
    ports: { api: 8776 },
    rpc: [needFor("openstack-cinder-scheduler", "create")],
  }),
  unit("openstack-cinder-scheduler", "worker", { files: CINDER, rpc: [needFor("openstack-cinder-volume", "create")] }),
  unit("openstack-cinder-volume", "volume", { files: CINDER, local: [needFor("tgtd", "lvm")] }),
  unit("openstack-cinder-backup", "worker", { files: CINDER }),
  unit("openstack-nova-api", "api", {
    files: NOVA,
    ports: { osapi_compute: 8774, ec2: 8773, metadata: 8775 },
    rpc: [needFor("openstack-nova-conductor", "metadata"), needFor("openstack-nova-scheduler", "boot")],
  }),
  unit("openstack-nova-metadata-api", "api", {
    files: NOVA,
    ports: { metadata: 8775 },
    rpc: ["openstack-nova-conductor"],
  }),
  unit("openstack-nova-scheduler", "worker", { files: NOVA }),
  unit("openstack-nova-conductor", "worker", { files: NOVA }),
  unit("openstack-nova-consoleauth", "worker", { files: NOVA, rpc: ["openstack-nova-conductor"] }),
  unit("openstack-nova-novncproxy", "api", { files: NOVA, ports: { api: 6080 }, rpc: ["openstack-nova-consoleauth"] }),
  unit("openstack-nova-xvpvncproxy", "api", { files: NOVA, ports: { api: 6081 }, rpc: ["openstack-nova-consoleauth"] }),
  unit("openstack-nova-compute", "compute", { files: NOVA, rpc: ["openstack-nova-conductor"], local: ["libvirtd"] }),
  unit("neutron-server", "api", { files: [...NEUTRON, "/etc/neutron/plugin.ini", PLUGIN], ports: { api: 9696 } }),
  unit("neutron-openvswitch-agent", "l2-agent", {
    files: [...NEUTRON, PLUGIN],
    rpc: ["neutron-server"],
    local: ["openvswitch"],
  }),
  unit("neutron-dhcp-agent", "dhcp-agent", {
    files: [...NEUTRON, "/etc/neutron/dhcp_agent.ini"],
    rpc: ["neutron-server"],
  }),
  unit("neutron-l3-agent", "l3-agent", { files: [...NEUTRON, "/etc/neutron/l3_agent.ini"], rpc: ["neutron-server"] }),
  unit("neutron-metadata-agent", "metadata-agent", { files: [...NEUTRON, "/etc/neutron/metadata_agent.ini"] }),
  unit("openstack-heat-api", "api", { files: HEAT, ports: { api: 8004 }, rpc: ["openstack-heat-engine"] }),
  unit("openstack-heat-api-cfn", "api", { files: HEAT, ports: { api: 8000 }, rpc: ["openstack-heat-engine"] }),
  unit("openstack-heat-api-cloudwatch", "api", { files: HEAT, ports: { api: 8003 }, rpc: ["openstack-heat-engine"] }),
  unit("openstack-heat-engine", "worker", { files: HEAT }),
  unit("openstack-ceilometer-api", "api", { files: CEILOMETER, ports: { api: 8777 } }),
  unit("openstack-ceilometer-central", "worker", { files: CEILOMETER }),
  unit("openstack-ceilometer-compute", "worker", { files: CEILOMETER }),
  unit("openstack-ceilometer-collector", "worker", { files: CEILOMETER }),
  unit("openstack-ceilometer-notification", "worker", { files: CEILOMETER }),
  unit("openstack-ceilometer-alarm-evaluator", "worker", { files: CEILOMETER }),
  unit("openstack-ceilometer-alarm-notifier", "worker", { files: CEILOMETER }),
  unit("openstack-swift-proxy", "api", { ports: { api: 8080 } }),
  unit("httpd", "dashboard", { files: ["/etc/openstack-dashboard/local_settings"], ports: { http: 80 } }),
  unit("haproxy", "load-balancer", { files: ["/etc/haproxy/haproxy.cfg"] }),
  unit("keepalived", "generic", { files: ["/etc/keepalived/keepalived.conf"] }),
  unit("mysqld", "database", { files: ["/etc/my.cnf"], ports: { mysql: 3306 } }),
  unit("mariadb", "database", { files: ["/etc/my.cnf"], ports: { mysql: 3306 } }),
  unit("mongod", "database", { ports: { mongodb: 27_017 } }),
  unit("redis", "database", { ports: { redis: 6379 } }),
  unit("qpidd", "messaging", { ports: { amqp: 5672 } }),
  unit("rabbitmq-server", "messaging", { ports: { amqp: 5672 } }),
  unit("memcached", "cache", { ports: { memcached: 11_211 } }),
  unit("nfs", "nfs-server", { files: ["/etc/exports"], ports: { nfs: 2049 }, local: ["rpcbind"] }),
  unit("nfs-server", "nfs-server", { files: ["/etc/exports"], ports: { nfs: 2049 }, local: ["rpcbind"] }),
  unit("rpcbind", "storage-daemon", { ports: { portmapper: 111 } }),
  unit("nfslock", "storage-daemon", { local: ["rpcbind"] }),
  unit("tgtd", "storage-daemon", { ports: { iscsi: 3260 } }),
  unit("glusterd", "storage-daemon", { ports: { glusterd: 24_007 } }),
  unit("ceph-mon", "storage-daemon", { files: ["/etc/ceph/ceph.conf"], ports: { monitor: 6789 } }),
  unit("ceph-osd", "storage-daemon", { files: ["/etc/ceph/ceph.conf"], ports: { osd: 6800 } }),
  unit("gpfs", "storage-daemon", { ports: { gpfs: 1191 } }),
  unit("libvirtd", "generic", { ports: { libvirt: 16_509 } }),
  unit("openvswitch", "generic", {}),
  unit("neutron-ovs-cleanup", "generic", {}),
  unit("neutron-netns-cleanup", "generic", {}),
]);

/** The cluster's own daemons: the cluster part's, not services. */
export const CLUSTER_UNITS: ReadonlySet<string> = new Set(["cman", "corosync", "pacemaker", "pcsd"]);

/** OCF agents that run a unit's program themselves, by type. */
const OCF_UNITS: ReadonlyMap<string, string> = new Map([
  ["mysql", "mysqld"],
  ["mariadb", "mysqld"],
  ["galera", "mysqld"],
  ["rabbitmq-cluster", "rabbitmq-server"],
  ["nfsserver", "nfs"],
  ["apache", "httpd"],
  ["haproxy", "haproxy"],
  ["redis", "redis"],
]);

export function catalogueUnit(name: string): CatalogueUnit | undefined {
  return UNITS.get(name);
}

export function catalogueNames(): readonly string[] {
  return [...UNITS.keys()];
}

/** The unit whose program a primitive runs; undefined where it runs none (an address, a mount). */
export function unitOfPrimitive(primitive: { readonly agentClass: string; readonly type: string }): string | undefined {
  if (["lsb", "systemd", "service", "upstart"].includes(primitive.agentClass)) return primitive.type;
  return primitive.agentClass === "ocf" ? OCF_UNITS.get(primitive.type) : undefined;
}

function needFor(unitName: string, purpose: string) {
  return { unit: unitName, for: purpose };
}

function unit(name: string, role: ServiceRole, words: Words): [string, CatalogueUnit] {
  return [
    name,
    {
      role,
      files: words.files ?? [],
      ports: Object.entries(words.ports ?? {}).map(([portName, port]) => ({ name: portName, port })),
      needsRpc: (words.rpc ?? []).map((need) => (typeof need === "string" ? { unit: need } : need)),
      needsLocal: (words.local ?? []).map((need) => (typeof need === "string" ? { unit: need } : need)),
    },
  ];
}
