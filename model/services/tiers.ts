import { type Answer, failed, isServed, OK, partly, worse } from "../dataplane/answer.js";
import type { Dataplane } from "../dataplane/dataplane.js";
import type { Ground } from "../dataplane/ground.js";
import { KeptAnswers } from "../dataplane/kept.js";
import type { Trail } from "../dataplane/trail.js";
import type { Blueprint, Reader } from "../kernel/index.js";
import type { StorageTier, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import type { ReportsPart } from "./reports.js";

const GLUSTER_UNIT = "glusterd";
const GPFS_UNIT = "gpfs";
const CEPH_MONITOR_UNIT = "ceph-mon";
const CEPH_OSD_UNIT = "ceph-osd";
const ISCSI_UNIT = "tgtd";

/** Cinder's storage tiers: what stands behind each, as a compute node finds it that attaches a volume of it. */
export class Tiers {
  readonly #topology: Topology;
  readonly #ground: Ground;
  readonly #dataplane: Dataplane;
  readonly #reports: ReportsPart;
  readonly #kept: KeptAnswers;

  constructor(blueprint: Blueprint, topology: Topology, ground: Ground, dataplane: Dataplane, reports: ReportsPart) {
    this.#topology = topology;
    this.#ground = ground;
    this.#dataplane = dataplane;
    this.#reports = reports;
    this.#kept = new KeptAnswers(blueprint);
  }

  /** Keeps what a tier's data are to a node as a derived fact. While building, after the ways to it are kept. */
  keep(tier: StorageTier, from: NodeId): void {
    this.#kept.keep(`tier/${tier.id}/${from}`, (read) => this.#data(read, tier, from));
  }

  /** A volume is made and attached on a compute node. */
  attach(read: Reader, tier: StorageTier, compute: NodeId, trail?: Trail): Answer {
    let answer = this.#volumeService(read, tier, trail);
    if (answer.grade === "failed") return answer;
    const nova = this.#topology.services.get(`openstack-nova-compute@${compute}`);
    if (nova) answer = worse(answer, this.#dataplane.instance(read, nova, undefined, trail));
    if (answer.grade === "failed") return answer;
    return worse(answer, this.data(read, tier, compute, trail));
  }

  /** The tier's data, as a compute node that has a volume attached reaches them. Needs no control plane. */
  data(read: Reader, tier: StorageTier, from: NodeId, trail?: Trail): Answer {
    const kept = trail ? undefined : this.#kept.find(read, `tier/${tier.id}/${from}`);
    return kept ?? this.#data(read, tier, from, trail);
  }

  #data(read: Reader, tier: StorageTier, from: NodeId, trail?: Trail): Answer {
    switch (tier.kind) {
      case "lvm":
        return this.#iscsi(read, tier, from, trail);
      case "nfs":
        return this.#exports(read, tier, from, trail);
      case "ceph":
        return this.#ceph(read, tier, from, trail);
      case "gluster":
        return this.#anyNode(read, tier, from, tier.brickNodes, GLUSTER_UNIT, "brick", trail);
      case "gpfs":
        return this.#gpfs(read, tier, from, trail);
      case "local":
      case "other":
        return OK;
    }
  }

  /** cinder-volume of the tier: one of its nodes runs it, and it reports. */
  #volumeService(read: Reader, tier: StorageTier, trail?: Trail): Answer {
    const ids = tier.volumeNodes.map((node) => `${tier.unit}@${node}`);
    let best: Answer | undefined;
    for (const id of ids) {
      const service = this.#topology.services.get(id);
      if (!service) continue;
      const work = tier.kind === "lvm" ? "lvm" : undefined;
      const answer = this.#dataplane.instance(read, service, work);
      if (isServed(answer)) {
        // Its nodes report under one name: any report keeps it up.
        if (ids.some((one) => this.#reports.isUp(read, one))) {
          trail?.hop(`instance/${id}`, true, "serving", this.#dataplane.instanceCell(id));
          return this.#backend(read, tier, service.node, trail);
        }
        const text = `${tier.unit} has not reported: the scheduler takes it for down`;
        trail?.hop(`report/${id}`, false, text, this.#reports.cell(id));
        best = failed("error", `report/${id}`, text, 500);
      } else best ??= answer;
    }
    if (trail)
      for (const id of ids) {
        const service = this.#topology.services.get(id);
        if (service) this.#dataplane.instance(read, service, tier.kind === "lvm" ? "lvm" : undefined, trail);
      }
    return best ?? failed("error", `unit/${tier.unit}`, `no node of tier ${tier.id} has ${tier.unit}`, 500);
  }

  /** What cinder-volume itself needs to make a volume. */
  #backend(read: Reader, tier: StorageTier, node: NodeId, trail?: Trail): Answer {
    if (tier.kind === "lvm") return this.#volumeGroup(read, tier.volumeGroup, node, trail);
    if (tier.kind === "nfs" || tier.kind === "ceph" || tier.kind === "gluster" || tier.kind === "gpfs")
      return this.data(read, tier, node, trail);
    return OK;
  }

  #volumeGroup(read: Reader, group: string, node: NodeId, trail?: Trail): Answer {
    const isCorrupt = this.#ground.isVolumeGroupCorrupt(read, group);
    const ok = !isCorrupt && this.#ground.volumeGroup(read, node, group);
    const subject = `volume-group/${group}`;
    const trouble = isCorrupt ? "corrupt" : `not usable on ${node}`;
    trail?.hop(subject, ok, ok ? `active on ${node}` : trouble, this.#ground.volumeGroupCell(group));
    return ok ? OK : failed("error", subject, `volume group ${group} is ${trouble}`, 500);
  }

  #iscsi(read: Reader, tier: StorageTier & { kind: "lvm" }, from: NodeId, trail?: Trail): Answer {
    const answer = this.#dataplane.ask(read, from, tier.address, tier.port, trail);
    if (!isServed(answer)) return answer;
    const { holder } = this.#dataplane.ways.find(read, from, tier.address);
    if (holder === undefined) return answer;
    const target = this.#ground.unit(read, holder, ISCSI_UNIT);
    if (this.#topology.services.has(`${ISCSI_UNIT}@${holder}`) && target !== "running") {
      trail?.hop(`unit/${ISCSI_UNIT}@${holder}`, false, target, this.#ground.unitCell(holder, ISCSI_UNIT));
      return failed("refused", `unit/${ISCSI_UNIT}@${holder}`, `${ISCSI_UNIT} on ${holder} is ${target}`);
    }
    return worse(answer, this.#volumeGroup(read, tier.volumeGroup, holder, trail));
  }

  #exports(read: Reader, tier: StorageTier & { kind: "nfs" }, from: NodeId, trail?: Trail): Answer {
    let answer = OK;
    let served = 0;
    for (const id of tier.exports) {
      const state = this.#ground.exportFor(read, from, id);
      const ok = state === "served" || state === "slow";
      trail?.hop(`export/${id}`, ok, state, this.#ground.exportCell(id));
      if (ok) served++;
      else {
        const failure = state === "hung" ? "timeout" : "error";
        answer = worse(answer, failed(failure, `export/${id}`, `${id} is ${state} for ${from}`));
      }
    }
    return served > 0 ? partly(answer) : answer;
  }

  /** Monitors need a majority among themselves; an object is served while `min_size` copies are there. */
  #ceph(read: Reader, tier: StorageTier & { kind: "ceph" }, from: NodeId, trail?: Trail): Answer {
    const alive = tier.monitors.filter((monitor) => {
      const ok = monitor.node === undefined || this.#daemon(read, monitor.node, CEPH_MONITOR_UNIT);
      trail?.hop(`ceph-monitor/${monitor.node ?? monitor.address}`, ok, ok ? "running" : "not running");
      return ok;
    });
    // The largest set of monitors that hear one another decides; those the client hears must be in it.
    const quorum = largestGroup(alive, (a, b) => this.#hears(read, a, b));
    const subject = `tier/${tier.id}`;
    if (quorum.length * 2 <= tier.monitors.length) {
      const text = `${quorum.length} of ${tier.monitors.length} ceph monitors: no quorum`;
      trail?.hop(subject, false, text);
      return failed("timeout", subject, text);
    }
    if (!quorum.some((monitor) => this.#reaches(read, from, monitor.address))) {
      const text = `${from} reaches no ceph monitor of the quorum`;
      trail?.hop(subject, false, text);
      return failed("timeout", subject, text);
    }
    const osds = tier.osdNodes.filter((node) => {
      const address = this.#storageAddress(node);
      const ok =
        this.#daemon(read, node, CEPH_OSD_UNIT) && (address === undefined || this.#reaches(read, from, address));
      trail?.hop(`ceph-osd/${node}`, ok, ok ? "serves" : "does not answer", this.#ground.unitCell(node, CEPH_OSD_UNIT));
      return ok;
    });
    if (osds.length >= tier.minSize) return OK;
    const text = `${osds.length} copies are left, ceph needs ${tier.minSize}`;
    return failed("timeout", subject, text);
  }

  /** Network shared disks behind any of their servers; the client is a GPFS node itself. */
  #gpfs(read: Reader, tier: StorageTier & { kind: "gpfs" }, from: NodeId, trail?: Trail): Answer {
    if (this.#topology.services.has(`${GPFS_UNIT}@${from}`) && !this.#daemon(read, from, GPFS_UNIT)) {
      const subject = `unit/${GPFS_UNIT}@${from}`;
      trail?.hop(subject, false, "not running", this.#ground.unitCell(from, GPFS_UNIT));
      return failed("error", subject, `GPFS is not running on ${from}`);
    }
    return this.#anyNode(read, tier, from, tier.nsdNodes, GPFS_UNIT, "NSD server", trail);
  }

  #anyNode(
    read: Reader,
    tier: StorageTier,
    from: NodeId,
    nodes: readonly NodeId[],
    unit: string,
    what: string,
    trail?: Trail,
  ): Answer {
    let found = false;
    for (const node of nodes) {
      const address = this.#storageAddress(node);
      const ok =
        this.#daemon(read, node, unit) &&
        (node === from || address === undefined || this.#reaches(read, from, address));
      trail?.hop(`unit/${unit}@${node}`, ok, ok ? "serves" : "does not answer", this.#ground.unitCell(node, unit));
      found ||= ok;
      if (found && !trail) return OK;
    }
    if (found) return OK;
    const subject = `tier/${tier.id}`;
    return failed("timeout", subject, `${from} reaches no ${what} of tier ${tier.id}`);
  }

  /** A storage daemon runs; where the topology lists none, its node is enough. */
  #daemon(read: Reader, node: NodeId, unit: string): boolean {
    if (!this.#ground.isRunning(read, node)) return false;
    return !this.#topology.services.has(`${unit}@${node}`) || this.#ground.unit(read, node, unit) === "running";
  }

  #hears(read: Reader, a: Monitor, b: Monitor): boolean {
    if (a.node === undefined || b.node === undefined || a.node === b.node) return true;
    return this.#reaches(read, a.node, b.address) && this.#reaches(read, b.node, a.address);
  }

  #reaches(read: Reader, from: NodeId, address: string): boolean {
    return this.#dataplane.ways.find(read, from, address).holder !== undefined;
  }

  #storageAddress(node: NodeId): string | undefined {
    const addresses = this.#topology.nodes.get(node)?.nics.flatMap((nic) => nic.addresses) ?? [];
    const storage = addresses.find(({ network }) => this.#topology.networks.get(network)?.role === "storage");
    return (storage ?? addresses[0])?.address;
  }
}

interface Monitor {
  readonly node?: string;
  readonly address: string;
}

/** Among few members: grow a group from each, in order, and take the largest. */
function largestGroup<T>(members: readonly T[], hears: (a: T, b: T) => boolean): readonly T[] {
  let best: readonly T[] = [];
  for (const first of members) {
    const group = [first];
    for (const other of members) if (other !== first && group.every((one) => hears(one, other))) group.push(other);
    if (group.length > best.length) best = group;
  }
  return best;
}
