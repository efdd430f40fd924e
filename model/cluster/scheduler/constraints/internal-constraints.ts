import { bundleConstraints } from "../actions/bundle-actions.js";
import { orderAroundUnfencing } from "../actions/unfencing.js";
import { A, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import { F, type Resource, Role } from "../state/working.js";
import { addColocation } from "./colocation-constraints.js";
import { avoidRemoteNodes, bindToContainer } from "./containers.js";
import { orderTasks } from "./orderings.js";

/** What goes without saying: a resource stops before it starts again, a group's members go one after the other, … */
export function createInternalConstraints(plan: Plan): void {
  for (const resource of plan.resources) internalConstraints(plan, resource);
}

export function internalConstraints(plan: Plan, resource: Resource): void {
  switch (resource.variant) {
    case "primitive":
      ofPrimitive(plan, resource);
      return;
    case "group":
      ofGroup(plan, resource);
      return;
    case "clone":
      ofClone(plan, resource);
      return;
    default:
      bundleConstraints(plan, resource, (part) => internalConstraints(plan, part));
  }
}

function ofPrimitive(plan: Plan, r: Resource): void {
  if (!r.is(F.Managed)) return;
  orderTasks(plan, r, Task.Stop, r, Task.Start, O.Optional | O.ImpliesThen | O.Restart);
  if (isPromotable(r) || r.role > Role.Unpromoted) {
    orderTasks(plan, r, Task.Demote, r, Task.Stop, O.PromotedImpliesFirst);
    orderTasks(plan, r, Task.Start, r, Task.Promote, O.RunnableLeft);
  }
  orderTasks(plan, r, Task.Delete, r, Task.Monitor, O.Optional);
  orderAroundUnfencing(plan, r);
  if (r.container) bindToContainer(plan, r, r.container);
  if (r.remoteNode || r.is(F.FenceDevice)) avoidRemoteNodes(plan, r);
  if (plan.options.placementStrategy !== "default" && r.utilization.size > 0) orderByLoad(plan, r);
}

function isPromotable(resource: Resource): boolean {
  for (let r: Resource | undefined = resource; r; r = r.parent) if (r.is(F.Promotable)) return true;
  return false;
}

/** With utilization, a node's capacity is free for a newcomer only once what leaves it has stopped. */
function orderByLoad(plan: Plan, r: Resource): void {
  for (const node of r.runningOn) {
    const loadStopped = plan.clusterPseudo(`load_stopped_${node.name}`, Task.LoadStopped);
    loadStopped.node = node;
    loadStopped.clear(A.Optional);
    plan.orderings.push({
      firstResource: r,
      firstTask: Task.Stop,
      firstAction: undefined,
      thenResource: undefined,
      thenTask: Task.None,
      thenAction: loadStopped,
      flags: O.Load,
    });
  }
  for (const node of plan.nodes) {
    if (!r.allowed[node.index]) continue;
    const loadStopped = plan.clusterPseudo(`load_stopped_${node.name}`, Task.LoadStopped);
    loadStopped.node = node;
    loadStopped.clear(A.Optional);
    for (const task of [Task.Start, Task.MigrateTo]) {
      plan.orderings.push({
        firstResource: undefined,
        firstTask: Task.None,
        firstAction: loadStopped,
        thenResource: r,
        thenTask: task,
        thenAction: undefined,
        flags: O.Load,
      });
    }
  }
}

function ofGroup(plan: Plan, group: Resource): void {
  orderTasks(plan, group, Task.Stop, group, Task.Stopped, O.RunnableLeft);
  orderTasks(plan, group, Task.Stopped, group, Task.Start, O.Optional);
  orderTasks(plan, group, Task.Start, group, Task.Started, O.RunnableLeft);
  const promotable = isPromotable(group);
  let previous: Resource | undefined;
  let critical = true;
  let previousActive: Resource | undefined;
  for (const member of group.children) {
    internalConstraints(plan, member);
    const head = previous === undefined && group.ordered;
    const down = O.ImpliesFirstPrinted | (head ? O.Optional : 0);
    const post = head ? O.ImpliesThen : O.ImpliesThenPrinted;
    if (previous && group.colocated) {
      critical &&= member.is(F.Critical);
      addColocation({
        id: "group:internal_colocation",
        score: INFINITY,
        dependent: member,
        primary: previous,
        dependentRole: Role.Unknown,
        primaryRole: Role.Unknown,
        nodeAttribute: "#uname",
        influence: critical,
      });
    }
    if (promotable) {
      orderTasks(plan, group, Task.Demote, member, Task.Demote, down);
      orderTasks(plan, member, Task.Demote, group, Task.Demoted, post);
      orderTasks(
        plan,
        member,
        Task.Promote,
        group,
        Task.Promoted,
        O.ImpliesThen | O.RunnableLeft | O.ImpliesThenPrinted,
      );
      orderTasks(plan, group, Task.Promote, member, Task.Promote, O.ImpliesFirstPrinted);
    }
    orderTasks(plan, group, Task.Stop, member, Task.Stop, down);
    orderTasks(plan, member, Task.Stop, group, Task.Stopped, post);
    orderTasks(plan, group, Task.Start, member, Task.Start, O.ImpliesFirstPrinted);
    orderTasks(plan, member, Task.Start, group, Task.Started, O.RunnableLeft | O.ImpliesThen | O.ImpliesThenPrinted);
    if (!group.ordered) {
      orderTasks(plan, group, Task.Start, member, Task.Start, O.ImpliesThen | O.RunnableLeft | O.ImpliesFirstPrinted);
    } else if (previous) {
      orderTasks(plan, previous, Task.Start, member, Task.Start, O.ImpliesThen | O.RunnableLeft);
      orderTasks(plan, member, Task.Stop, previous, Task.Stop, O.Optional | O.Restart);
      if (promotable) {
        orderTasks(plan, previous, Task.Promote, member, Task.Promote, O.ImpliesThen | O.RunnableLeft);
        orderTasks(plan, member, Task.Demote, previous, Task.Demote, O.Optional);
      }
      // A member that is active though the one before it is not: its stop waits for the active one further ahead.
      if (member.runningOn.length > 0 && previousActive && previous.runningOn.length === 0) {
        orderTasks(plan, member, Task.Stop, previousActive, Task.Stop, O.Optional);
      }
    }
    if (member.runningOn.length > 0) previousActive = member;
    previous = member;
  }
}

function ofClone(plan: Plan, clone: Resource): void {
  const promotable = clone.is(F.Promotable);
  orderTasks(plan, clone, Task.Stopped, clone, Task.Start, O.Optional);
  orderTasks(plan, clone, Task.Start, clone, Task.Started, O.RunnableLeft);
  orderTasks(plan, clone, Task.Stop, clone, Task.Stopped, O.RunnableLeft);
  if (promotable) {
    orderTasks(plan, clone, Task.Demoted, clone, Task.Stop, O.Optional);
    orderTasks(plan, clone, Task.Started, clone, Task.Promote, O.RunnableLeft);
  }
  let previous: Resource | undefined;
  const instances = clone.children;
  for (const instance of instances) {
    internalConstraints(plan, instance);
    orderTasks(plan, clone, Task.Start, instance, Task.Start, O.RunnableLeft | O.ImpliesFirstPrinted);
    orderTasks(plan, instance, Task.Start, clone, Task.Started, O.ImpliesThenPrinted);
    orderTasks(plan, clone, Task.Stop, instance, Task.Stop, O.ImpliesFirstPrinted);
    orderTasks(plan, instance, Task.Stop, clone, Task.Stopped, O.ImpliesThenPrinted);
    if (clone.ordered && previous) {
      orderTasks(plan, previous, Task.Start, instance, Task.Start, O.Optional);
      orderTasks(plan, instance, Task.Stop, previous, Task.Stop, O.Optional);
    }
    previous = instance;
  }
  if (promotable) ofPromotable(plan, clone, instances);
}

function ofPromotable(plan: Plan, clone: Resource, instances: readonly Resource[]): void {
  orderTasks(plan, clone, Task.Stopped, clone, Task.Start, O.Optional);
  orderTasks(plan, clone, Task.Stopped, clone, Task.Promote, O.Optional);
  orderTasks(plan, clone, Task.Demoted, clone, Task.Stop, O.Optional);
  orderTasks(plan, clone, Task.Demoted, clone, Task.Start, O.Optional);
  orderTasks(plan, clone, Task.Demoted, clone, Task.Promote, O.Optional);
  orderTasks(plan, clone, Task.Started, clone, Task.Promote, O.Optional);
  orderTasks(plan, clone, Task.Demote, clone, Task.Demoted, O.Optional);
  let previous: Resource | undefined;
  for (const instance of instances) {
    orderTasks(plan, instance, Task.Demote, instance, Task.Promote, O.Optional);
    orderTasks(plan, clone, Task.Promote, instance, Task.Promote, O.Optional);
    orderTasks(plan, instance, Task.Promote, clone, Task.Promoted, O.Optional);
    orderTasks(plan, clone, Task.Demote, instance, Task.Demote, O.ImpliesFirstPrinted);
    orderTasks(plan, instance, Task.Demote, clone, Task.Demoted, O.ImpliesThenPrinted);
    if (clone.ordered && previous) {
      orderTasks(plan, previous, Task.Promote, instance, Task.Promote, O.Optional);
      orderTasks(plan, instance, Task.Demote, previous, Task.Demote, O.Optional);
    }
    previous = instance;
  }
}

/** Two that must never be together: each starts (or is promoted) only after the other has left. */
export function orderAntiColocations(plan: Plan): void {
  for (const c of plan.colocations) {
    if (c.score > -INFINITY) continue;
    antiOrder(plan, c.dependent, c.dependentRole, c.primary, c.primaryRole);
    antiOrder(plan, c.primary, c.primaryRole, c.dependent, c.dependentRole);
  }
}

function antiOrder(plan: Plan, first: Resource, firstRole: Role, then: Resource, thenRole: Role): void {
  const leaves =
    firstRole === Role.Promoted
      ? [Task.Demote]
      : firstRole === Role.Unpromoted
        ? [Task.Stop, Task.Promote]
        : [Task.Stop];
  const comes =
    thenRole === Role.Promoted
      ? [Task.Promote]
      : thenRole === Role.Unpromoted
        ? [Task.Start, Task.Demote]
        : [Task.Start];
  for (const leave of leaves) for (const come of comes) orderTasks(plan, first, leave, then, come, O.AntiColocation);
}
