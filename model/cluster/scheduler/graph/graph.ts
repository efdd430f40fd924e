import { connectionHost } from "../actions/remote-orderings.js";
import type { ActionKind, GraphAction, StuckAction } from "../interface.js";
import { A, type Action, type Edge, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task, taskName } from "../state/tasks.js";
import { F, type Resource } from "../state/working.js";
import { attributesOf, timeoutMsOf } from "./graph-attributes.js";
import { waitingInVain } from "./in-vain.js";
import { MetaAttributes } from "./meta-attributes.js";

/**
 * The actions that are to be done, with what each waits for, in the order in which Pacemaker lists them: resource by
 * resource, each one's newest first, then what bundles as such and the cluster itself do.
 */
export function buildGraph(plan: Plan): { actions: GraphAction[]; stuck: readonly StuckAction[] } {
  const chosen: Action[] = [];
  for (const resource of plan.resources) addResource(chosen, resource);
  for (let i = plan.actions.length - 1; i >= 0; i--) {
    const action = plan.actions[i]!;
    if (!action.resource || action.resource.variant === "bundle") add(chosen, action);
  }
  const { doable, stuck } = setStuckApart(chosen);
  for (let i = 0; i < doable.length; i++) doable[i]!.graphId = i;
  const meta = plan.wholeGraph ? new MetaAttributes(plan) : undefined;
  return { actions: doable.map((action) => graphAction(plan, action, meta)), stuck };
}

function add(chosen: Action[], action: Action): void {
  if (!belongsInGraph(action) || action.is(A.Dumped)) return;
  action.set(A.Dumped);
  chosen.push(action);
}

function addOwn(chosen: Action[], { actions }: Resource): void {
  for (let i = actions.length - 1; i >= 0; i--) add(chosen, actions[i]!);
}

function addResource(chosen: Action[], resource: Resource): void {
  // What a group does stands before what its members do, what a clone does behind its instances.
  if (resource.variant === "group") addOwn(chosen, resource);
  const children = resource.variant === "bundle" ? primitiveFirst(resource.children) : resource.children;
  for (const child of children) addResource(chosen, child);
  if (resource.variant === "primitive" || resource.variant === "clone") addOwn(chosen, resource);
}

/** Leaves out what waits for something that is required and will not come, and what waits for that in turn. */
function setStuckApart(chosen: Action[]): { doable: Action[]; stuck: readonly StuckAction[] } {
  const waiting = new Map<Action, Action[]>();
  for (const action of chosen)
    for (const edge of action.inputs) {
      if (edge.first.is(A.Dumped) || !isAwaited(edge)) continue;
      const others = waiting.get(edge.first);
      if (others) others.push(action);
      else waiting.set(edge.first, [action]);
    }
  if (waiting.size === 0) return { doable: chosen, stuck: [] };
  const awaited = [...waiting].map(([first, actions]) => ({
    name: nameOf(first),
    isPseudo: first.is(A.Pseudo),
    waiting: actions,
  }));
  const inVain = waitingInVain(awaited, (action) =>
    action.outputs.filter((edge) => edge.then.is(A.Dumped) && mayBeInput(edge)).map(({ then }) => then),
  );
  for (const action of inVain.keys()) action.clear(A.Dumped);
  const stuck = chosen
    .filter((action) => inVain.has(action) && !action.is(A.Pseudo))
    .map((action) => ({ action: nameOf(action), awaits: inVain.get(action)! }));
  return { doable: chosen.filter((action) => !inVain.has(action)), stuck };
}

function nameOf(action: Action): string {
  const key = historyKey(action);
  return action.node ? `${key} on ${action.node.name}` : key;
}

const MERELY_ORDERS = O.Optional | O.ImpliesFirstPrinted | O.ImpliesThenPrinted;
const OF_WHAT_CAN_RUN = O.OneOrMore | O.ImpliesFirstMigratable;

/**
 * Whether an ordering waits for something that is required and not to be done. A mere order, and one of what can run,
 * does so only for what could run and is left alone: what is unmanaged.
 */
function isAwaited(edge: Edge): boolean {
  const { first, flags } = edge;
  if (first.is(A.Optional) && !first.is(A.PrintAlways)) return false;
  const isMereOrder = (flags & ~MERELY_ORDERS) === 0;
  if (!first.is(A.Runnable) && (isMereOrder || flags & OF_WHAT_CAN_RUN)) return false;
  return mayBeInput(edge);
}

