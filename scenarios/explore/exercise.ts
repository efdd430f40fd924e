import type { AnyStateMachine } from "xstate";
import type { XmlElement } from "../../model/cluster/cib/types.js";
import type { MachineCell, MachineState, Reader, SendSink, TraceEntry } from "../../model/kernel/index.js";
import type { Topology } from "../../model/topology/types.js";
import type { Twin } from "../../model/twin/twin.js";
import type { Bits } from "./meeting.js";

/** One thing of the model or of the configuration that a timeline can put to use. */
export type Mark =
  | { readonly kind: "state"; readonly machine: string; readonly state: string }
  | { readonly kind: "transition"; readonly machine: string; readonly state: string; readonly event: string }
  | { readonly kind: "resource"; readonly cluster: string; readonly element: XmlElement }
  | { readonly kind: "constraint"; readonly cluster: string; readonly element: XmlElement }
  | { readonly kind: "membership"; readonly cluster: string }
  | { readonly kind: "boot"; readonly node: string }
  | { readonly kind: "start"; readonly unit: string };

const ACTS = /^(start|stop|promote|demote|migrate)/;
const RESOURCES = new Set(["primitive", "group", "clone", "master", "bundle"]);

/**
 * What of a twin's model and configuration its timelines put to use. A state is entered and a transition taken in the
 * machines' own words; a resource acts where it, or something in it, is started, stopped, promoted or demoted; a
 * colocation, location or ticket acts with its (dependent) resource, an order where two of those that it names act after
 * one decision.
 */
export class Exercise {
  readonly marks: readonly Mark[];
  readonly #index = new Map<string, number>();
  readonly #within = new Map<string, ReadonlyMap<string, readonly string[]>>();
  readonly #constraints = new Map<string, readonly { readonly mark: number; readonly about: readonly string[] }[]>();
  readonly #needed = new Map<number, number>();
  readonly #members = new Map<string, string>();
  /** By cluster, what acted since its last decision. */
  readonly #acting = new Map<string, Set<string>>();
  readonly #changes = new Map<MachineState, Map<string, readonly number[]>>();
  /** States in which the settled world already is. */
  readonly #settled: Bits;
  #done: Uint32Array;

  constructor(twin: Pick<Twin, "topology" | "blueprint">, settled?: Reader) {
    const marks: Mark[] = [];
    const add = (key: string, mark: Mark) => {
      if (this.#index.has(key)) return;
      this.#index.set(key, marks.length);
      marks.push(mark);
    };
    for (const [machine, definition] of machinesOf(twin)) {
      for (const state of leavesOf(definition)) add(`state ${machine} ${state}`, { kind: "state", machine, state });
      for (const [state, event] of transitionsOf(definition))
        add(`on ${machine} ${state} ${event}`, { kind: "transition", machine, state, event });
    }
    for (const { id } of twin.topology.nodes.values()) add(`boot ${id}`, { kind: "boot", node: id });
    for (const unit of twin.topology.services.keys()) add(`start ${unit}`, { kind: "start", unit });
    for (const cluster of twin.topology.clusters.keys()) this.#addCluster(twin.topology, cluster, add);
    this.marks = marks;
    this.#done = new Uint32Array((marks.length + 31) >> 5);
    for (const cell of settled ? twin.blueprint.cells : []) {
      const { machine } = cell as Partial<MachineCell>;
      if (machine && settled)
        for (const part of partsOf(settled.get(cell as MachineCell))) this.#put(`state ${machine.id} ${part}`);
    }
    this.#settled = this.#done.slice();
  }

  #addCluster(topology: Topology, cluster: string, add: (key: string, mark: Mark) => void): void {
    const { configuration } = topology.clusters.get(cluster)!.cib;
    for (const { node } of topology.clusters.get(cluster)!.nodes) this.#members.set(node, cluster);
    add(`membership ${cluster}`, { kind: "membership", cluster });
    const within = new Map<string, readonly string[]>();
    const walk = (element: XmlElement, around: readonly string[]) => {
      const id = element.attrs["id"];
      const inside = RESOURCES.has(element.name) && id !== undefined ? [...around, id] : around;
      if (inside !== around) {
        within.set(id!, inside);
        add(`resource ${cluster} ${id}`, { kind: "resource", cluster, element });
      }
      for (const child of element.children) walk(child, inside);
    };
    for (const section of configuration.children) if (section.name === "resources") walk(section, []);
    this.#within.set(cluster, within);
    const constraints: { mark: number; about: readonly string[] }[] = [];
    for (const section of configuration.children)
      for (const element of section.name === "constraints" ? section.children : []) {
        const key = `constraint ${cluster} ${element.attrs["id"]}`;
        add(key, { kind: "constraint", cluster, element });
        const mark = this.#index.get(key)!;
        constraints.push({ mark, about: aboutOf(element) });
        this.#needed.set(mark, element.name === "rsc_order" ? 2 : 1);
      }
    this.#constraints.set(cluster, constraints);
  }

