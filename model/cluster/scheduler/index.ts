import type { Cib } from "../cib/types.js";
import { assignAll } from "./assign.js";
import { clearFailCount, clearFailuresOfOldDefinitions, clearFailuresOfOrphans } from "./clear-failcount.js";
import { type Colocation, unpackColocation } from "./colocation-constraints.js";
import { handleConfigurationChanges, noteRecurring } from "./config-changes.js";
import { createActions } from "./create-actions.js";
import { planFencingAndShutdowns } from "./fencing.js";
import { buildGraph } from "./graph.js";
import type { DecideOptions, Decision, Placement, Scheduler } from "./interface.js";
import { createInternalConstraints, orderAntiColocations } from "./internal-constraints.js";
import { applyLocations } from "./location.js";
import { createNotifications } from "./notifications.js";
import { unpackOrdering } from "./order-constraints.js";
import { applyOrderings } from "./orderings.js";
import { Plan } from "./plan.js";
import { orderProbes, scheduleProbes } from "./probes.js";
import { orderByConnections } from "./remote-orderings.js";
import { sortForPlacement } from "./resource-order.js";
import { applyShutdownLocks } from "./shutdown-lock.js";
import { applyStickiness } from "./stickiness.js";
import { summarize } from "./summary.js";
import { Task } from "./tasks.js";
import { applyTickets } from "./ticket-constraints.js";
import { unpack } from "./unpack.js";
import { updateOrderings } from "./update-orderings.js";
import { F, type Resource, roleNames } from "./working.js";

/** Pacemaker 2.1.5's scheduler: from a CIB to the transition graph that takes the cluster where it should be. */
export const scheduler: Scheduler = { name: "fencepost", decide };

function decide(cib: Cib, options: DecideOptions): Decision {
  const state = unpack(cib, options.nowEpochSeconds);
  const plan = new Plan(state, options.withScores === true);
  plan.resources.sort((a, b) => b.priority - a.priority);

  const colocations: Colocation[] = plan.colocations;
  for (const c of state.colocations) unpackColocation(c, colocations);
  orderAntiColocations(plan);
  for (const o of state.orderings) unpackOrdering(plan, o);

  noteRecurring(plan);
  for (const container of state.stopsNeeded) {
    for (const node of container.runningOn) plan.action(container, Task.Stop, node, false);
  }
  for (const { resource, node, reason } of state.failCountClears) clearFailCount(plan, resource, node, reason);
  clearFailuresOfOldDefinitions(plan);
  applyShutdownLocks(plan);
  applyTickets(plan);
  applyLocations(plan);
  applyStickiness(plan);
  createInternalConstraints(plan);
  handleConfigurationChanges(plan);
  sortForPlacement(plan);
  assignAll(plan);
  clearFailuresOfOrphans(plan);
  scheduleProbes(plan);
  for (const resource of plan.resources) createActions(plan, resource);
  orderByConnections(plan);
  planFencingAndShutdowns(plan);
  applyOrderings(plan);
  orderProbes(plan);
  updateOrderings(plan);
  createNotifications(plan);

  const summary = summarize(plan);
  const actions = buildGraph(plan);
  return {
    actions,
    placements: placements(plan),
    scores: plan.scores,
    reasons: plan.reasons,
    notModelled: state.notModelled,
    summary,
    unclean: plan.nodes.filter((n) => n.unclean).map((n) => n.name),
    haveQuorum: state.haveQuorum,
    batchLimit: plan.options.batchLimit,
    migrationLimit: plan.options.migrationLimit,
    stonithTimeoutMs: plan.options.stonithTimeoutMs,
    clusterDelayMs: plan.options.clusterDelayMs,
    failedStartOffset: plan.options.startFailureIsFatal ? 1_000_000 : 1,
    failedStopOffset: 1_000_000,
    ...(state.recheckByEpochSeconds !== undefined ? { recheckByEpochSeconds: state.recheckByEpochSeconds } : {}),
  };
}

function placements(plan: Plan): Placement[] {
  const found: Placement[] = [];
  const walk = (resource: Resource): void => {
    if (resource.variant !== "primitive") {
      for (const child of resource.children) walk(child);
      return;
    }
    found.push({
      resource: resource.historyName,
      instance: resource.id,
      currentNodes: resource.runningOn.map((n) => n.name),
      currentRole: roleNames[resource.role],
      ...(resource.assignedTo ? { nextNode: resource.assignedTo.name } : {}),
      nextRole: roleNames[resource.nextRole],
      managed: resource.is(F.Managed),
      blocked: resource.is(F.Blocked),
    });
  };
  for (const resource of plan.resources) walk(resource);
  return found;
}
