import { A } from "../state/actions.js";
import { compareNames } from "../state/names.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { type Node, type Resource, Role } from "../state/working.js";

/** An instance and the node where it is, or is going to be. */
interface Whereabouts {
  readonly instance: Resource;
  readonly node: Node | undefined;
}

/**
 * What the instances of a clone with notify=true are told of each other (the OCF_RESKEY_CRM_meta_notify_* of Pacemaker's
 * documentation for agents): who is active, in which role, and who is about to start, stop, be promoted or demoted.
 */
export class NotifyAttributes {
  private readonly remembered = new Map<Resource, ReadonlyMap<string, string>>();

  /** With `hosts`, the nodes under the guests too: for container-attribute-target=host. */
  of(plan: Plan, clone: Resource, hosts: boolean): ReadonlyMap<string, string> {
    const known = this.remembered.get(clone);
    if (known) return known;
    const attributes = tellOf(plan, clone, hosts);
    this.remembered.set(clone, attributes);
    return attributes;
  }
}

function tellOf(plan: Plan, clone: Resource, hosts: boolean): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  const instances = primitivesOf(clone);
  const inRole = (role: Role): Whereabouts[] =>
    instances.filter((i) => roleNow(i) === role).map((instance) => ({ instance, node: instance.runningOn[0] }));
  const tell = (words: readonly string[], who: readonly Whereabouts[], withNodes = true): void => {
    const sorted = who.slice().sort((a, b) => compareNames(a.instance.id, b.instance.id));
    for (const word of words) {
      told.set(`notify_${word}_resource`, listed(sorted.map((w) => w.instance.id)));
      if (withNodes) told.set(`notify_${word}_uname`, listed(sorted.map((w) => w.node?.name ?? "")));
    }
  };
  tell(["promoted", "master"], inRole(Role.Promoted));
  tell(["unpromoted", "slave"], inRole(Role.Unpromoted));
  tell(["active"], [...inRole(Role.Started), ...inRole(Role.Unpromoted), ...inRole(Role.Promoted)]);
  tell(["inactive"], inRole(Role.Stopped), false);
  for (const [word, task] of TASKS) tell([word], doing(instances, task));
  const nodes = plan.nodes.slice().sort((a, b) => compareNames(a.name, b.name));
  const names = (which: readonly Node[]) => listed(which.map((n) => n.name));
  told.set("notify_all_uname", names(nodes));
  if (hosts) told.set("notify_all_hosts", names(nodes.map((n) => n.connection?.container?.runningOn[0] ?? n)));
  // What a bundle holds may be in its guests; their hosts are told of too.
  const inBundle = clone.parent?.variant === "bundle";
  told.set("notify_available_uname", names(nodes.filter((n) => clone.allowed[n.index] || (inBundle && !n.isGuest))));
  return told;
}

const TASKS: readonly (readonly [string, Task])[] = [
  ["start", Task.Start],
  ["stop", Task.Stop],
  ["promote", Task.Promote],
  ["demote", Task.Demote],
];

function doing(instances: readonly Resource[], task: Task): Whereabouts[] {
  const found: Whereabouts[] = [];
  for (const instance of instances) {
    for (const action of instance.actions) {
      if (action.task !== task || action.intervalMs > 0 || action.is(A.Optional) || !action.is(A.Runnable)) continue;
      found.push({ instance, node: action.node });
    }
  }
  return found;
}

function primitivesOf(resource: Resource): Resource[] {
  return resource.variant === "primitive" ? [resource] : resource.children.flatMap(primitivesOf);
}

/** An instance that is not known to be anywhere counts as stopped. */
function roleNow(instance: Resource): Role {
  return instance.role === Role.Unknown ? Role.Stopped : instance.role;
}

/** Names with blanks between; agents that look for a list never find an empty one. */
function listed(names: readonly string[]): string {
  return names.length === 0 ? " " : names.join(" ");
}
