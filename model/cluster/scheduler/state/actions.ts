import type { XmlElement } from "../../cib/types.js";
import { Task, taskName } from "./tasks.js";
import { F, type Node, type Resource, Role } from "./working.js";

/** Facts of an action that are true or false, one bit each. */
export const A = {
  /** Nothing is executed: a point that others are ordered against. */
  Pseudo: 1 << 0,
  Runnable: 1 << 1,
  /** Not needed so far: kept out of the graph unless an ordering makes it required. */
  Optional: 1 << 2,
  /** In the graph although optional, because something required hangs on it. */
  PrintAlways: 1 << 3,
  ImpliedByFencing: 1 << 4,
  /** May run even while the resource migrates (a migration's own actions). */
  MigrateRunnable: 1 << 5,
  Dangling: 1 << 6,
  /** Runnable as soon as enough of its inputs are (clone-min, require-all=false). */
  RequiresAny: 1 << 7,
  Reschedule: 1 << 8,
  Tracking: 1 << 9,
  /** To be executed by the controller of the DC, wherever that is. */
  Dc: 1 << 10,
  Dumped: 1 << 11,
  Processed: 1 << 12,
} as const;

/** What an ordering between two actions means, one bit each. */
export const O = {
  /** First before then, where both happen anyway. */
  Optional: 1 << 0,
  /** For migrations: applies where the first cannot migrate. */
  FirstNonMigratable: 1 << 1,
  /** If then is required, so is first. */
  ImpliesFirst: 1 << 4,
  /** If first is required, so is then. */
  ImpliesThen: 1 << 5,
  /** If then is required and its resource is to be promoted, first is required. */
  PromotedImpliesFirst: 1 << 6,
  ImpliesFirstMigratable: 1 << 7,
  /** Then can run only if first can. */
  RunnableLeft: 1 << 8,
  /** First is needed only as long as then can run. */
  PseudoLeft: 1 << 9,
  ImpliesThenOnNode: 1 << 10,
  Probe: 1 << 11,
  /** First is a stop that belongs to a restart whose start is then. */
  Restart: 1 << 12,
  FencingStop: 1 << 13,
  SerializeOnly: 1 << 14,
  SameNode: 1 << 15,
  /** If then is in the graph, so is first, required or not. */
  ImpliesFirstPrinted: 1 << 16,
  ImpliesThenPrinted: 1 << 17,
  Asymmetrical: 1 << 20,
  /** Only while both need the same node's capacity. */
  Load: 1 << 21,
  OneOrMore: 1 << 22,
  AntiColocation: 1 << 23,
  /** Hold the ordering whatever happens to the actions. */
  Preserve: 1 << 24,
  ThenCancelsFirst: 1 << 25,
} as const;

export interface Edge {
  readonly first: Action;
  readonly then: Action;
  flags: number;
}

/** What an action needs of the cluster before it may run. */
export type Requires = "nothing" | "quorum" | "fencing" | "unfencing";

export class Action {
  flags: number = A.Runnable;
  reason: string | undefined = undefined;
  /** Orderings in which this is the then, and those in which it is the first. */
  readonly inputs: Edge[] = [];
  readonly outputs: Edge[] = [];
  requires: Requires = "nothing";
  config: XmlElement | undefined = undefined;
  requiredRunnableBefore = 0;
  runnableBefore = 0;
  priority = 0;
  canFail = false;
  /** The role that the resource has after a failure: undefined where that depends on nothing of the configuration. */
  failRole: Role = Role.Unknown;
  /** Attributes of the graph action that only this kind has (migration source and target, expected result, …). */
  extra: Record<string, string> | undefined = undefined;
  fenceAction: "off" | "reboot" | "on" | undefined = undefined;
  /** For a notification, the task that it is about. */
  about: Task | undefined = undefined;
  expectedRc: number | undefined = undefined;
  /** The operation of a recurring action (monitor, nearly always) or the one that a cancellation takes away. */
  ownTask: string | undefined = undefined;
  /** The search that last came by (for what hangs on a probe). */
  searchedIn = 0;
  /** The action that last took this one among its inputs in the graph. */
  inputOf: Action | undefined = undefined;
  /** Position in the decision's graph, -1 while not in it. */
  graphId = -1;
  readonly id: number;
  readonly resource: Resource | undefined;
  /** Once planned, it changes only from a recurring operation to the end of it. */
  task: Task;
  readonly intervalMs: number;
  node: Node | undefined;
  /** Where the key is not RESOURCE_TASK_INTERVAL. */
  ownKey: string | undefined;
  constructor(
    id: number,
    resource: Resource | undefined,
    task: Task,
    intervalMs: number,
    node: Node | undefined,
    ownKey: string | undefined,
  ) {
    this.id = id;
    this.resource = resource;
    this.task = task;
    this.intervalMs = intervalMs;
    this.node = node;
    this.ownKey = ownKey;
  }

  is(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
  set(flag: number): void {
    this.flags |= flag;
  }
  clear(flag: number): void {
    this.flags &= ~flag;
  }
  get key(): string {
    if (this.ownKey !== undefined) return this.ownKey;
    return this.resource ? operationKey(this.resource, this.task, this.intervalMs) : taskName[this.task]!;
  }
}

export function operationKey(resource: Resource, task: Task, intervalMs: number): string {
  return `${resource.id}_${task === Task.Cancel ? "monitor" : taskName[task]}_${intervalMs}`;
}

/** True where an equal ordering stood already: one that shares a meaning with a new one makes the new one idle. */
export function orderActions(first: Action | undefined, then: Action | undefined, flags: number): boolean {
  if (!first || !then || flags === 0) return false;
  const outputs = first.outputs;
  const inputs = then.inputs;
  if (outputs.length <= inputs.length) {
    for (const e of outputs) if (e.then === then && e.flags & flags) return false;
  } else {
    for (const e of inputs) if (e.first === first && e.flags & flags) return false;
  }
  addEdge(first, then, flags);
  return true;
}

/** Orders two actions that are known to have no ordering between them yet. */
export function addEdge(first: Action, then: Action, flags: number): void {
  const edge = { first, then, flags };
  first.outputs.push(edge);
  then.inputs.push(edge);
}

export function findAction(
  resource: Resource,
  task: Task,
  intervalMs: number,
  node: Node | undefined,
): Action | undefined {
  const list = resource.actions;
  for (let i = list.length - 1; i >= 0; i--) {
    const a = list[i]!;
    if (a.task === task && a.intervalMs === intervalMs && (node === undefined || a.node === node)) return a;
  }
  return undefined;
}

/** An action asked for before it was known where it is to happen. */
export function findUnplaced(resource: Resource, task: Task, intervalMs: number): Action | undefined {
  for (const a of resource.actions) if (a.task === task && a.intervalMs === intervalMs && !a.node) return a;
  return undefined;
}

/** The actions of a resource that do one task (not recurring), newest first, on one node or anywhere. */
export function findActions(resource: Resource, task: Task, node?: Node): Action[] {
  const found: Action[] = [];
  const list = resource.actions;
  for (let i = list.length - 1; i >= 0; i--) {
    const a = list[i]!;
    if (a.task === task && a.intervalMs === 0 && (node === undefined || a.node === node)) found.push(a);
  }
  return found;
}

/** Whether an instance's history or assignment makes it unmanaged for actions that are not recurring. */
export function isUnmanaged(resource: Resource): boolean {
  return !resource.is(F.Managed);
}
