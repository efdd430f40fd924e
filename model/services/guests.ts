import { type Answer, isServed } from "../dataplane/answer.js";
import type { Dataplane } from "../dataplane/dataplane.js";
import type { Ground } from "../dataplane/ground.js";
import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../kernel/index.js";
import { guest as guestMachine } from "../machines/guest.js";
import { type Timer, timers } from "../plant/timer.js";
import { must } from "../plant/unknown-name.js";
import { durationOf } from "../topology/durations.js";
import type { CloudInit, Guest, Topology } from "../topology/types.js";
import type { GuestFaults, NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";
import type { GuestNetwork, GuestRoutes, GuestState } from "./guest-network.js";

/** dhclient asks for a minute, then again every five. */
const LEASE_RETRY_MS = 10_000;
const LEASE_TRIES = 6;
const LEASE_LATER_MS = 300_000;

interface Particulars {
  readonly mayLeave: boolean;
  readonly ports: 0 | 1 | 2;
  readonly known: boolean;
  readonly routes: GuestRoutes;
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
  readonly timer: Timer;
  readonly cloudInit: CloudInit | undefined;
  readonly bootMs: number;
  readonly state: GuestState;
}

export interface GuestsPart extends GuestFaults {
  readonly ids: readonly string[];
  state(guest: string): GuestState;
  cell(guest: string): MachineCell;
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
  deps: { readonly ground: Ground; readonly network: GuestNetwork; readonly dataplane: Dataplane },
): GuestsPart {
  const { ground, network, dataplane } = deps;
  const kept = new Map<string, Kept>();
  const steps = timers(blueprint, "guest-boot", (instant, id) => step(instant, kept.get(id)!));

  for (const guest of topology.guests.values()) {
    const image = topology.images.get(guest.image)!;
    const particulars = blueprint.cell<Particulars>(
      `guest/${guest.id}/particulars`,
      Object.freeze({ mayLeave: guest.egress, ports: 1, known: true, routes: "as-imaged" }),
    );
    kept.set(guest.id, {
      guest,
      machine: blueprint.machine(`guest/${guest.id}`, guestMachine),
      particulars,
      boot: blueprint.cell(`guest/${guest.id}/boot`, NO_BOOT),
      everBooted: blueprint.cell(`guest/${guest.id}/ever-booted`, false),
      timer: steps.of(guest.id),
      cloudInit: image.cloudInit,
      bootMs: durationOf(topology.durations, image.os === "windows" ? "guest.boot-windows" : "guest.boot").ms,
      state: {
        guest,
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
        const { compute } = one.guest;
        if (!ground.isRunning(read, compute)) return "lost";
        if (!hasCompute(topology, compute)) return "startable";
        const service = topology.services.get(`openstack-nova-compute@${compute}`)!;
        return isServed(dataplane.instance(read, service)) ? "startable" : "waiting";
      },
      (instant, result) => {
        const off = instant.get(one.machine).value === "off";
        if (result === "lost" && !off && isGone(instant, one.guest.compute)) lose(instant, one);
        if (result !== "startable" || !off) return;
        if (instant.get(one.everBooted) && !resumes(instant, one.guest.compute)) return;
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
    const facts = factsOf("nova", path, ground.unitFile(read, node, "openstack-nova-compute", path));
    return typeof facts === "object" ? facts.resumeGuestsOnHostBoot.value : true;
  }

  function lose(instant: Instant, one: Kept): void {
    one.timer.clear(instant);
    instant.set(one.boot, NO_BOOT);
    instant.send(one.machine, { type: "NODE_LOST" }, { text: `lost with ${one.guest.compute}` });
  }

  function boot(instant: Instant, one: Kept): void {
    instant.set(one.boot, NO_BOOT);
    instant.set(one.everBooted, true);
    instant.send(one.machine, { type: "BOOTED" });
    one.timer.set(instant, one.bootMs);
  }

  function step(instant: Instant, one: Kept): void {
    const { value } = instant.get(one.machine);
    if (!ground.isRunning(instant, one.guest.compute)) one.timer.set(instant, LEASE_RETRY_MS);
    else if (value === "asking-lease" || value === "without-address") askLease(instant, one, value);
    else if (value === "asking-metadata") askMetadata(instant, one);
  }

  function askLease(instant: Instant, one: Kept, value: string): void {
    const net = topology.neutron.networks.get(one.guest.network)!;
    const answer = network.lease(instant, one.guest.compute, net, "wired");
    if (isServed(answer)) {
      instant.set(one.boot, NO_BOOT);
      instant.send(one.machine, { type: "LEASE_OBTAINED" });
      if (value === "without-address") return;
      if (one.cloudInit) askMetadata(instant, one);
      else instant.send(one.machine, { type: "METADATA_NOT_ASKED" });
      return;
    }
    const tries = instant.get(one.boot).tries + 1;
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
      const { machine, guest } = find(id);
      const { value } = read.get(machine);
      const addressed = value === "configured" || value === "without-metadata" || value === "asking-metadata";
      return addressed && ground.isRunning(read, guest.compute);
    },
    setEgress: (instant, id, allowed) =>
      change(instant, id, { mayLeave: allowed }, allowed ? "egress allowed" : "egress rule removed"),
    setPorts: (instant, id, ports) => change(instant, id, { ports }, `neutron has ${ports} ports for it`),
    setKnown: (instant, id, known) => change(instant, id, { known }, known ? "known to nova" : "unknown to nova"),
    setRoutes: (instant, id, routes) => change(instant, id, { routes }, `routes ${routes}`),
    reboot(instant, id) {
      const one = find(id);
      if (ground.isRunning(instant, one.guest.compute)) boot(instant, one);
    },
  };
}

/** What a failed try takes: a silent address the whole time-out, a 500 or a refusal next to nothing. */
function tryMs(answer: Answer, timeoutMs: number): number {
  return answer.failure === "timeout" ? timeoutMs : 0;
}

function hasCompute(topology: Topology, node: NodeId): boolean {
  return topology.services.has(`openstack-nova-compute@${node}`);
}
