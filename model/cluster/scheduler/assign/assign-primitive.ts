import { type Colocation, hasInfluence } from "../constraints/colocation-constraints.js";
import type { Plan } from "../state/plan.js";
import { currentNode } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { showScores } from "../state/scores.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { applyColocation } from "./apply-colocation.js";
import { assign } from "./assign.js";
import { assignBestNode, finalizeAssignment } from "./assign-node.js";
import { anyNodeAvailable, mergeColocatedScores, thisWithColocations, withThisColocations } from "./colocation.js";

const active = { rollBack: true, nonNegative: false, forward: false } as const;

export function assignPrimitive(plan: Plan, resource: Resource, preferred: Node | undefined): Node | undefined {
  const parent = resource.parent;
  if (parent && !parent.is(F.Assigning) && parent.is(F.Unassigned)) assign(plan, parent, undefined);
  if (!resource.is(F.Unassigned)) return resource.assignedTo;
  // A loop of colocations: whoever asked goes on without an answer.
  if (resource.is(F.Assigning)) return undefined;
  resource.set(F.Assigning);
  plan.assigning++;

  for (const colocation of thisWithColocations(resource)) applyThisWith(plan, resource, colocation);
  for (const colocation of withThisColocations(resource)) {
    if (!hasInfluence(colocation, resource)) continue;
    resource.scores = mergeColocatedScores(
      plan,
      colocation.dependent,
      resource.allowed,
      resource.scores,
      colocation.nodeAttribute,
      colocation.score / INFINITY,
      active,
    );
  }

  if (resource.nextRole === Role.Stopped) {
    for (const node of plan.nodes) if (resource.allowed[node.index]) resource.ban(node);
  } else if (resource.nextRole > resource.role && !plan.state.haveQuorum && plan.options.noQuorumPolicy === "freeze") {
    resource.nextRole = resource.role;
  }
  if (plan.withScores) showScores(plan, resource, "pcmk__primitive_assign");

  if (!resource.is(F.Managed)) {
    resource.nextRole = resource.role;
    finalizeAssignment(plan, resource, currentNode(resource), true);
  } else if (plan.options.stopAllResources) {
    finalizeAssignment(plan, resource, undefined, true);
  } else {
    assignBestNode(plan, resource, preferred);
  }
  resource.clear(F.Assigning);
  plan.assigning--;
  if (resource.remoteNode) foreseeNode(resource, resource.remoteNode);
  return resource.assignedTo;
}

/** A remote node will be there for others once its connection is; without a connection it goes. */
function foreseeNode(connection: Resource, node: Node): void {
  if (connection.assignedTo && connection.nextRole !== Role.Stopped) {
    node.online = true;
    // What is to be connected need not be fenced because nothing is known of it.
    if (node.unseen) node.unclean = false;
  } else {
    node.shutdown = true;
  }
}

/** A chain of colocations is followed by calls in calls as far as this, and beyond from its far end. */
const DEEPEST = 200;

function assignFarthestFirst(plan: Plan, start: Resource): void {
  const chain = new Set<Resource>();
  let at: Resource | undefined = start;
  while (at) {
    chain.add(at);
    at = thisWithColocations(at)
      .map((c) => c.primary)
      .find((r) => r.is(F.Unassigned) && !r.is(F.Assigning) && !chain.has(r));
  }
  for (const resource of [...chain].reverse()) assign(plan, resource, undefined);
}

function applyThisWith(plan: Plan, resource: Resource, colocation: Colocation): void {
  const { score } = colocation;
  const mayFail = colocation.dependentRole >= Role.Promoted || (score < 0 && score > -INFINITY);
  const before = mayFail ? resource.scores.slice() : undefined;
  if (plan.assigning < DEEPEST) assign(plan, colocation.primary, undefined);
  else assignFarthestFirst(plan, colocation.primary);
  applyColocation(plan, resource, colocation.primary, colocation);
  if (before && !anyNodeAvailable(plan, resource.allowed, resource.scores)) resource.scores = before;
}
