import { type Answer, isServed } from "../dataplane/answer.js";
import type { Dataplane } from "../dataplane/dataplane.js";
import type { Ground } from "../dataplane/ground.js";
import type { Blueprint, Cell, Instant, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { guest as guestMachine } from "../machines/guest.js";
import { type Timer, timers } from "../plant/timer.js";
import { must } from "../plant/unknown-name.js";
import { durationOf } from "../topology/durations.js";
import type { CloudInit, Guest, Topology } from "../topology/types.js";
import type { GuestFaults, NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";
import { type GuestFiles, guestFiles } from "./guest-files.js";
import type { GuestNetwork, GuestRoutes, GuestState } from "./guest-network.js";
import type { ReportsPart } from "./reports.js";

const COMPUTE = "openstack-nova-compute";
const WITHOUT_ADDRESS: ReadonlySet<string> = new Set(["without-address", "address-expired"]);
/** dhclient asks for a minute, then again every five. */
const LEASE_RETRY_MS = 10_000;
const LEASE_TRIES = 6;
const LEASE_LATER_MS = 300_000;

interface Particulars {
  readonly mayLeave: boolean;
  readonly ports: 0 | 1 | 2;
  readonly known: boolean;
  readonly routes: GuestRoutes;
  /** Those that it has again after a boot: what is added by hand is gone then. */
  readonly lasting: GuestRoutes;
}

/** How far a boot has come: the number of the next try, and how long cloud-init has waited. */
interface Boot {
  readonly tries: number;
  readonly waitedMs: number;
}
const NO_BOOT: Boot = Object.freeze({ tries: 0, waitedMs: 0 });

interface Kept {
  readonly guest: Guest;
  readonly machine: MachineCell;
  readonly particulars: Cell<Particulars>;
  readonly boot: Cell<Boot>;
  readonly everBooted: Cell<boolean>;
  readonly compute: Cell<NodeId>;
  readonly timer: Timer;
  readonly renewal: Watcher<boolean>;
  /** Renewals that nobody answered. */
  readonly unrenewed: Cell<number>;
  readonly files: GuestFiles;
  readonly cloudInit: CloudInit | undefined;
  readonly bootMs: number;
  readonly leaseMs: number;
  readonly state: GuestState;
}

export interface GuestsPart extends GuestFaults {
  readonly ids: readonly string[];
  state(guest: string): GuestState;
  cell(guest: string): MachineCell;
  /** The compute node that it is on now. */
  compute(read: Reader, guest: string): NodeId;
  /**
   * `nova evacuate`: starts it anew on another compute node. Nova refuses while the old one reports; whether that one
   * is really off is the operator's to know.
   */
  evacuate(instant: Instant, guest: string, to: NodeId): void;
  files(guest: string): GuestFiles;
  /** Until its network comes up the next time (`ip route`). */
  addRoute(instant: Instant, guest: string, routes: GuestRoutes): void;
  /** Its network scripts run (ifup, a boot): its routes are those of its files. */
  networkUp(instant: Instant, guest: string): void;
  /** What it gets that asks for its metadata. */
  metadata(read: Reader, guest: string): Answer;
  /** Whether packets from outside reach it. */
  fromOutside(read: Reader, guest: string): Answer;
  /** The address of its next hop towards its metadata; undefined where it has no route. */
  nextHop(read: Reader, guest: string): string | undefined;
  /** It has its address and executes. */
  isUp(read: Reader, guest: string): boolean;
}

/**
 * Guests. One that is lost with its compute node starts again when nova-compute there is back and resumes it
 * (resume_guests_state_on_host_boot); at the start of a world all that run are booted. Nobody evacuates by himself.
 */
export function buildGuests(
  blueprint: Blueprint,
  topology: Topology,
  deps: {
    readonly ground: Ground;
    readonly network: GuestNetwork;
    readonly dataplane: Dataplane;
    readonly reports: ReportsPart;
  },
): GuestsPart {
  const { ground, network, dataplane, reports } = deps;
  const kept = new Map<string, Kept>();
  const steps = timers(blueprint, "guest-boot", (instant, id) => step(instant, kept.get(id)!));

  for (const guest of topology.guests.values()) {
    const image = topology.images.get(guest.image)!;
    const particulars = blueprint.cell<Particulars>(
      `guest/${guest.id}/particulars`,
      Object.freeze({ mayLeave: guest.egress, ports: 1, known: true, routes: "as-imaged", lasting: "as-imaged" }),
    );
    const compute = blueprint.cell<NodeId>(`guest/${guest.id}/compute`, guest.compute);
    const net = topology.neutron.networks.get(guest.network)!;
    kept.set(guest.id, {
      guest,
      compute,
      leaseMs: leaseMs(topology),
      unrenewed: blueprint.cell(`guest/${guest.id}/unrenewed`, 0),
      // A client renews at half its lease, and has lost it when two halves have gone unanswered.
      renewal: blueprint.watcher<boolean>(`guest/${guest.id}/renewal`, {
        evaluate: (read) => isServed(network.lease(read, read.get(compute), net, "wired")),
        deliver: (instant, renewed) => renew(instant, kept.get(guest.id)!, renewed),
      }),
      machine: blueprint.machine(`guest/${guest.id}`, guestMachine),
      particulars,
      boot: blueprint.cell(`guest/${guest.id}/boot`, NO_BOOT),
      everBooted: blueprint.cell(`guest/${guest.id}/ever-booted`, false),
      timer: steps.of(guest.id),
      files: guestFiles(blueprint, topology, guest, (read) => read.get(particulars).lasting === "no-metadata-route"),
      cloudInit: image.cloudInit,
      bootMs: durationOf(topology.durations, image.os === "windows" ? "guest.boot-windows" : "guest.boot").ms,
      state: {
        guest,
        compute: (read) => read.get(compute),
        cell: particulars,
        ports: (read) => read.get(particulars).ports,
        isKnown: (read) => read.get(particulars).known,
        mayLeave: (read) => read.get(particulars).mayLeave,
        routes: (read) => read.get(particulars).routes,
      },
    });
  }

  for (const one of kept.values())
    blueprint.observer<"lost" | "startable" | "waiting">(
      `guest/${one.guest.id}/host`,
      (read) => {
        const compute = read.get(one.compute);
        if (!ground.isRunning(read, compute)) return "lost";
        if (!hasCompute(topology, compute)) return "startable";
        const service = topology.services.get(`${COMPUTE}@${compute}`)!;
        return isServed(dataplane.instance(read, service)) ? "startable" : "waiting";
      },
      (instant, result) => {
        const off = instant.get(one.machine).value === "off";
        if (result === "lost" && !off && isGone(instant, instant.get(one.compute))) lose(instant, one);
        if (result !== "startable" || !off) return;
        if (instant.get(one.everBooted) && !resumes(instant, instant.get(one.compute))) return;
        boot(instant, one);
      },
    );

  /** A frozen node's guests are frozen with it, not lost. */
  function isGone(read: Reader, node: NodeId): boolean {
    const cell = ground.nodeCell(node);
    return cell === undefined || (read.get(cell) as { value?: string }).value !== "frozen";
  }

  function resumes(read: Reader, node: NodeId): boolean {
    const path = "/etc/nova/nova.conf";
    const facts = factsOf("nova", path, ground.unitFile(read, node, COMPUTE, path));
    return typeof facts === "object" ? facts.resumeGuestsOnHostBoot.value : true;
  }

  function lose(instant: Instant, one: Kept): void {
    forget(instant, one);
    instant.send(one.machine, { type: "NODE_LOST" }, { text: `lost with ${instant.get(one.compute)}` });
  }

  function forget(instant: Instant, one: Kept): void {
    one.timer.clear(instant);
    instant.unwatch(one.renewal as Watcher<unknown>);
    instant.set(one.boot, NO_BOOT);
    instant.set(one.unrenewed, 0);
  }

  function renew(instant: Instant, one: Kept, renewed: boolean): boolean {
    const unrenewed = renewed ? 0 : Math.min(2, instant.get(one.unrenewed) + 1);
    const settled = unrenewed === instant.get(one.unrenewed);
    instant.set(one.unrenewed, unrenewed);
    if (unrenewed === 2 && !settled) {
      instant.unwatch(one.renewal as Watcher<unknown>);
      instant.send(one.machine, { type: "LEASE_EXPIRED" }, { text: "nobody renewed its lease" });
      one.timer.set(instant, LEASE_LATER_MS);
    }
    return settled;
  }

  function boot(instant: Instant, one: Kept): void {
    forget(instant, one);
    takeRoutes(instant, one);
    instant.set(one.everBooted, true);
    instant.send(one.machine, { type: "BOOTED" });
    one.timer.set(instant, one.bootMs);
  }

  function step(instant: Instant, one: Kept): void {
    const { value } = instant.get(one.machine);
    if (!ground.isRunning(instant, instant.get(one.compute))) one.timer.set(instant, LEASE_RETRY_MS);
    else if (value === "asking-lease" || WITHOUT_ADDRESS.has(value)) askLease(instant, one, value);
    else if (value === "asking-metadata") askMetadata(instant, one);
  }

  function askLease(instant: Instant, one: Kept, value: string): void {
    const net = topology.neutron.networks.get(one.guest.network)!;
    const answer = network.lease(instant, instant.get(one.compute), net, "wired");
    if (isServed(answer)) {
      instant.set(one.boot, NO_BOOT);
      instant.send(one.machine, { type: "LEASE_OBTAINED" });
      instant.set(one.unrenewed, 0);
      // A first look at once, so that the check sleeps until something changes.
      instant.watch(one.renewal as Watcher<unknown>, Math.max(1, Math.floor(one.leaseMs / 2)), 1);
      if (WITHOUT_ADDRESS.has(value)) return;
      if (one.cloudInit) askMetadata(instant, one);
      else instant.send(one.machine, { type: "METADATA_NOT_ASKED" });
      return;
    }
    const tries = Math.min(LEASE_TRIES + 1, instant.get(one.boot).tries + 1);
    instant.set(one.boot, Object.freeze({ tries, waitedMs: 0 }));
    if (tries === LEASE_TRIES) instant.send(one.machine, { type: "LEASE_REFUSED" }, { text: answer.text });
    one.timer.set(instant, tries < LEASE_TRIES ? LEASE_RETRY_MS : LEASE_LATER_MS);
  }

  /** cloud-init's Ec2 source: a try costs its time-out or what the refusal takes, then ⌊n/5⌋ + 1 s of sleep. */
  function askMetadata(instant: Instant, one: Kept): void {
    const { maxWaitMs, timeoutMs } = one.cloudInit!;
    const { tries, waitedMs } = instant.get(one.boot);
    const answer = network.metadata(instant, one.state);
    if (isServed(answer)) {
      instant.send(one.machine, { type: "METADATA_OBTAINED" });
      instant.set(one.boot, NO_BOOT);
      return;
    }
    if (waitedMs >= maxWaitMs) {
      instant.send(one.machine, { type: "METADATA_GIVEN_UP" }, { text: answer.text });
      instant.set(one.boot, NO_BOOT);
      return;
    }
    const sleepMs = (Math.floor((tries + 1) / 5) + 1) * 1000;
    const costMs = Math.min(maxWaitMs - waitedMs, tryMs(answer, timeoutMs) + sleepMs);
    instant.set(one.boot, Object.freeze({ tries: tries + 1, waitedMs: waitedMs + costMs }));
    one.timer.set(instant, costMs);
  }

  /** Its network scripts run: what its files say holds from now on. */
  function takeRoutes(instant: Instant, one: Kept): void {
    const now = instant.get(one.particulars);
    const lasting = one.files.routes(instant) ?? now.lasting;
    if (now.routes === lasting && now.lasting === lasting) return;
    instant.set(one.particulars, Object.freeze({ ...now, routes: lasting, lasting }));
  }

  const find = (id: string) => must(kept, id, "guest", "guests");
  function change(instant: Instant, id: string, to: Partial<Particulars>, what: string): void {
    const { particulars } = find(id);
    instant.set(particulars, Object.freeze({ ...instant.get(particulars), ...to }));
    instant.note({ kind: "state", subject: `guest/${id}`, what });
  }

  return {
    ids: [...kept.keys()],
    state: (id) => find(id).state,
    cell: (id) => find(id).machine,
    isUp(read, id) {
      const { machine, compute } = find(id);
      const { value } = read.get(machine);
      const addressed = value === "configured" || value === "without-metadata" || value === "asking-metadata";
      return addressed && ground.isRunning(read, read.get(compute));
    },
    compute: (read, id) => read.get(find(id).compute),
    evacuate(instant, id, to) {
      const one = find(id);
      const from = instant.get(one.compute);
      const subject = `guest/${id}`;
      must(topology.neutron.nodes, to, "compute node", "compute nodes");
      if (reports.isUp(instant, `${COMPUTE}@${from}`)) {
        const text = `nova-compute on ${from} still counts as up`;
        instant.note({ kind: "note", subject, what: "evacuation refused", text });
        return;
      }
      const twice = instant.get(one.machine).value !== "off" && ground.isRunning(instant, from);
      instant.note({ kind: "state", subject, what: "evacuated", from, to });
      if (twice) {
        const text = `it still runs on ${from}: two machines write one disk`;
        instant.note({ kind: "note", subject, what: "active twice", text });
      }
      instant.set(one.compute, to);
      boot(instant, one);
    },
    setEgress: (instant, id, allowed) =>
      change(instant, id, { mayLeave: allowed }, allowed ? "egress allowed" : "egress rule removed"),
    setPorts: (instant, id, ports) => change(instant, id, { ports }, `neutron has ${ports} ports for it`),
    setKnown: (instant, id, known) => change(instant, id, { known }, known ? "known to nova" : "unknown to nova"),
    setRoutes: (instant, id, routes) => change(instant, id, { routes, lasting: routes }, `routes ${routes}`),
    files: (id) => find(id).files,
    addRoute: (instant, id, routes) => change(instant, id, { routes }, `routes ${routes}`),
    networkUp: (instant, id) => takeRoutes(instant, find(id)),
    metadata: (read, id) => network.metadata(read, find(id).state),
    fromOutside: (read, id) => network.fromOutside(read, find(id).state),
    nextHop(read, id) {
      const { state, guest } = find(id);
      return network.nextHop(read, state, topology.neutron.networks.get(guest.network)!)?.address;
    },
    reboot(instant, id) {
      const one = find(id);
      if (ground.isRunning(instant, instant.get(one.compute))) boot(instant, one);
    },
  };
}

/** What a failed try takes: a silent address the whole time-out, a 500 or a refusal next to nothing. */
function tryMs(answer: Answer, timeoutMs: number): number {
  return answer.failure === "timeout" ? timeoutMs : 0;
}

function hasCompute(topology: Topology, node: NodeId): boolean {
  return topology.services.has(`${COMPUTE}@${node}`);
}

/** dhcp_lease_duration of neutron.conf where neutron-server runs; a day unless set. */
function leaseMs(topology: Topology): number {
  for (const node of topology.nodes.values()) {
    if (!topology.services.has(`neutron-server@${node.id}`)) continue;
    const path = "/etc/neutron/neutron.conf";
    const facts = factsOf("neutron", path, node.files.get(path)?.text);
    if (typeof facts === "object") return facts.dhcpLeaseMs.value;
  }
  return 86_400_000;
}
