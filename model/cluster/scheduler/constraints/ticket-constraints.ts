import { fenceNode } from "../actions/fencing.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import type { Ticket, TicketConstraint } from "../state/state.js";
import { F, type Resource, Role } from "../state/working.js";

/** What hangs on a ticket that is not here, or on standby, may not run (or not be promoted). */
export function applyTickets(plan: Plan): void {
  for (const constraint of plan.state.ticketConstraints) {
    const ticket = plan.state.tickets.get(constraint.ticket);
    if (ticket?.granted && !ticket.standby) continue;
    if (constraint.role === Role.Promoted) forbidPromotion(plan, constraint);
    withoutTicket(plan, constraint, ticket, constraint.resource);
  }
}

function forbidPromotion(plan: Plan, { id, resource }: TicketConstraint): void {
  plan.state.locations.push({
    id,
    resource,
    role: Role.Promoted,
    discovery: 0,
    nodes: plan.nodes,
    scores: plan.nodes.map(() => -INFINITY),
  });
}

function withoutTicket(plan: Plan, constraint: TicketConstraint, ticket: Ticket | undefined, resource: Resource): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) withoutTicket(plan, constraint, ticket, child);
    return;
  }
  const promotedOnly = constraint.role === Role.Promoted;
  if (!ticket?.granted && resource.runningOn.length > 0) {
    loseTicket(plan, constraint, resource);
  } else if (!promotedOnly || constraint.lossPolicy === "stop") {
    banEverywhere(plan, resource);
  }
}

/** The ticket is gone while the resource is active. */
function loseTicket(plan: Plan, { lossPolicy, role }: TicketConstraint, resource: Resource): void {
  switch (lossPolicy) {
    case "stop":
      banEverywhere(plan, resource);
      break;
    case "demote":
      if (role !== Role.Promoted) banEverywhere(plan, resource);
      break;
    case "fence":
      if (!hangsOnTicket(role, resource)) break;
      banEverywhere(plan, resource);
      for (const node of resource.runningOn) fenceNode(plan, node, "deadman ticket was lost");
      break;
    case "freeze":
      if (!hangsOnTicket(role, resource)) break;
      resource.clear(F.Managed);
      resource.set(F.Blocked);
      break;
  }
}

/** Only running as such or being promoted can hang on a ticket: one for another role is lost without consequence. */
function hangsOnTicket(role: Role, resource: Resource): boolean {
  if (role === Role.Unknown || role === Role.Started) return true;
  return role === Role.Promoted && resource.role === Role.Promoted;
}

function banEverywhere(plan: Plan, resource: Resource): void {
  for (const node of plan.nodes) resource.ban(node);
}
