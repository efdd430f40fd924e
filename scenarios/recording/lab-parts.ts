import type { Blueprint, Cell, EventType, Instant, Reader } from "../../model/kernel/index.js";
import type {
  Agents,
  Hosts,
  Network,
  NodeId,
  Outcome,
  Power,
  PowerResult,
  ResourceAgent,
} from "../../model/twin/parts.js";

/**
 * The lab's machines as parts of a twin: namespaces that are there or not, one bridge, one power controller for all,
 * and agents that keep a file (Dummy, Stateful) or an address (IPaddr2). Small, because the lab is.
 */
export interface LabParts {
  readonly hosts: Hosts;
  readonly network: Network;
  readonly agents: Agents;
  readonly power: Power;
  isolate(instant: Instant, node: NodeId, isolated: boolean): void;
  setPowerController(instant: Instant, works: boolean): void;
  /** What somebody finds or removes on a node: `Dummy-mysql.state`, `address 10.78.0.100`. */
  readonly traces: Cell<ReadonlyMap<string, string>>;
  /** Trouble with attributes: the Stateful agent sets its promotion score through this. */
  onAttribute(set: (instant: Instant, node: NodeId, name: string, value: string | undefined) => void): void;
  /** A primitive's parameters as a node's CIB has them now. */
  onParameters(read: ParametersOf): void;
  /** A fence took a node's power: the recorder's `bmc-off` and `bmc-refused`. */
  onPower(listener: (instant: Instant, what: "bmc-off" | "bmc-refused", node: NodeId) => void): void;
}

type ParametersOf = (read: Reader, node: NodeId, resource: string) => ReadonlyMap<string, string> | undefined;

export interface LabPrimitive {
  readonly id: string;
  readonly class: string;
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Agents' own time, measured in the lab: a shell script with little to do. */
const DURATIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  IPaddr2: { start: 55, stop: 45, monitor: 40 },
  Stateful: { start: 30, stop: 20, monitor: 12, promote: 20, demote: 20 },
  Dummy: { start: 16, stop: 12, monitor: 10 },
};

/** fence_lab: a Python interpreter starts and connects to the power controller, and hears back. */
const AGENT_START_MS = 58;
const AGENT_END_MS = 10;
/** A new namespace is there at once; what takes time is the cluster stack's own start. */
const BOOT_MS = 1;

export function labParts(
  blueprint: Blueprint,
  nodes: readonly NodeId[],
  primitives: ReadonlyMap<string, LabPrimitive>,
  fenceActionMs: number,
): LabParts {
  type HostState = "up" | "off" | "frozen" | "booting";
  const states = new Map(nodes.map((node) => [node, blueprint.cell<HostState>(`node/${node}`, "up")]));
  const isolated = new Map(nodes.map((node) => [node, blueprint.cell(`node/${node}/isolated`, false)]));
  const controllerWorks = blueprint.cell("power/bmc", true);
  const traces = blueprint.cell<ReadonlyMap<string, string>>("lab/traces", new Map());
  const stateOf = (node: NodeId) => {
    const cell = states.get(node);
    if (!cell) throw new Error(`unknown node "${node}"; nodes: ${nodes.join(", ")}`);
    return cell;
  };
  const lost: ((instant: Instant, node: NodeId) => void)[] = [];
  const up: ((instant: Instant, node: NodeId) => void)[] = [];
  const freezing: ((instant: Instant, node: NodeId, frozen: boolean) => void)[] = [];
  const powerListeners: Parameters<LabParts["onPower"]>[0][] = [];
  let setAttribute: Parameters<LabParts["onAttribute"]>[0] = () => {};
  let parametersOf: ParametersOf = () => undefined;

  const booted = blueprint.event<NodeId>("lab/booted", (instant, node) => {
    if (instant.get(stateOf(node)) !== "booting") return;
    instant.set(stateOf(node), "up");
    for (const listener of up) listener(instant, node);
  });
  const powerOff = (instant: Instant, node: NodeId): void => {
    if (instant.get(stateOf(node)) === "off") return;
    instant.set(stateOf(node), "off");
    instant.set(traces, new Map([...instant.get(traces)].filter(([key]) => !key.startsWith(`${node}/`))));
    for (const listener of lost) listener(instant, node);
  };

  const hosts: Hosts = {
    state: (read, node) => read.get(stateOf(node)),
    isRunning: (read, node) => read.get(stateOf(node)) === "up",
    powerOff,
    powerOn(instant, node) {
      if (instant.get(stateOf(node)) !== "off") return;
      instant.set(stateOf(node), "booting");
      instant.after(BOOT_MS, booted, node);
    },
    freeze(instant, node) {
      if (instant.get(stateOf(node)) !== "up") return;
      instant.set(stateOf(node), "frozen");
      for (const listener of freezing) listener(instant, node, true);
    },
    thaw(instant, node) {
      if (instant.get(stateOf(node)) !== "frozen") return;
      instant.set(stateOf(node), "up");
      for (const listener of freezing) listener(instant, node, false);
    },
    shutdown: powerOff,
    onLost: (listener) => void lost.push(listener),
    onUp: (listener) => void up.push(listener),
    onFreeze: (listener) => void freezing.push(listener),
    onShutdown() {},
    release() {},
    setFeed: notInTheLab,
    setHypervisor: notInTheLab,
  };

  const network = {
    passes: (read, from, to) => !read.get(isolated.get(from)!) && !read.get(isolated.get(to)!),
  } as Pick<Network, "passes"> as Network;

  const act = blueprint.event<{ request: PowerResult["request"]; reply: EventType<PowerResult> }>(
    "lab/power",
    (instant, { request, reply }) => {
      const works = instant.get(controllerWorks);
      if (request.action === "off" || request.action === "reboot") {
        // The namespace goes away and stays away, for a reboot too.
        if (works) powerOff(instant, request.target);
        for (const listener of powerListeners) listener(instant, works ? "bmc-off" : "bmc-refused", request.target);
      }
      instant.after(AGENT_END_MS, reply, { request, ok: works, text: works ? "" : "refused by the power controller" });
    },
  );
  const power = {
    act(instant, request, reply) {
      const takesMs = request.action === "off" || request.action === "reboot" ? fenceActionMs : 0;
      instant.after(AGENT_START_MS + takesMs, act, { request, reply });
    },
    // fence_lab's monitor says yes whatever the power controller thinks.
    answers: () => true,
    setController: notInTheLab,
  } as Pick<Power, "act" | "answers" | "setController"> as Power;

  const agents = {
    agentFor(_cluster, resource): ResourceAgent {
      const primitive = primitives.get(resource);
      if (!primitive)
        throw new Error(`unknown resource "${resource}"; resources: ${[...primitives.keys()].join(", ")}`);
      const parameters: ParametersOf = (read, node, id) => parametersOf(read, node, id) ?? primitive.parameters;
      return labAgent(primitive, parameters, traces, (instant, node, name, value) =>
        setAttribute(instant, node, name, value),
      );
    },
    override: notInTheLab,
    generic: [],
  } as Agents;

  return {
    hosts,
    network,
    agents,
    power,
    traces,
    isolate: (instant, node, on) => instant.set(isolated.get(node)!, on),
    setPowerController: (instant, works) => instant.set(controllerWorks, works),
    onAttribute(set) {
      setAttribute = set;
    },
    onParameters(read) {
      parametersOf = read;
    },
    onPower: (listener) => void powerListeners.push(listener),
  };
}

