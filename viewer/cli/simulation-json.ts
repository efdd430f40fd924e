import { cibElement } from "../../model/cluster/cib/write.js";
import { nodeStatus } from "../../model/cluster/scheduler/print/node-list.js";
import type { Simulation } from "../../model/cluster/scheduler/simulate/simulate.js";
import type { ClusterState } from "../../model/cluster/scheduler/state/state.js";
import { F, type Resource, roleNames } from "../../model/cluster/scheduler/state/working.js";

/** A simulation as data: both states, the decision with its graph, what was executed. Version 1 of its shape. */
export function simulationJson({ before, after, decision, injected, executed, output }: Simulation): unknown {
  return {
    version: 1,
    current: stateJson(before),
    injected,
    transition: decision.summary,
    actions: decision.actions,
    stuck: decision.stuck,
    placements: decision.placements,
    scores: decision.scores,
    reasons: decision.reasons,
    executed,
    revised: stateJson(after),
    notModelled: decision.notModelled,
    recheckBy: decision.recheckByEpochSeconds ?? null,
    epoch: cibElement(output).attrs["epoch"] ?? null,
  };
}

function stateJson(state: ClusterState): unknown {
  return {
    quorum: state.haveQuorum,
    dc: state.dc?.name ?? null,
    nodes: state.nodes.map((n) => ({ name: n.name, id: n.id, kind: n.kind, status: nodeStatus(n) })),
    resources: state.resources.map(resourceJson),
  };
}

function resourceJson(resource: Resource): unknown {
  return {
    id: resource.id,
    variant: resource.variant,
    ...(resource.variant === "primitive"
      ? {
          role: roleNames[resource.role],
          nodes: resource.runningOn.map((n) => n.name),
          failed: resource.is(F.Failed),
          pending: resource.pendingTask ?? null,
        }
      : { members: resource.children.map(resourceJson) }),
    managed: resource.is(F.Managed),
    blocked: resource.is(F.Blocked),
    orphan: resource.is(F.Orphan),
  };
}
