import type { Place } from "./types.js";

/**
 * How long things take. A topology may say (`durations:`); what it does not say comes from here, and each use of a
 * default is an assumption of the verdict that leans on it.
 */
export interface Duration {
  readonly ms: number;
  /** Why this long: the published figure, the measurement, or "(inf)" for an estimate that nothing here confirms. */
  readonly source: string;
  /** Where the topology says it; absent for a default. */
  readonly place?: Place;
}

/** Every default, with what the topology overrides; and the topology's own `CLUSTER/RESOURCE.start`, `.stop`, `.monitor`. */
export type Durations = ReadonlyMap<string, Duration>;

export type DurationKey = keyof typeof DEFAULTS;

export type AgentOperation = "start" | "stop" | "monitor" | "promote" | "demote";

const RECORDED = "recordings of a real cluster: operations of trivial agents come back within 20 to 60 ms";

/**
 * Agent operations are the time the agent itself works; the cluster's own delays (time-outs, retries, the executor's
 * batches) are not in it. Sources: RA = resource-agents 3.9.2, FA = fence-agents 3.1.5, `(inf)` = an estimate.
 */
const DEFAULTS = {
  /** Power on to init's units, a physical server: firmware, memory test, kernel. */
  "node.boot": { ms: 180_000, source: "(inf) a two-socket server's firmware and RHEL 6 boot" },
  /** The same for a virtual machine. */
  "node.boot-virtual": { ms: 60_000, source: "(inf) RHEL 6 as a virtual machine" },
  /** An orderly shutdown, beyond what the cluster and its units take. */
  "node.shutdown": { ms: 20_000, source: "(inf) RHEL 6 init scripts and unmounting" },
  /** cman and corosync from start to the first membership round. */
  "cluster.stack-start": { ms: 1_000, source: "(inf) service cman start without the fence domain's post_join_delay" },
  /** pacemakerd from start to a controller that can join. */
  "cluster.pacemaker-start": { ms: 1_000, source: RECORDED },
  /** Hypervisor: power on to running its machines again. */
  "hypervisor.boot": { ms: 300_000, source: "(inf) an ESX host" },

  /** One status query of a BMC. */
  "fence.ipmi.status": {
    ms: 500,
    source: "(inf) ipmitool -I lanplus chassis power status; FA allows 5 s for the login",
  },
  /** From the off command until the BMC reports off, before `power_wait`. */
  "fence.ipmi.off": { ms: 3_000, source: "(inf) FA polls each second up to power_timeout 20 s" },
  "fence.ipmi.on": { ms: 2_000, source: "(inf) FA polls each second up to power_timeout 20 s" },
  /** Log in and list all machines: fence_vmware_soap does it for every query. */
  "fence.vmware.status": { ms: 4_000, source: "(inf) FA: lists all VMs at every poll" },
  "fence.vmware.off": { ms: 8_000, source: "(inf) FA: lists all VMs at every poll; power_timeout 20 s" },
  "fence.vmware.on": { ms: 8_000, source: "(inf) FA: lists all VMs at every poll; power_timeout 20 s" },
  "fence.other.status": { ms: 1_000, source: "(inf)" },
  "fence.other.off": { ms: 4_000, source: "(inf)" },
  "fence.other.on": { ms: 2_000, source: "(inf)" },

  /** Adding an address; its gratuitous ARPs follow in the background. */
  "agent.IPaddr2.start": { ms: 60, source: "RA: one ip command; " + RECORDED },
  "agent.IPaddr2.stop": { ms: 50, source: "RA: one ip command; " + RECORDED },
  "agent.IPaddr2.monitor": { ms: 40, source: "RA: reads the address list; " + RECORDED },
  "agent.Filesystem.start": { ms: 500, source: "(inf) an NFS mount on a quiet network" },
  "agent.Filesystem.stop": { ms: 500, source: "(inf) umount with nobody using it" },
  "agent.Filesystem.monitor": { ms: 50, source: "RA: reads the mount table" },
  /** Until it answers, without crash recovery (see `innodb.recovery`). */
  "agent.mysql.start": { ms: 4_000, source: "(inf) mysqld of that era on a clean datadir; RA polls each second" },
  "agent.mysql.stop": { ms: 3_000, source: "(inf) InnoDB flushes; RA waits for it up to time-out − 5 s" },
  "agent.mysql.monitor": { ms: 60, source: "RA: depth 0 reads the PID file" },
  "agent.nfsserver.start": { ms: 3_000, source: "(inf)" },
  "agent.nfsserver.stop": { ms: 2_000, source: "(inf)" },
  "agent.nfsserver.monitor": { ms: 100, source: "(inf)" },
  "agent.LVM.start": { ms: 1_000, source: "(inf) vgscan and vgchange on a few LUNs" },
  "agent.LVM.stop": { ms: 500, source: "(inf)" },
  "agent.LVM.monitor": { ms: 200, source: "(inf)" },
  "agent.galera.start": { ms: 5_000, source: "(inf)" },
  "agent.galera.stop": { ms: 5_000, source: "(inf)" },
  "agent.galera.monitor": { ms: 200, source: "(inf)" },
  "agent.galera.promote": { ms: 10_000, source: "(inf)" },
  "agent.galera.demote": { ms: 5_000, source: "(inf)" },
  "agent.rabbitmq-cluster.start": { ms: 10_000, source: "(inf)" },
  "agent.rabbitmq-cluster.stop": { ms: 5_000, source: "(inf)" },
  "agent.rabbitmq-cluster.monitor": { ms: 500, source: "(inf)" },
  "agent.haproxy.start": { ms: 200, source: "(inf) haproxy forks and is ready" },
  "agent.haproxy.stop": { ms: 100, source: "(inf)" },
  "agent.haproxy.monitor": { ms: 30, source: "(inf) the init script reads the PID file" },
  /** An OpenStack service through its init script. */
  "agent.openstack.start": { ms: 1_500, source: "(inf) Python's imports; the init script returns early" },
  "agent.openstack.stop": { ms: 1_000, source: "(inf)" },
  "agent.openstack.monitor": { ms: 50, source: "(inf) the init script reads the PID file" },
  /** Any init script or systemd unit. */
  "agent.service.start": { ms: 1_000, source: "(inf)" },
  "agent.service.stop": { ms: 500, source: "(inf)" },
  "agent.service.monitor": { ms: 50, source: "(inf) the init script reads the PID file" },
  /** A fence device's registration with the fencer. */
  "agent.stonith.start": { ms: 500, source: "(inf) one monitor of the device" },
  "agent.stonith.stop": { ms: 0, source: "registration is removed at once" },
  "agent.stonith.monitor": { ms: 500, source: "(inf) one status query" },
  /** An agent that is not modelled. */
  "agent.generic.start": { ms: 50, source: RECORDED },
  "agent.generic.stop": { ms: 40, source: RECORDED },
  "agent.generic.monitor": { ms: 40, source: RECORDED },
  "agent.generic.promote": { ms: 50, source: RECORDED },
  "agent.generic.demote": { ms: 40, source: RECORDED },

  /** mysqld on a datadir whose writer died: redo before connections. */
  "innodb.recovery": {
    ms: 10_000,
    source: "(inf) a 64 MiB redo log; roll-back can take 3 to 4 times the transaction's age",
  },
  /** From process start until the service accepts connections. */
  "service.ready": { ms: 2_000, source: "(inf) an OpenStack API of that era" },
  "haproxy.ready": { ms: 50, source: "(inf) haproxy binds before it forks" },
  "nfs-server.ready": { ms: 3_000, source: "(inf) rpcbind, mountd, nfsd" },
  /** NFS v3 server restart: lock reclaim; reads and writes go on. */
  "nfs.retry": { ms: 60_000, source: "nfs(5): a TCP request is sent again after timeo, 60 s" },
  /** A guest from power on to asking for its lease. */
  "guest.boot": { ms: 20_000, source: "(inf) a small cloud image" },
  /** A guest's Windows. */
  "guest.boot-windows": { ms: 60_000, source: "(inf)" },
  /** A neighbour's cache holds on to an address it has seen. */
  "arp.host-age": {
    ms: 60_000,
    source: "Linux: base_reachable_time 30 s, stale entries re-verified within about 60 s",
  },
  "arp.router-age": { ms: 14_400_000, source: "routers keep an ARP entry for up to 4 h" },
} as const satisfies Record<string, Omit<Duration, "place">>;

