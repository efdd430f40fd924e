import { A, O } from "../state/actions.js";
import { instancesOf } from "../state/instances.js";
import type { Plan } from "../state/plan.js";
import type { OrderingConstraint, OrderingKind, ResourceSet } from "../state/state.js";
import { inverseTask, Task, taskOf } from "../state/tasks.js";
import type { Resource } from "../state/working.js";
import { orderActionThenTask, orderTasks, orderTaskThenAction } from "./orderings.js";

const Symmetry = { Asymmetric: 0, Symmetric: 1, Inverse: 2 } as const;
type Symmetry = (typeof Symmetry)[keyof typeof Symmetry];

/** What a constraint of a kind means for its actions, in one direction; starts and promotions need what they follow. */
function flagsFor(kind: OrderingKind, task: Task, symmetry: Symmetry): number {
  if (kind === "Serialize") return O.Optional | O.SerializeOnly;
  if (kind === "Optional") return O.Optional;
  switch (symmetry) {
    case Symmetry.Asymmetric:
      return O.Optional | O.Asymmetrical;
    case Symmetry.Inverse:
      return O.Optional | O.ImpliesFirst;
    default:
      return O.Optional | O.ImpliesThen | (comesUp(task) ? O.RunnableLeft : 0);
  }
}

function comesUp(task: Task): boolean {
  return task === Task.Start || task === Task.Promote;
}

/** Takes a constraint apart into orderings of tasks. */
export function unpackOrdering(plan: Plan, c: OrderingConstraint): void {
  if (c.first && c.then) {
    simpleOrdering(plan, c, c.first, c.then);
    return;
  }
  let previous: ResourceSet | undefined;
  for (const set of c.sets) {
    const symmetric = isSymmetric(c, set.symmetrical ?? c.symmetrical, set.kind ?? c.kind);
    withinSet(plan, c, set, symmetric);
    if (previous) {
      betweenSets(plan, c, previous, set, symmetric ? Symmetry.Symmetric : Symmetry.Asymmetric);
      if (symmetric) betweenSets(plan, c, set, previous, Symmetry.Inverse);
    }
    previous = set;
  }
}

function isSymmetric(c: OrderingConstraint, written: boolean | undefined, kind: OrderingKind): boolean {
  if (kind === "Serialize") return false;
  return written ?? c.symmetrical ?? true;
}

function simpleOrdering(plan: Plan, c: OrderingConstraint, first: Resource, then: Resource): void {
  const firstTask = taskOf(c.firstAction ?? "start");
  const thenTask = c.thenAction ? taskOf(c.thenAction) : firstTask;
  const symmetric = isSymmetric(c, c.symmetrical, c.kind);
  let flags = flagsFor(c.kind, firstTask, symmetric ? Symmetry.Symmetric : Symmetry.Asymmetric);
  // restart-type=restart makes even an optional ordering restart what comes later.
  const restarts = c.kind === "Optional" && then.meta.get("restart-type") === "restart";
  if (restarts) flags |= O.ImpliesThen;
  const enough = runnableBefore(c, first);
  if (enough > 0 && first.isCollective) orderSomeInstances(plan, c, first, firstTask, then, thenTask, flags, enough);
  else orderTasks(plan, first, firstTask, then, thenTask, flags);
  if (!symmetric) return;
  const undoThen = inverseTask(thenTask);
  const undoFirst = inverseTask(firstTask);
  if (undoThen === Task.None || undoFirst === Task.None) return;
  const back = flagsFor(c.kind, undoThen, Symmetry.Inverse) | (restarts ? O.ImpliesFirst : 0);
  orderTasks(plan, then, undoThen, first, undoFirst, back);
}

/** How many instances of the first must be runnable before the then is: 0 where all that are to run count. */
function runnableBefore(c: OrderingConstraint, first: Resource): number {
  if (!first.isCollective) return 0;
  const min = Number.parseInt(first.meta.get("clone-min") ?? "0", 10) || 0;
  if (min > 0) return min;
  return c.requireAll === false ? 1 : 0;
}