function notInTheLab(): never {
  throw new Error("the lab has none of these");
}

/** Types of agents that the lab's recordings use; others are played as Dummy, and the comparison says so. */
export function isKnownAgent(primitive: LabPrimitive): boolean {
  return primitive.class === "stonith" || ["IPaddr2", "Stateful", "Dummy"].includes(primitive.type);
}

/** The key of what an agent leaves on a node while it is active. */
export function traceOf(primitive: LabPrimitive, node: NodeId): string {
  if (primitive.type === "IPaddr2") return `${node}/address/${primitive.parameters.get("ip") ?? primitive.id}`;
  const file =
    primitive.parameters.get("state") ??
    `/run/${primitive.type === "Stateful" ? "Stateful" : "Dummy"}-${primitive.id}.state`;
  return `${node}/file${file.replace(/^\/var\/run\//, "/run/")}`;
}

function labAgent(
  primitive: LabPrimitive,
  parametersOf: ParametersOf,
  traces: Cell<ReadonlyMap<string, string>>,
  setAttribute: (instant: Instant, node: NodeId, name: string, value: string | undefined) => void,
): ResourceAgent {
  const durations = DURATIONS[primitive.type] ?? DURATIONS["Dummy"]!;
  const outcome = (rc: number, operation: string, parameters?: ReadonlyMap<string, string>): Outcome => {
    const sleepMs = 1000 * (Number(parameters?.get("op_sleep") ?? 0) || 0);
    return { rc, durationMs: (durations[operation] ?? 10) + (primitive.type === "Dummy" ? sleepMs : 0) };
  };
  const promotable = primitive.type === "Stateful";
  const score = `master-${primitive.id}`;
  return {
    monitor(read, node) {
      const found = read.get(traces).get(traceOf(primitive, node));
      return outcome(
        found === undefined ? 7 : found === "promoted" ? 8 : 0,
        "monitor",
        parametersOf(read, node, primitive.id),
      );
    },
    begin(instant, node, operation) {
      const parameters = parametersOf(instant, node, primitive.id);
      const bogus = operation === "start" && parameters?.get("fail_start_on") === node;
      const active = instant.get(traces).has(traceOf(primitive, node));
      const nothingThere = (operation === "promote" || operation === "demote") && !active;
      return outcome(bogus ? 1 : nothingThere ? 7 : 0, operation, parameters);
    },
    complete(instant, node, operation, { rc }) {
      if (rc === 7) return;
      const key = traceOf(primitive, node);
      const map = new Map(instant.get(traces));
      if (operation === "stop" || operation === "migrate_to") map.delete(key);
      else map.set(key, operation === "promote" ? "promoted" : "active");
      instant.set(traces, map);
      if (!promotable) return;
      setAttribute(instant, node, score, operation === "stop" ? undefined : operation === "promote" ? "10" : "5");
    },
  };
}