export const DURATION_KEYS = Object.keys(DEFAULTS) as readonly DurationKey[];

export function defaultDurations(): Map<string, Duration> {
  return new Map(Object.entries(DEFAULTS));
}

export function durationOf(durations: Durations, key: DurationKey): Duration {
  return durations.get(key) ?? DEFAULTS[key];
}

/**
 * How long an operation of one resource takes: what the topology says for `CLUSTER/RESOURCE.operation`, else its
 * agent's, else a generic agent's. `agent` is the type ("IPaddr2"), `agentClass` "ocf", "lsb", "systemd", "stonith".
 */
export function agentDuration(
  durations: Durations,
  resource: { readonly cluster: string; readonly id: string; readonly agentClass: string; readonly agent: string },
  operation: AgentOperation,
): Duration {
  const own = durations.get(`${resource.cluster}/${resource.id}.${operation}`);
  if (own !== undefined) return own;
  return durations.get(`agent.${agentFamily(resource)}.${operation}`) ?? durationOf(durations, genericKey(operation));
}

function agentFamily({ agentClass, agent }: { agentClass: string; agent: string }): string {
  if (agentClass === "stonith") return "stonith";
  if (Object.hasOwn(DEFAULTS, `agent.${agent}.start`) && agent !== "generic") return agent;
  if (agentClass === "ocf") return "generic";
  return /^(openstack|neutron|nova|cinder|glance|keystone|heat|ceilometer)-/.test(agent) ? "openstack" : "service";
}

function genericKey(operation: AgentOperation): DurationKey {
  return `agent.generic.${operation}`;
}