function orderSomeInstances(
  plan: Plan,
  c: OrderingConstraint,
  first: Resource,
  firstTask: Task,
  then: Resource,
  thenTask: Task,
  flags: number,
  enough: number,
): void {
  const gate = plan.clusterPseudo(`clone-one-or-more:${c.id}`, Task.OneOrMore);
  gate.set(A.RequiresAny);
  gate.requiredRunnableBefore = enough;
  for (const instance of instancesOf(first))
    orderTaskThenAction(plan, instance, firstTask, gate, O.OneOrMore | O.ImpliesThenPrinted);
  // Without enough instances the later cannot run, however loose the ordering is otherwise.
  orderActionThenTask(plan, gate, then, thenTask, flags | O.RunnableLeft);
}

function setTask(c: OrderingConstraint, set: ResourceSet): Task {
  return taskOf(set.action ?? c.firstAction ?? "start");
}

function withinSet(plan: Plan, c: OrderingConstraint, set: ResourceSet, symmetric: boolean): void {
  const kind = set.kind ?? c.kind;
  const task = setTask(c, set);
  const members = set.resources;
  const flags = flagsFor(kind, task, symmetric ? Symmetry.Symmetric : Symmetry.Asymmetric);
  if (kind === "Serialize") {
    for (let i = 0; i < members.length; i++) {
      for (let j = i + 1; j < members.length; j++) orderTasks(plan, members[i]!, task, members[j]!, task, flags);
    }
    return;
  }
  if (!set.sequential) return;
  for (let i = 1; i < members.length; i++) orderTasks(plan, members[i - 1]!, task, members[i]!, task, flags);
  const undo = inverseTask(task);
  if (!symmetric || undo === Task.None) return;
  const back = flagsFor(kind, undo, Symmetry.Inverse);
  for (let i = 1; i < members.length; i++) orderTasks(plan, members[i]!, undo, members[i - 1]!, undo, back);
}

/** `first` is the set whose actions come first in this direction: for the inverse, the later set of the constraint. */
function betweenSets(
  plan: Plan,
  c: OrderingConstraint,
  first: ResourceSet,
  then: ResourceSet,
  symmetry: Symmetry,
): void {
  const inverse = symmetry === Symmetry.Inverse;
  const kind = c.kind;
  const firstTask = inverse ? inverseTask(setTask(c, first)) : setTask(c, first);
  const thenTask = inverse ? inverseTask(setTask(c, then)) : setTask(c, then);
  if (firstTask === Task.None || thenTask === Task.None) return;
  // Unlike between two resources, it is the later set's task that says whether it needs the earlier to be able to run.
  const flags = flagsFor(kind, thenTask, symmetry);

  // Some are enough of what starts or is promoted; of what stops or is demoted, all are waited for.
  if (!first.requireAll && comesUp(firstTask)) {
    const gate = plan.clusterPseudo(`one-or-more:${first.id}`, Task.OneOrMore);
    gate.set(A.RequiresAny);
    for (const r of first.resources) orderTaskThenAction(plan, r, firstTask, gate, O.OneOrMore | O.ImpliesThenPrinted);
    for (const r of then.resources) orderActionThenTask(plan, gate, r, thenTask, flags | O.RunnableLeft);
    return;
  }
  // Only a set that says sequential="true" is known by its ends alone.
  const firsts =
    first.sequentialWritten === true
      ? inverse
        ? first.resources.slice(0, 1)
        : first.resources.slice(-1)
      : first.resources;
  const thens =
    then.sequentialWritten === true
      ? inverse
        ? then.resources.slice(-1)
        : then.resources.slice(0, 1)
      : then.resources;
  for (const f of firsts) for (const t of thens) orderTasks(plan, f, firstTask, t, thenTask, flags);
}
