import { addColocation } from "../constraints/colocation-constraints.js";
import { failedTooOften } from "../constraints/stickiness.js";
import { bundledClone, containersOf } from "../state/instances.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { showScores } from "../state/scores.js";
import { F, type Node, type Replica, type Resource, Role } from "../state/working.js";
import { assign } from "./assign.js";
import { distribute } from "./assign-clone.js";
import { inOrderOfPlacement } from "./instance-order.js";

/**
 * Decides where a bundle's containers go, then what goes with each of them, then the primitive inside. A loop of
 * colocations that comes back to a bundle settles it, without the container that asked: unlike a clone's, its other
 * parts do not wait.
 */
export function assignBundle(plan: Plan, bundle: Resource): Node | undefined {
  if (!bundle.is(F.Unassigned)) return undefined;
  bundle.set(F.Assigning);
  if (plan.withScores) showScores(plan, bundle, "pcmk__bundle_allocate");
  const containers = inOrderOfPlacement(plan, containersOf(bundle));
  distribute(plan, bundle, containers, bundle.cloneMax, bundle.cloneNodeMax);
  for (const replica of bundle.replicas) assignReplica(plan, replica);
  const clone = bundledClone(bundle);
  if (clone) {
    for (const node of plan.nodes) {
      if (clone.allowed[node.index]) clone.scores[node.index] = isOf(bundle, node) ? 0 : -INFINITY;
    }
    assign(plan, clone, undefined);
  }
  bundle.clear(F.Unassigned | F.Assigning);
  return undefined;
}

function isOf(bundle: Resource, node: Node): boolean {
  return bundle.replicas.some((r) => r.node === node);
}

function assignReplica(plan: Plan, { ip, container, remote, child, node }: Replica): void {
  if (ip) assign(plan, ip, undefined);
  const host = container.assignedTo;
  if (remote && host?.isRemote && host.connection) {
    // A remote node accepts one connection at a time, so what is nested in it comes through the same member.
    addColocation({
      id: "child-remote-with-docker-remote",
      score: INFINITY,
      dependent: remote,
      primary: host.connection,
      dependentRole: Role.Unknown,
      primaryRole: Role.Unknown,
      nodeAttribute: "#uname",
      influence: true,
    });
  }
  if (remote) assign(plan, remote, undefined);
  if (!child || !node) return;
  for (const other of plan.nodes) {
    if (!child.allowed[other.index]) continue;
    if (other !== node) child.scores[other.index] = -INFINITY;
    else if (!failedTooOften(plan, child, node)) child.scores[node.index] = INFINITY;
  }
  const clone = child.parent;
  clone?.set(F.Assigning);
  assign(plan, child, node);
  clone?.clear(F.Assigning);
}
