import type { XmlElement } from "../../cib/types.js";
import { element } from "../../cib/xml.js";
import type { Decision, GraphAction } from "../interface.js";
import { printScore } from "../state/score.js";
import type { ClusterState } from "../state/state.js";
import type { Node, Resource } from "../state/working.js";

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

/** Points that belong to no one resource. */
const NAMED_BY_KEY: ReadonlySet<string> = new Set(["load_stopped", "one-or-more"]);

function synapse(decision: Decision, state: ClusterState, action: GraphAction, position: number): XmlElement {
  const triggers = action.inputs.map((input) =>
    element("trigger", {}, [event(state, decision.actions[input]!, false)]),
  );
  const resource = action.instance === undefined ? undefined : state.resourcesById.get(action.instance);
  const priority = Math.max(action.priority, resource?.priority ?? 0);
  return element("synapse", { id: String(position), priority: priority > 0 ? String(priority) : undefined }, [
    element("action_set", {}, [event(state, action, true)]),
    element("inputs", {}, triggers),
  ]);
}

function event(state: ClusterState, action: GraphAction, whole: boolean): XmlElement {
  const name = action.kind === "rsc" ? "rsc_op" : action.kind === "pseudo" ? "pseudo_event" : "crm_event";
  const node = action.node === undefined ? undefined : state.nodesByName.get(action.node);
  const children: XmlElement[] = [];
  if (whole) {
    const resource = action.instance === undefined ? undefined : state.resourcesById.get(action.instance);
    if (resource && action.resource !== undefined && action.kind !== "pseudo") {
      children.push(
        element("primitive", {
          ...identity(resource, action.resource),
          class: resource.agentClass,
          provider: resource.agentProvider,
          type: resource.agentType,
        }),
      );
    }
    children.push(element("attributes", action.attributes));
    const down = nodeTakenDown(action, node, resource);
    if (down)
      children.push(
        element(
          "downed",
          {},
          withGuests(state, down, action).map(({ id }) => element("node", { id })),
        ),
      );
  }
  return element(
    name,
    {
      id: String(action.id),
      operation: NAMED_BY_KEY.has(action.operation) ? action.key : action.operation,
      operation_key: action.key,
      internal_operation_key: action.internalKey,
      on_node: action.node,
      on_node_uuid: node?.id,
      router_node: action.routerNode,
    },
    children,
  );
}

/** The name for the agent, and the instance's with its number where that is another: the one that the history knows. */
function identity(resource: Resource, known: string): { id: string; "long-id"?: string } {
  const seen = resource.seenName;
  if (seen?.includes(":")) return { id: seen.slice(0, seen.lastIndexOf(":")), "long-id": seen };
  return resource.id === known ? { id: known } : { id: known, "long-id": resource.id };
}

/** The node that is gone once the action is done: fenced, shut down, or a remote node whose connection ends. */
function nodeTakenDown(action: GraphAction, node: Node | undefined, resource: Resource | undefined): Node | undefined {
  if (action.fenceAction !== undefined) return action.fenceAction === "on" ? undefined : node;
  if (action.operation === "do_shutdown") return node;
  return action.operation === "stop" && action.kind === "rsc" ? resource?.remoteNode : undefined;
}

/** A fenced node takes the guests down whose containers run on it. */
function withGuests(state: ClusterState, node: Node, action: GraphAction): Node[] {
  if (action.kind !== "fence") return [node];
  const guests = state.nodes.filter((n) => n.connection?.container?.runningOn.includes(node));
  return [node, ...guests.reverse()];
}
