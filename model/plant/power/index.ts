import type { Blueprint, Cell, EventType, MachineCell, Reader } from "../../kernel/index.js";
import { powerControllerMachine } from "../../machines/power-controller.js";
import { type DurationKey, durationOf } from "../../topology/durations.js";
import type { PowerController, Topology } from "../../topology/types.js";
import type { ControllerFault, NodeId, Power, PowerRequest, PowerResult } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import type { NetworkPart } from "../network/index.js";
import { must } from "../unknown-name.js";

export interface PowerPart extends Power {
  /** A request from that node would be answered now; the text says why not. What it reads wakes a device's monitor. */
  reach(read: Reader, controller: string, from: NodeId): { readonly ok: boolean; readonly text: string };
  /** What a status query takes while it works. */
  statusMs(read: Reader, controller: string): number;
  cell(controller: string): MachineCell;
}

/** How a controller misbehaves, beyond its machine's state. */
interface Trouble {
  readonly byMs: number;
  readonly target: NodeId | undefined;
  readonly instead: NodeId | undefined;
}

const NO_TROUBLE: Trouble = Object.freeze({ byMs: 0, target: undefined, instead: undefined });

/** FA: the agents' login time-out. */
const LOGIN_MS = 5_000;

/** What is left to do of a request, with its outcome where that is known already. */
interface Job {
  readonly request: PowerRequest;
  readonly reply: EventType<PowerResult>;
  /** `send`: the command is on its way; `off` and `on`: it takes effect, whether or not the asker still lives. */
  readonly step: "send" | "off" | "on" | "answer";
}

const EVENTS: Readonly<Record<ControllerFault["kind"], string>> = {
  works: "CONTROLLER_MENDED",
  dead: "CONTROLLER_DIED",
  refuses: "CREDENTIALS_REFUSED",
  lies: "CONTROLLER_LIED",
  slow: "CONTROLLER_SLOWED",
  misdirected: "HOST_MAP_MISDIRECTED",
};

/**
 * BMCs, vCenter and the like. A reboot is: status, off, on (FA); that it does not come back on is still a success.
 * The agent runs on the asking node: where that dies between off and on, the target stays off. A command that was sent
 * is carried out all the same, which is why two nodes that fence each other at once can both go. A BMC that is said to
 * power a virtual machine is its host's: it switches the host, with every machine on it, whether or not the host answers.
 */
