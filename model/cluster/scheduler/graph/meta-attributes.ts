import { FEATURE_SET } from "../../cib/feature-set.js";
import { configuredMeta, operationTimeoutMs } from "../actions/operation-meta.js";
import { resourceParameters } from "../actions/parameters.js";
import { A, type Action } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { atomicTask, completedTask, Task, taskName } from "../state/tasks.js";
import { F, type Resource } from "../state/working.js";
import { NotifyAttributes } from "./notify-attributes.js";

/**
 * What a saved graph says of its actions beside what the executor needs: the CRM_meta_* of the operation's
 * configuration, of the clone, of containers, nodes and notifications. (Names and values as crm_simulate 2.1.5 saves
 * them.) Costs as much as a decision, so only graphs that are saved get them.
 */
export class MetaAttributes {
  private readonly notify = new NotifyAttributes();
  private readonly plan: Plan;
  constructor(plan: Plan) {
    this.plan = plan;
  }

  of(action: Action): Record<string, string> {
    const { resource, node, task } = action;
    const meta: Record<string, string> = { crm_feature_set: FEATURE_SET };
    const set = (name: string, value: string) => {
      meta[metaName(name)] = value;
    };
    if (node && (!action.is(A.Pseudo) || task === Task.Fence)) {
      set("on_node", node.name);
      set("on_node_uuid", node.id);
    }
    if (NOT_WAITED_FOR.has(task)) set("op_no_wait", "true");
    if (task === Task.Fence) {
      for (const [name, value] of node?.attributes ?? []) if (!/[#:]/.test(name)) set(name, value);
      set("stonith_action", action.fenceAction ?? "reboot");
    }
    if (!resource) return meta;
    const operation = action.ownTask ?? taskName[task]!;
    const timeoutMs = operationTimeoutMs(this.plan, resource, operation, action.intervalMs, action.config);
    if (task !== Task.Fence) set("timeout", String(timeoutMs));
    for (const [name, value] of configuredMeta(this.plan, resource, operation, action)) set(name, value);
    if (task === Task.Cancel) set("operation", operation);
    for (const [name, value] of cloneMeta(resource)) set(name, value);
    if (task === Task.Notify || task === Task.Notified) setNotification(action, set);
    if (resource.variant !== "primitive" || (task === Task.Notify && action.is(A.Pseudo))) return meta;
    if (resource.container) set("container", resource.container.id);
    const guest = resource.meta.get("remote-node");
    if (guest !== undefined) set("remote-node", guest);
    const target = resource.meta.get("container-attribute-target");
    if (node?.isGuest && node.connection?.container && task !== Task.Cancel) {
      const { container } = node.connection;
      const now = container.runningOn[0];
      const host = ENDS.has(task) ? now : (container.assignedTo ?? now);
      if (host) set("physical_host", host.name);
      if (target !== undefined) set("container-attribute-target", target);
      const address = resource.replica?.ip && resourceParameters(this.plan, resource.replica.ip, node).get("ip");
      if (address !== undefined) meta["pcmk_external_ip"] = address;
    }
    if (TOLD.has(task) && action.intervalMs === 0) {
      const clone = notifyingClone(resource);
      if (clone) for (const [name, value] of this.notify.of(this.plan, clone, target === "host")) set(name, value);
    }
    return meta;
  }
}

function setNotification(action: Action, set: (name: string, value: string) => void): void {
  const { type, operation, keyType, keyOperation } = toldBy(action);
  set("notify_type", type);
  set("notify_operation", operation);
  set("notify_key_type", keyType);
  set("notify_key_operation", keyOperation);
}

const NOT_WAITED_FOR: ReadonlySet<Task> = new Set([Task.Shutdown, Task.ClearFailcount, Task.ProbeAgain]);
const TOLD: ReadonlySet<Task> = new Set([Task.Start, Task.Stop, Task.Promote, Task.Demote, Task.Notify]);
/** What is done to a guest before its container moves or stops. */
const ENDS: ReadonlySet<Task> = new Set([Task.Stop, Task.Demote]);

/** `start-delay` as the environment of an agent can hold it: CRM_meta_start_delay. */
function metaName(name: string): string {
  return `CRM_meta_${name.replaceAll("-", "_")}`;
}

/**
 * What a notification is about; its key says it: (confirmed-)pre or post, and a clone's own word for the task. What an
 * instance is told after a task is keyed by the word for the clone's having done it ("running").
 */
function toldBy(action: Action): { type: string; operation: string; keyType: string; keyOperation: string } {
  const [, confirmed = "", type = "post", word = ""] =
    /_(confirmed-)?(pre|post)_notify_(\w+)_\d+$/.exec(action.key) ?? [];
  if (word === "stonith") return { type, operation: "stop", keyType: confirmed + type, keyOperation: word };
  const task = atomicTask(Math.max(0, taskName.indexOf(word)) as Task);
  const keyTask = type === "post" ? completedTask(task) : task;
  return { type, operation: taskName[task]!, keyType: confirmed + type, keyOperation: taskName[keyTask]! };
}

/** The limits of the clone that a resource is or belongs to, and the number of the instance. */
function* cloneMeta(resource: Resource): Iterable<[string, string]> {
  const clone = resource.variant === "clone" ? resource : resource.enclosingClone;
  if (!clone) return;
  if (resource.variant === "primitive") yield ["clone", instanceNumber(resource)];
  yield ["clone_max", String(clone.cloneMax)];
  yield ["clone_node_max", String(clone.cloneNodeMax)];
  yield ["globally_unique", String(clone.is(F.Unique))];
  yield ["notify", String(clone.is(F.Notify))];
  if (!clone.is(F.Promotable)) return;
  for (const word of ["promoted", "master"]) {
    yield [`${word}_max`, String(clone.promotedMax)];
    yield [`${word}_node_max`, String(clone.promotedNodeMax)];
  }
}

function notifyingClone(resource: Resource): Resource | undefined {
  const clone = resource.enclosingClone;
  return clone?.is(F.Notify) ? clone : undefined;
}

function instanceNumber(resource: Resource): string {
  return resource.id.slice(resource.id.lastIndexOf(":") + 1);
}
