import type { XmlElement } from "../../cib/types.js";
import { element } from "../../cib/xml.js";
import type { Decision, GraphAction } from "../interface.js";
import { printScore } from "../state/score.js";
import type { ClusterState } from "../state/state.js";

/** The transition graph as the XML that crm_simulate saves and the controller executes. */
export function graphElement({ decision, before }: { decision: Decision; before: ClusterState }): XmlElement {
  const { all } = before.options;
  return element(
    "transition_graph",
    {
      "cluster-delay": all.get("cluster-delay") ?? "60s",
      "stonith-timeout": all.get("stonith-timeout") ?? "60s",
      "failed-stop-offset": printScore(decision.failedStopOffset),
      "failed-start-offset": printScore(decision.failedStartOffset),
      "batch-limit": String(decision.batchLimit),
      transition_id: "0",
      ...(decision.migrationLimit > 0 ? { "migration-limit": String(decision.migrationLimit) } : {}),
      ...(decision.recheckByEpochSeconds === undefined ? {} : { "recheck-by": String(decision.recheckByEpochSeconds) }),
    },
    decision.actions.map((action, position) => synapse(decision, before, action, position)),
  );
}

function synapse(decision: Decision, state: ClusterState, action: GraphAction, position: number): XmlElement {
  const triggers = action.inputs.map((input) =>
    element("trigger", {}, [event(state, decision.actions[input]!, false)]),
  );
  return element(
    "synapse",
    { id: String(position), ...(action.priority > 0 ? { priority: String(action.priority) } : {}) },
    [element("action_set", {}, [event(state, action, true)]), element("inputs", {}, triggers)],
  );
}

function event(state: ClusterState, action: GraphAction, whole: boolean): XmlElement {
  const name = action.kind === "rsc" ? "rsc_op" : action.kind === "pseudo" ? "pseudo_event" : "crm_event";
  const node = action.node === undefined ? undefined : state.nodesByName.get(action.node);
  const children: XmlElement[] = [];
  if (whole) {
    const resource = action.instance === undefined ? undefined : state.resourcesById.get(action.instance);
    if (resource && action.resource !== undefined) {
      children.push(
        element("primitive", {
          id: action.resource,
          "long-id": action.instance === action.resource ? undefined : action.instance,
          class: resource.agentClass,
          provider: resource.agentProvider,
          type: resource.agentType,
        }),
      );
    }
    children.push(element("attributes", action.attributes));
    if (node && (action.kind === "fence" || action.operation === "do_shutdown") && action.fenceAction !== "on") {
      children.push(element("downed", {}, [element("node", { id: node.id })]));
    }
  }
  return element(
    name,
    {
      id: String(action.id),
      operation: action.operation,
      operation_key: action.key,
      on_node: action.node,
      on_node_uuid: node?.id,
      router_node: action.routerNode,
    },
    children,
  );
}