export function buildPower(
  blueprint: Blueprint,
  topology: Topology,
  hosts: HostsPart,
  network: NetworkPart,
): PowerPart {
  const cells = new Map(
    [...topology.powerControllers.keys()].map((id) => [
      id,
      blueprint.machine(`power-controller/${id}`, powerControllerMachine),
    ]),
  );
  const troubles = new Map<string, Cell<Trouble>>(
    [...cells.keys()].map((id) => [id, blueprint.cell<Trouble>(`power-controller/${id}/trouble`, NO_TROUBLE)]),
  );
  const cell = (id: string) => must(cells, id, "power controller", "power controllers");

  function reach(read: Reader, id: string, from: NodeId): { ok: boolean; text: string } {
    const controller = must(topology.powerControllers, id, "power controller", "power controllers");
    const state = read.get(cell(id)).value;
    if (state === "dead") return { ok: false, text: `${id} does not answer` };
    if (!network.controllerPowered(read, id)) return { ok: false, text: `${id} is without power` };
    if (!isInReach(read, controller, from)) return { ok: false, text: `${from} does not reach ${id}` };
    if (state === "refuses") return { ok: false, text: `${id} refuses the login` };
    return { ok: true, text: `${id} answers` };
  }

  function isInReach(read: Reader, controller: PowerController, from: NodeId): boolean {
    const endpoint = `controller/${controller.id}`;
    // Made for a bare CIB, it has no address: partitions between nodes do not touch it.
    if (controller.address === undefined || controller.network === undefined)
      return network.connects(read, from, endpoint, "") && hosts.isRunning(read, from);
    return network.reaches(read, from, controller.address);
  }

  const job = blueprint.event<Job>("power-controller", (instant, { request, reply, step }) => {
    // The agent is a process on the asking node.
    const agentLives = hosts.isRunning(instant, request.from);
    if (!agentLives && step !== "off") return;
    const controller = topology.powerControllers.get(request.controller)!;
    if (step === "answer") {
      const state = instant.get(cell(request.controller)).value;
      const target = targetOf(instant, request);
      if (request.action === "status" && state !== "lies") {
        const on = hosts.isPowered(instant, target);
        instant.after(0, reply, { request, ok: true, text: on ? "on" : "off" });
        return;
      }
      instant.after(0, reply, { request, ok: true, text: `${request.target} ${DONE[request.action]}` });
      return;
    }
    const { ok, text } = reach(instant, request.controller, request.from);
    if (!ok && agentLives) {
      instant.after(0, reply, { request, ok: step === "on", text });
      return;
    }
    if (step === "send") {
      instant.after(timeOf(instant, controller, "off"), job, { request, reply, step: "off" });
      return;
    }
    if (!agentLives && !network.controllerPowered(instant, request.controller)) return;
    const lies = instant.get(cell(request.controller)).value === "lies";
    const target = targetOf(instant, request);
    const carrier = topology.nodes.get(target)?.hypervisor;
    const switchesHost = carrier !== undefined && controller.kind === "ipmi";
    if (carrier !== undefined && !switchesHost && !hosts.hypervisorUp(instant, carrier) && !lies) {
      instant.after(0, reply, {
        request,
        ok: false,
        text: `${request.controller}: ${target} cannot be switched, its host ${carrier} does not answer`,
      });
      return;
    }
    const entry = instant.note({
      kind: "fence",
      subject: `power-controller/${request.controller}`,
      what: lies ? `said ${step}, did nothing` : `switched ${step}`,
      ...(target !== request.target && { text: `${target} instead of ${request.target}` }),
      data: { target, asked: request.target },
    });
    instant.because(entry, () => {
      if (lies) {
        // Nothing happens.
      } else if (switchesHost) {
        if (hosts.hypervisorUp(instant, carrier) === (step === "off"))
          hosts.setHypervisor(instant, carrier, step === "on");
      } else {
        if (step === "off") hosts.powerOff(instant, target, `switched off by ${request.controller}`);
        else hosts.powerOn(instant, target);
      }
      const next = step === "off" && request.action === "reboot" ? "on" : "answer";
      const waitMs = request.powerWaitMs ?? powerWaits.get(`${request.controller} ${request.target}`) ?? 0;
      const onMs = next === "on" ? timeOf(instant, controller, "on") : 0;
      instant.after(waitMs + onMs, job, { request, reply, step: next });
    });
  });

  function targetOf(read: Reader, request: PowerRequest): NodeId {
    const { target, instead } = read.get(troubles.get(request.controller)!);
    return target === request.target && instead !== undefined ? instead : request.target;
  }

  function timeOf(read: Reader, controller: PowerController, action: "status" | "off" | "on"): number {
    const family = controller.kind === "ipmi" ? "ipmi" : controller.kind === "vcenter" ? "vmware" : "other";
    const { byMs } = read.get(troubles.get(controller.id)!);
    return durationOf(topology.durations, `fence.${family}.${action}` satisfies DurationKey).ms + byMs;
  }

  // `controller target` → power_wait of the fence device that switches it there.
  const powerWaits = new Map<string, number>();
  /** The agent's own `delay`, before an off or a reboot. */
  const delays = new Map<string, number>();
  for (const { fenceDevices } of topology.clusters.values())
    for (const { controller, targets, powerWaitMs, delayMs } of fenceDevices)
      for (const target of targets.keys()) {
        powerWaits.set(`${controller} ${target}`, powerWaitMs);
        delays.set(`${controller} ${target}`, delayMs);
      }

  return {
    cell,
    reach,
    answers: (read, controller, from) => reach(read, controller, from).ok,
    statusMs: (read, id) =>
      timeOf(read, must(topology.powerControllers, id, "power controller", "power controllers"), "status"),
    act(instant, request, reply) {
      const controller = must(topology.powerControllers, request.controller, "power controller", "power controllers");
      const { ok, text } = reach(instant, controller.id, request.from);
      const refused = !ok && instant.get(cell(controller.id)).value === "refuses";
      if (!ok) {
        const afterMs = refused ? timeOf(instant, controller, "status") : LOGIN_MS;
        instant.after(afterMs, reply, { request, ok: false, text });
        return;
      }
      const statusMs = timeOf(instant, controller, "status");
      if (request.action === "status") instant.after(statusMs, job, { request, reply, step: "answer" });
      else {
        const isOn = request.action === "on";
        const delayMs = isOn ? 0 : (delays.get(`${request.controller} ${request.target}`) ?? 0);
        const sendMs = delayMs + statusMs + (isOn ? timeOf(instant, controller, "on") : 0);
        instant.after(sendMs, job, { request, reply, step: isOn ? "on" : "send" });
      }
    },
    setController(instant, id, how) {
      instant.send(cell(id), { type: EVENTS[how.kind] });
      instant.set(
        troubles.get(id)!,
        how.kind === "slow"
          ? Object.freeze({ ...NO_TROUBLE, byMs: how.byMs })
          : how.kind === "misdirected"
            ? Object.freeze({ byMs: 0, target: how.target, instead: how.instead })
            : NO_TROUBLE,
      );
    },
  };
}

const DONE: Readonly<Record<PowerRequest["action"], string>> = {
  off: "is off",
  on: "is on",
  reboot: "was rebooted",
  status: "answers",
};
