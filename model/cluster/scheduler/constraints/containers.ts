import { O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import { F, type Resource, Role } from "../state/working.js";
import { addColocation } from "./colocation-constraints.js";
import { orderTasks } from "./orderings.js";

/** How strongly a bundle's connection wishes to be where its container is: it may be elsewhere, if that is on a remote node. */
const BUNDLE_CONNECTION = 10_000;

/** What is inside a container goes with it, starts after it and stops before it. */
export function bindToContainer(plan: Plan, resource: Resource, container: Resource): void {
  let guest: Resource | undefined;
  if (resource.remoteNode) {
    // Guests are not nested in remote nodes; bundles may be.
    if (!resource.is(F.AllowRemoteRemotes)) avoidRemoteNodes(plan, container);
    orderTasks(plan, container, Task.Monitor, resource, Task.Stop, O.Optional);
  } else if (container.remoteNode) {
    guest = container;
  } else {
    guest = container.fillers.find((f) => f.remoteNode);
  }
  if (guest) {
    for (const node of plan.nodes) if (node.connection !== guest) resource.ban(node);
    return;
  }
  orderTasks(plan, container, Task.Start, resource, Task.Start, O.ImpliesThen | O.RunnableLeft);
  orderTasks(plan, resource, Task.Stop, container, Task.Stop, O.ImpliesFirst);
  addColocation({
    id: "resource-with-container",
    score: resource.is(F.AllowRemoteRemotes) ? BUNDLE_CONNECTION : INFINITY,
    dependent: resource,
    primary: container,
    dependentRole: Role.Unknown,
    primaryRole: Role.Unknown,
    nodeAttribute: "#uname",
    influence: true,
  });
}

/** Connections and fence devices run on members alone; nodes not thought of before are not named by that. */
export function avoidRemoteNodes(plan: Plan, resource: Resource): void {
  for (const node of plan.nodes) {
    if (resource.allowed[node.index] && node.isRemote && node.connection) resource.ban(node);
  }
}