/** A bundle's own primitive, as the clone that it is, before the containers and what comes with them. */
function primitiveFirst(children: readonly Resource[]): Resource[] {
  const clone = children.filter((c) => c.variant === "clone");
  return [...clone, ...children.filter((c) => c.variant !== "clone")];
}

function belongsInGraph(action: Action): boolean {
  if (!action.is(A.Runnable)) return false;
  if (action.is(A.Optional) && !action.is(A.PrintAlways)) return false;
  const resource = action.resource;
  // What is unmanaged is only watched.
  if (resource && !resource.is(F.Managed) && action.task !== Task.Monitor && action.task !== Task.Cancel) return false;
  if (action.is(A.Pseudo) || action.task === Task.Fence || action.task === Task.Shutdown) return true;
  const node = action.node;
  if (!node) return false;
  if (action.is(A.Dc)) return true;
  if (node.isGuest && !node.requiresReset) return true;
  if (!node.online) return false;
  return !node.unclean;
}

/** Whether an ordering makes its first an input of its then in the graph. */
function isInput(edge: Edge): boolean {
  return edge.first.graphId >= 0 && mayBeInput(edge);
}

/** Whether it would, were both in the graph. */
function mayBeInput(edge: Edge): boolean {
  const { first, then, flags } = edge;
  if (flags === 0) return false;
  if (flags & O.FirstNonMigratable && first.is(A.MigrateRunnable)) return false;
  if (flags === O.Optional && first.is(A.MigrateRunnable) && first.task === Task.Stop) return false;
  if (flags === O.Load) {
    const node = then.task === Task.MigrateTo ? then.resource?.assignedTo : then.node;
    if (first.node && node && first.node !== node) return false;
    if (first.resource && first.resource === then.resource) return false;
  }
  if (flags === O.AntiColocation) {
    if (first.node && then.node && first.node !== then.node) return false;
    if (first.task === Task.Stop && first.is(A.MigrateRunnable)) return false;
  }
  return true;
}

function kindOf(action: Action): ActionKind {
  if (action.task === Task.Fence) return action.is(A.Pseudo) ? "pseudo" : "fence";
  if (action.is(A.Pseudo)) return "pseudo";
  return OF_THE_CLUSTER.has(action.task) ? "crm" : "rsc";
}

/** What the controller or the CIB does itself, without an agent. */
const OF_THE_CLUSTER: ReadonlySet<Task> = new Set([
  Task.Shutdown,
  Task.ClearFailcount,
  Task.MaintenanceNodes,
  Task.ForgetHistory,
]);

/** The key under which the result is looked for: histories may know an instance without its number. */
export function historyKey(action: Action): string {
  const resource = action.resource;
  const name = resource?.seenName;
  if (name === undefined) return action.key;
  if (action.task === Task.Notified) return `${name}_notified_0`;
  if (action.task === Task.Notify) {
    const { CRM_meta_notify_type: type, CRM_meta_notify_operation: operation } = action.extra ?? {};
    return `${name}_${type}_notify_${operation}_0`;
  }
  return action.key.startsWith(`${resource!.id}_`) ? name + action.key.slice(resource!.id.length) : action.key;
}

function graphAction(plan: Plan, action: Action, meta: MetaAttributes | undefined): GraphAction {
  const inputs: number[] = [];
  for (const edge of action.inputs) {
    if (!isInput(edge) || edge.first === action) continue;
    if (edge.first.inputOf === action) continue;
    edge.first.inputOf = action;
    inputs.push(edge.first.graphId);
  }
  const resource = action.resource;
  const timeoutMs = timeoutMsOf(plan, action);
  const key = historyKey(action);
  const own = attributesOf(plan, action, timeoutMs);
  const kind = kindOf(action);
  const router = kind === "rsc" ? connectionHost(action) : undefined;
  return {
    id: action.graphId,
    kind,
    operation: action.ownTask && action.task === Task.Monitor ? action.ownTask : taskName[action.task]!,
    key,
    internalKey: key === action.key ? undefined : action.key,
    resource: resource?.historyName,
    instance: resource?.id,
    node: kind !== "pseudo" || action.task === Task.Fence ? action.node?.name : undefined,
    routerNode: router?.name,
    fenceAction: action.fenceAction,
    intervalMs: action.intervalMs,
    timeoutMs,
    targetRc: action.expectedRc,
    priority: action.priority,
    canFail: action.canFail,
    attributes: meta ? { ...meta.of(action), ...own } : own,
    inputs,
  };
}
