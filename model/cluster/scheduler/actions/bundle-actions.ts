import { addColocation } from "../constraints/colocation-constraints.js";
import { orderTasks, orderTaskThenAction } from "../constraints/orderings.js";
import { A, findActions, O } from "../state/actions.js";
import { bundledClone } from "../state/instances.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Replica, type Resource, Role } from "../state/working.js";

/** What goes without saying of a bundle: how it, its containers and the primitive inside follow one another. */
export function bundleConstraints(plan: Plan, bundle: Resource, each: (part: Resource) => void): void {
  const clone = bundledClone(bundle);
  if (clone) {
    orderTasks(plan, bundle, Task.Start, clone, Task.Start, O.ImpliesFirstPrinted);
    orderTasks(plan, bundle, Task.Stop, clone, Task.Stop, O.ImpliesFirstPrinted);
    orderTasks(plan, clone, Task.Started, bundle, Task.Started, O.ImpliesThenPrinted);
    orderTasks(plan, clone, Task.Stopped, bundle, Task.Stopped, O.ImpliesThenPrinted);
  }
  for (const replica of bundle.replicas) replicaConstraints(plan, replica, each);
  if (!clone) return;
  each(clone);
  if (!clone.is(F.Promotable)) return;
  promotionConstraints(plan, bundle);
  orderTasks(plan, bundle, Task.Promote, clone, Task.Promote, O.ImpliesFirstPrinted);
  orderTasks(plan, clone, Task.Promoted, bundle, Task.Promoted, O.ImpliesThenPrinted);
  orderTasks(plan, bundle, Task.Demote, clone, Task.Demote, O.ImpliesFirstPrinted);
  orderTasks(plan, clone, Task.Demoted, bundle, Task.Demoted, O.ImpliesThenPrinted);
}

function promotionConstraints(plan: Plan, bundle: Resource): void {
  orderTasks(plan, bundle, Task.Stopped, bundle, Task.Start, O.Optional);
  orderTasks(plan, bundle, Task.Stopped, bundle, Task.Promote, O.Optional);
  orderTasks(plan, bundle, Task.Demoted, bundle, Task.Stop, O.Optional);
  orderTasks(plan, bundle, Task.Demoted, bundle, Task.Start, O.Optional);
  orderTasks(plan, bundle, Task.Demoted, bundle, Task.Promote, O.Optional);
  orderTasks(plan, bundle, Task.Started, bundle, Task.Promote, O.Optional);
  orderTasks(plan, bundle, Task.Demote, bundle, Task.Demoted, O.Optional);
}

function replicaConstraints(plan: Plan, replica: Replica, each: (part: Resource) => void): void {
  const { bundle, container, ip, remote, child } = replica;
  each(container);
  orderTasks(plan, bundle, Task.Start, container, Task.Start, O.RunnableLeft | O.ImpliesFirstPrinted);
  if (child) orderTasks(plan, bundle, Task.Stop, child, Task.Stop, O.ImpliesFirstPrinted);
  orderTasks(plan, bundle, Task.Stop, container, Task.Stop, O.ImpliesFirstPrinted);
  orderTasks(plan, container, Task.Start, bundle, Task.Started, O.ImpliesThenPrinted);
  orderTasks(plan, container, Task.Stop, bundle, Task.Stopped, O.ImpliesThenPrinted);
  if (ip) {
    each(ip);
    orderTasks(plan, ip, Task.Start, container, Task.Start, O.RunnableLeft | O.Preserve);
    orderTasks(plan, container, Task.Stop, ip, Task.Stop, O.ImpliesFirst | O.Preserve);
    addColocation({
      id: "ip-with-docker",
      score: INFINITY,
      dependent: ip,
      primary: container,
      dependentRole: Role.Unknown,
      primaryRole: Role.Unknown,
      nodeAttribute: "#uname",
      influence: true,
    });
  }
  if (remote) each(remote);
}

/** Plans the actions of a bundle's parts, and the points that stand for the bundle as a whole. */
export function createBundleActions(plan: Plan, bundle: Resource, create: (part: Resource) => void): void {
  for (const { ip, container, remote } of bundle.replicas) {
    for (const part of [ip, container, remote]) if (part) create(part);
  }
  const starts = bundle.replicas.some((r) => does(r.container, Task.Start));
  const stops = bundle.replicas.some((r) => does(r.container, Task.Stop));
  plan.pseudo(bundle, Task.Start, !starts, true);
  plan.pseudo(bundle, Task.Started, !starts, true).priority = INFINITY;
  plan.pseudo(bundle, Task.Stop, !stops, true);
  plan.pseudo(bundle, Task.Stopped, !stops, true).priority = INFINITY;
  const clone = bundledClone(bundle);
  if (!clone) return;
  create(clone);
  if (!clone.is(F.Promotable)) return;
  plan.pseudo(bundle, Task.Promote, true, true);
  plan.pseudo(bundle, Task.Promoted, true, true).priority = INFINITY;
  plan.pseudo(bundle, Task.Demote, true, true);
  plan.pseudo(bundle, Task.Demoted, true, true).priority = INFINITY;
}

function does(resource: Resource, task: Task): boolean {
  return findActions(resource, task).some((a) => !a.is(A.Optional) && a.is(A.Pseudo | A.Runnable));
}

/** Probes a bundle's parts on a node; a connection only once it is known where its container runs. */
export function probeBundle(plan: Plan, bundle: Resource, node: Node, probe: (part: Resource) => boolean): boolean {
  let any = false;
  for (const { ip, container, remote, child, node: guest } of bundle.replicas) {
    if (ip && probe(ip)) any = true;
    if (child && guest === node && probe(child)) any = true;
    if (probe(container)) {
      any = true;
      if (bundle.cloneNodeMax === 1) afterProbe(plan, bundle, container);
    }
    if (remote && probe(remote)) {
      any = true;
      for (const action of findActions(remote, Task.Monitor, node)) {
        orderTaskThenAction(plan, container, Task.Start, action, O.Probe);
      }
    }
  }
  return any;
}

/** With one replica to a node, no container starts before it is known that no other is there. */
function afterProbe(plan: Plan, bundle: Resource, container: Resource): void {
  for (const other of bundle.replicas) {
    if (other.container === container) continue;
    orderTasks(plan, container, Task.Monitor, other.container, Task.Start, O.Optional | O.SameNode);
  }
}
