import { A, type Action, findAction } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { currentNode } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource, Role, roleNames } from "../state/working.js";

/** The lines of crm_simulate's "Transition Summary". */
export function summarize(plan: Plan): string[] {
  const lines: string[] = [];
  for (const action of plan.actions) {
    if (action.is(A.Optional) && !action.is(A.PrintAlways)) continue;
    if (!action.is(A.Runnable)) continue;
    if (action.task === Task.Fence && action.node) fenceLine(lines, action);
  }
  for (const resource of plan.resources) describe(plan, resource, lines);
  return lines;
}

function fenceLine(lines: string[], action: Action): void {
  const node = action.node!;
  const container = node.isGuest && node.connection?.container;
  const who = container ? `${node.name} (resource: ${container.id})` : node.name;
  const why = action.reason ? ` '${action.reason}'` : "";
  lines.push(`  * Fence (${action.fenceAction}) ${who}${why}`);
}

function describe(plan: Plan, resource: Resource, lines: string[]): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) describe(plan, child, lines);
    return;
  }
  describePrimitive(resource, lines);
}

function line(
  lines: string[],
  what: string,
  resource: Resource,
  where: string,
  reason: string | undefined,
  blocked: boolean,
): void {
  const why = reason === undefined ? "" : `  due to ${reason}`;
  const stuck = !blocked ? "" : reason === undefined ? " blocked" : " (blocked)";
  lines.push(`  * ${what.padEnd(10)} ${resource.id}  ( ${where} )${why}${stuck}`);
}

function required(action: Action | undefined): boolean {
  return action !== undefined && !action.is(A.Optional);
}

function describePrimitive(resource: Resource, lines: string[]): void {
  const next = resource.assignedTo;
  let current = currentNode(resource);
  if (resource.partialSource && resource.partialTarget) current = resource.partialSource;
  if (!current && !next) {
    if (resource.role === Role.Stopped || resource.role === Role.Unknown) return;
  }
  const moving = current !== undefined && next !== undefined && current !== next;
  const start = next ? findAction(resource, Task.Start, 0, next) : undefined;
  const stop = findAction(resource, Task.Stop, 0, current);
  const promote = next ? findAction(resource, Task.Promote, 0, next) : undefined;
  const demote = findAction(resource, Task.Demote, 0, current);
  const migrate = next ? findAction(resource, Task.MigrateFrom, 0, next) : undefined;
  const reload = next ? findAction(resource, Task.Reload, 0, next) : undefined;
  const { role, nextRole } = resource;
  const multi = role > Role.Started || nextRole > Role.Started;

  if (!resource.is(F.Managed) && !required(start) && !required(stop)) return;

  if (current && next && !moving && nextRole !== Role.Stopped) {
    if (required(start) || (required(stop) && start)) {
      const at = where(role, current, nextRole, next);
      if (start && !start.is(A.Runnable)) {
        line(lines, "Stop", resource, placed(role, current), stop?.reason ?? start.reason, blockedStop(stop));
      } else if (required(stop) || resource.is(F.Failed)) {
        const word = resource.is(F.Failed) ? "Recover" : "Restart";
        line(lines, word, resource, at, resource.is(F.Failed) ? undefined : start?.reason, false);
      } else if (required(start)) {
        line(lines, "Restart", resource, at, start?.reason, false);
      }
      return;
    }
    if (required(reload) && reload!.is(A.Runnable)) {
      line(lines, "Reload", resource, where(role, current, nextRole, next), undefined, false);
      return;
    }
    if (nextRole === Role.Promoted && role !== Role.Promoted && promote) {
      line(lines, "Promote", resource, where(role, current, nextRole, next), reasonOf(promote), blocked(promote));
      return;
    }
    if (role === Role.Promoted && nextRole !== Role.Promoted && required(demote)) {
      const word = "Demote";
      line(lines, word, resource, where(role, current, nextRole, next), reasonOf(demote), blocked(demote));
      return;
    }
    if (required(demote) && required(promote)) {
      line(
        lines,
        resource.is(F.Failed) ? "Recover" : "Restart",
        resource,
        where(role, current, nextRole, next),
        reasonOf(demote),
        false,
      );
    }
    return;
  }
  if (moving && nextRole !== Role.Stopped) {
    if (migrate && required(migrate) && migrate.is(A.Runnable) && start?.is(A.Pseudo)) {
      line(lines, "Migrate", resource, `${current!.name} -> ${next!.name}`, undefined, false);
    } else if (start && !start.is(A.Runnable)) {
      line(lines, "Stop", resource, placed(role, current), stop?.reason ?? start.reason, blockedStop(stop));
    } else {
      const word = resource.is(F.Failed) ? "Recover" : "Move";
      line(lines, word, resource, between(role, current!, nextRole, next!), stop?.reason, false);
    }
    return;
  }
  if (nextRole === Role.Stopped || !next) {
    if (!current) return;
    for (const node of resource.runningOn) {
      const stopThere = findAction(resource, Task.Stop, 0, node);
      if (!stopThere) continue;
      line(
        lines,
        "Stop",
        resource,
        placed(multi ? role : Role.Started, node),
        stopThere.reason,
        blockedStop(stopThere),
      );
    }
    return;
  }
  if (!current && start) {
    if (!required(start) && start.is(A.Runnable)) return;
    if (nextRole === Role.Promoted) {
      // What keeps it from being promoted says more than what starts it.
      const why = start.is(A.Runnable) && promote && !promote.is(A.Runnable) ? promote : start;
      line(lines, "Promote", resource, `Stopped -> Promoted ${next.name}`, reasonOf(why), blocked(why));
    } else {
      line(lines, "Start", resource, next.name, reasonOf(start), blocked(start));
    }
  }
}

function reasonOf(action: Action | undefined): string | undefined {
  return action?.reason;
}

function blocked(action: Action | undefined): boolean {
  return action !== undefined && !action.is(A.Runnable);
}

function blockedStop(stop: Action | undefined): boolean {
  return stop !== undefined && !stop.is(A.Runnable);
}

function placed(role: Role, node: Node | undefined): string {
  return role > Role.Started ? `${roleNames[role]} ${node?.name ?? ""}` : (node?.name ?? "");
}

function where(role: Role, current: Node, nextRole: Role, next: Node): string {
  void current;
  if (role === nextRole || (role <= Role.Started && nextRole <= Role.Started)) return placed(nextRole, next);
  return `${roleNames[role]} -> ${roleNames[nextRole]} ${next.name}`;
}

function between(role: Role, current: Node, nextRole: Role, next: Node): string {
  if (role > Role.Started && role !== nextRole) {
    return `${roleNames[role]} ${current.name} -> ${roleNames[nextRole]} ${next.name}`;
  }
  return role > Role.Started
    ? `${current.name} -> ${next.name} ${roleNames[nextRole]}`
    : `${current.name} -> ${next.name}`;
}
