import type { Cib } from "../cib/types.js";
import {
  clearExpiredFailures,
  clearFailuresOfOldDefinitions,
  clearFailuresOfOrphans,
} from "./actions/clear-failcount.js";
import { handleChangesOfAddress, handleConfigurationChanges, noteRecurring } from "./actions/config-changes.js";
import { createActions } from "./actions/create-actions.js";
import { fencingOf, planFencingAndShutdowns } from "./actions/fencing.js";
import { planMaintenanceUpdate } from "./actions/maintenance-update.js";
import { createNotifications } from "./actions/notifications.js";
import { orderProbes } from "./actions/probe-orderings.js";
import { scheduleProbes } from "./actions/probes.js";
import { orderByConnections } from "./actions/remote-orderings.js";
import { assignAll } from "./assign/assign.js";
import { sortForPlacement } from "./assign/resource-order.js";
import { type Colocation, unpackColocation } from "./constraints/colocation-constraints.js";
import { createInternalConstraints, orderAntiColocations } from "./constraints/internal-constraints.js";
import { applyLocations } from "./constraints/location.js";
import { unpackOrdering } from "./constraints/order-constraints.js";
import { applyOrderings } from "./constraints/orderings.js";
import { applyShutdownLocks } from "./constraints/shutdown-lock.js";
import { applyStickiness } from "./constraints/stickiness.js";
import { applyTickets } from "./constraints/ticket-constraints.js";
import { drawingOf } from "./graph/drawing.js";
import { buildGraph } from "./graph/graph.js";
import { summarize } from "./graph/summary.js";
import type { DecideOptions, Decision, Placement, Scheduler } from "./interface.js";
import { blockColocationDependents } from "./order/blocked-colocation.js";
import { updateOrderings } from "./order/update-orderings.js";
import { Plan } from "./state/plan.js";
import type { ClusterState } from "./state/state.js";
import { F, type Resource, roleNames } from "./state/working.js";
import { unpack } from "./unpack/unpack.js";

/** Pacemaker 2.1.5's scheduler: from a CIB to the transition graph that takes the cluster where it should be. */
export const scheduler: Scheduler = { name: "fencepost", decide };

function decide(cib: Cib, options: DecideOptions): Decision {
  const state = unpack(cib, options.nowEpochSeconds);
  const plan = new Plan(state, options);
  plan.resources.sort((a, b) => b.priority - a.priority);

  const colocations: Colocation[] = plan.colocations;
  for (const c of state.colocations) unpackColocation(c, colocations);
  orderAntiColocations(plan);
  for (const o of state.orderings) unpackOrdering(plan, o);

  noteRecurring(plan);
  planEarly(plan);
  clearExpiredFailures(plan);
  clearFailuresOfOldDefinitions(plan, false);
  applyShutdownLocks(plan);
  applyTickets(plan);
  applyLocations(plan);
  applyStickiness(plan);
  createInternalConstraints(plan);
  leaveAllAloneWithoutFencing(state);
  handleConfigurationChanges(plan);
  sortForPlacement(plan);
  assignAll(plan);
  clearFailuresOfOrphans(plan);
  clearFailuresOfOldDefinitions(plan, true);
  handleChangesOfAddress(plan);
  scheduleProbes(plan);
  for (const resource of plan.resources) createActions(plan, resource);
  orderByConnections(plan);
  planFencingAndShutdowns(plan);
  planMaintenanceUpdate(plan);
  applyOrderings(plan);
  for (let i = plan.actions.length - 1; i >= 0; i--) blockColocationDependents(plan, plan.actions[i]!);
  orderProbes(plan);
  updateOrderings(plan);
  createNotifications(plan);

  const summary = summarize(plan);
  const { actions, stuck } = buildGraph(plan);
  return {
    actions,
    stuck,
    drawing: options.wholeGraph ? drawingOf(plan, actions) : undefined,
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
    recheckByEpochSeconds: state.recheckByEpochSeconds,
  };
}

/** What the histories ask for is planned before all else, which shows in the order of what is done. */
function planEarly(plan: Plan): void {
  for (const node of plan.state.fencingsNeeded) fencingOf(plan, node, undefined, true);
  for (const { resource, node, task, optional } of plan.state.recoveries) plan.action(resource, task, node, optional);
}

/** Where fencing is asked for and nothing can fence, nothing is started, stopped or moved, but for instances too many. */
function leaveAllAloneWithoutFencing(state: ClusterState): void {
  if (!state.options.stonithEnabled || state.haveFenceDevice) return;
  for (const resource of state.allResources) {
    if (resource.variant !== "primitive") continue;
    if (!resource.parent || !resource.is(F.Orphan)) resource.clear(F.Managed);
  }
}

function placements(plan: Plan): Placement[] {
  const found: Placement[] = [];
  for (const resource of plan.resources) addPlacements(found, resource);
  return found;
}

function addPlacements(found: Placement[], resource: Resource): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) addPlacements(found, child);
    return;
  }
  found.push({
    resource: resource.historyName,
    instance: resource.id,
    currentNodes: resource.runningOn.map((n) => n.name),
    currentRole: roleNames[resource.role],
    nextNode: resource.assignedTo?.name,
    nextRole: roleNames[resource.nextRole],
    managed: resource.is(F.Managed),
    blocked: resource.is(F.Blocked),
  });
}