  readonly onSend: SendSink = (cell, before, event, after) => {
    for (const mark of this.#ofChange(before, event.type, after)) this.#set(mark);
    if (cell.name.startsWith("unit/")) this.#put(`start ${cell.name.slice("unit/".length)}`);
    if (event.type === "NODE_BOOTED") this.#put(`boot ${cell.name.slice("node/".length)}`);
  };

  /** Worked out once: states are interned, and machines change often. */
  #ofChange(before: MachineState, event: string, after: MachineState): readonly number[] {
    let ofState = this.#changes.get(before);
    if (!ofState) {
      ofState = new Map();
      this.#changes.set(before, ofState);
    }
    const key = `${event} ${after.id}`;
    let marks = ofState.get(key);
    if (!marks) {
      marks = keysOfChange(before, event, after).flatMap((name) => this.#index.get(name) ?? []);
      ofState.set(key, marks);
    }
    return marks;
  }

  readonly onTrace = ({ kind, subject, what }: TraceEntry): void => {
    if (kind !== "membership" && kind !== "decision" && kind !== "action") return;
    const [sort = "", cluster = "", name = ""] = subject.split("/", 3);
    if (kind === "membership") this.#put(`membership ${sort === "cluster" ? cluster : this.#members.get(cluster)}`);
    if (kind === "decision") this.#acting.set(cluster, new Set());
    if (kind === "action" && sort === "resource" && ACTS.test(what))
      this.#act(cluster, name.replace(/(:\d+)?@.*$/, ""));
  };

  /** A timeline begins: what acted in another one is not of its decisions. */
  begin(): void {
    this.#acting.clear();
  }

  #act(cluster: string, resource: string): void {
    const acting = this.#acting.get(cluster) ?? new Set();
    this.#acting.set(cluster, acting);
    for (const id of this.#within.get(cluster)?.get(resource) ?? []) {
      acting.add(id);
      this.#put(`resource ${cluster} ${id}`);
    }
    for (const { mark, about } of this.#constraints.get(cluster) ?? [])
      if (about.filter((id) => acting.has(id)).length >= this.#needed.get(mark)!) this.#set(mark);
  }

  #put(key: string): void {
    const mark = this.#index.get(key);
    if (mark !== undefined) this.#set(mark);
  }

  #set(mark: number): void {
    this.#done[mark >> 5]! |= 1 << (mark & 31);
  }

  /** What was put to use since the last time. */
  take(): Bits {
    const done = this.#done;
    this.#done = this.#settled.slice();
    return done;
  }
}

function keysOfChange(before: MachineState, event: string, after: MachineState): readonly string[] {
  const { id } = before.machine;
  const keys = partsOf(after).map((part) => `state ${id} ${part}`);
  for (const part of partsOf(before))
    for (let path = part; ; path = path.slice(0, Math.max(0, path.lastIndexOf(".")))) {
      keys.push(`on ${id} ${path} ${event}`);
      if (path === "") break;
    }
  return keys;
}

/** Machines that something of this twin is: by their XState id. */
function machinesOf({ blueprint }: Pick<Twin, "blueprint">): ReadonlyMap<string, AnyStateMachine> {
  const found = new Map<string, AnyStateMachine>();
  for (const cell of blueprint.cells) {
    const { machine } = cell as unknown as Partial<MachineCell>;
    if (machine) found.set(machine.id, machine.definition);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

type StateNode = AnyStateMachine["root"];

function* nodesOf(node: StateNode): Generator<StateNode> {
  yield node;
  for (const child of Object.values(node.states)) yield* nodesOf(child as StateNode);
}

function* leavesOf({ root }: AnyStateMachine): Generator<string> {
  for (const node of nodesOf(root)) if (Object.keys(node.states).length === 0) yield node.path.join(".");
}

function* transitionsOf({ root }: AnyStateMachine): Generator<readonly [string, string]> {
  for (const node of nodesOf(root))
    for (const event of node.transitions.keys()) if (event !== "") yield [node.path.join("."), event];
}

/** The regions of a state's value, each with its path. */
function partsOf({ value }: MachineState): readonly string[] {
  return value.split("|");
}

/** Resources that a constraint names, those of its sets included; of a colocation the dependent ones. */
function aboutOf({ name, attrs, children }: XmlElement): readonly string[] {
  const named = name === "rsc_order" ? [attrs["first"], attrs["then"]] : [attrs["rsc"]];
  const ofSets = children.flatMap((set) => set.children.map((reference) => reference.attrs["id"]));
  return [...named, ...ofSets].filter((id) => id !== undefined);
}
