import { type SummaryRow, summaryTable } from "../print/summary-table.js";
import { A, type Action, findAction, findActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { currentNode } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource, Role, roleNames } from "../state/working.js";

/** The lines of crm_simulate's "Transition Summary", without their bullets. */
export function summarize(plan: Plan): string[] {
  const lines: string[] = [];
  for (let i = plan.actions.length - 1; i >= 0; i--) {
    const action = plan.actions[i]!;
    if (action.is(A.Optional) && !action.is(A.PrintAlways)) continue;
    if (action.task === Task.Fence && action.node) fenceLine(lines, action);
  }
  const rows: SummaryRow[] = [];
  for (const resource of plan.resources) describe(resource, rows);
  return lines.concat(summaryTable(rows));
}

function fenceLine(lines: string[], action: Action): void {
  if (action.fenceAction === "on" && action.reason === undefined) return;
  const node = action.node!;
  const container = node.isGuest && node.connection?.container;
  const who = container ? `${node.name} (resource: ${container.id})` : node.name;
  const why = action.reason ? ` '${action.reason}'` : "";
  lines.push(`Fence (${action.fenceAction}) ${who}${why}`);
}

function describe(resource: Resource, rows: SummaryRow[]): void {
  if (resource.variant === "bundle") {
    for (const { ip, container, remote, child } of resource.replicas) {
      for (const part of [ip, container, remote, child]) if (part) describe(part, rows);
    }
    return;
  }
  if (resource.variant !== "primitive") {
    for (const child of resource.children) describe(child, rows);
    return;
  }
  describePrimitive(resource, rows);
}

function line(
  rows: SummaryRow[],
  what: string,
  resource: Resource,
  where: string,
  reason: string | undefined,
  blocked: boolean,
): void {
  rows.push({ what, instance: resource.id, where, reason, blocked });
}

function required(action: Action | undefined): boolean {
  return action !== undefined && !action.is(A.Optional);
}

function describePrimitive(resource: Resource, rows: SummaryRow[]): void {
  const next = resource.assignedTo;
  let current = currentNode(resource);
  if (resource.partialSource && resource.partialTarget) current = resource.partialSource;
  if (!current && !next) {
    if (resource.role === Role.Stopped || resource.role === Role.Unknown) return;
  }
  const moving = current !== undefined && next !== undefined && current !== next;
  const start = next ? findAction(resource, Task.Start, 0, next) : undefined;
  // Where it stays, of several, another node's stop says why.
  const stop = findAction(resource, Task.Stop, 0, current) ?? firstPlanned(resource, Task.Stop);
  const promote = next ? findAction(resource, Task.Promote, 0, next) : undefined;
  const demote = findAction(resource, Task.Demote, 0, current);
  const migrate = next ? findAction(resource, Task.MigrateFrom, 0, next) : undefined;
  const reload = next ? findAction(resource, Task.Reload, 0, next) : undefined;
  const { role, nextRole } = resource;
  const multi = role > Role.Started || nextRole > Role.Started;

  // What is left alone has nothing planned, whatever its actions would be.
  if (!resource.is(F.Managed)) return;

  if (current && next && !moving && nextRole !== Role.Stopped) {
    if (required(start) || (required(stop) && start)) {
      const at = where(role, current, nextRole, next);
      if (start && !start.is(A.Runnable)) {
        stoppedForGood(rows, resource, current, start.reason);
      } else if (required(stop) || resource.is(F.Failed)) {
        const failed = resource.is(F.Failed);
        const elsewhere = stop?.node === current ? undefined : stop;
        const reason = failed ? recoveryReason(resource, start, elsewhere) : start?.reason;
        line(rows, failed ? "Recover" : "Restart", resource, at, reason, false);
      } else if (required(start)) {
        line(rows, "Restart", resource, at, start?.reason, false);
      }
      return;
    }
    if (required(reload) && reload!.is(A.Runnable)) {
      line(rows, "Reload", resource, where(role, current, nextRole, next), undefined, false);
      return;
    }
    if (nextRole === Role.Promoted && role !== Role.Promoted && promote) {
      line(rows, "Promote", resource, where(role, current, nextRole, next), reasonOf(promote), blocked(promote));
      return;
    }
    if (role === Role.Promoted && nextRole !== Role.Promoted && required(demote)) {
      const word = "Demote";
      line(rows, word, resource, where(role, current, nextRole, next), reasonOf(demote), blocked(demote));
      return;
    }
    if (required(demote) && required(promote)) {
      line(rows, "Re-promote", resource, where(role, current, nextRole, next), reasonOf(demote), false);
    }
    return;
  }
  if (moving && nextRole !== Role.Stopped) {
    if (migrate && required(migrate) && migrate.is(A.Runnable) && start?.is(A.Pseudo)) {
      line(rows, "Migrate", resource, between(role, current!, nextRole, next!), start.reason, false);
    } else if (start && !start.is(A.Runnable)) {
      stoppedForGood(rows, resource, current!, start.reason);
    } else {
      const word = resource.is(F.Failed) ? "Recover" : "Move";
      const reason = resource.is(F.Failed) ? recoveryReason(resource, start, stop) : stop?.reason;
      line(rows, word, resource, between(role, current!, nextRole, next!), reason, false);
    }
    return;
  }
  if (nextRole === Role.Stopped || !next) {
    if (!current) return;
    stopLines(rows, resource, multi ? role : Role.Started, findAction(resource, Task.Start, 0, undefined)?.reason);
    return;
  }
  if (!current && start) {
    if (required(stop)) {
      // A container in which something failed is stopped first, though it is not known to run.
      if (start.is(A.Runnable)) line(rows, "Restart", resource, next.name, start.reason, false);
      return;
    }
    if (!required(start) && start.is(A.Runnable)) return;
    if (nextRole === Role.Promoted) {
      // What keeps it from being started keeps it from being promoted, but is not told.
      const stuck = blocked(start) || blocked(promote);
      line(rows, "Promote", resource, `Stopped -> Promoted ${next.name}`, reasonOf(promote), stuck);
    } else {
      line(rows, "Start", resource, next.name, reasonOf(start), blocked(start));
    }
  }
}

/** A recovery is its own reason; where the role becomes another one, what the start is for is told. */
function recoveryReason(
  { role, nextRole }: Resource,
  start: Action | undefined,
  stop: Action | undefined,
): string | undefined {
  return stop?.reason ?? (role > Role.Started && role !== nextRole ? start?.reason : undefined);
}

/**
 * What cannot start again: with a promotable role, a line for each node; else one for the node that it counts as being
 * on, which tells of the stop that was planned first, wherever that is.
 */
function stoppedForGood(rows: SummaryRow[], resource: Resource, current: Node, because: string | undefined): void {
  const { role } = resource;
  if (role > Role.Started) {
    stopLines(rows, resource, role, because);
    return;
  }
  const stop = firstPlanned(resource, Task.Stop);
  // What a migration left behind is cleaned up without a word.
  if (!stop || stop.is(A.Dangling)) return;
  // Of what was to be promoted, merely running is told as a role too.
  const at = resource.nextRole === Role.Promoted ? `${roleNames[role]} ${current.name}` : placed(role, current);
  line(rows, "Stop", resource, at, stop.reason ?? because, !stop.is(A.Runnable));
}

function firstPlanned(resource: Resource, task: Task): Action | undefined {
  return findActions(resource, task).at(-1);
}

/** A line for each node on which it is stopped; `because`: what to say where the stop has no reason of its own. */
function stopLines(rows: SummaryRow[], resource: Resource, role: Role, because: string | undefined): void {
  for (const node of resource.runningOn) {
    const stop = findAction(resource, Task.Stop, 0, node);
    if (stop) line(rows, "Stop", resource, placed(role, node), stop.reason ?? because, !stop.is(A.Runnable));
  }
}

function reasonOf(action: Action | undefined): string | undefined {
  return action?.reason;
}

function blocked(action: Action | undefined): boolean {
  return action !== undefined && !action.is(A.Runnable);
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
  if (role !== nextRole && Math.max(role, nextRole) > Role.Started) {
    return `${roleNames[role]} ${current.name} -> ${roleNames[nextRole]} ${next.name}`;
  }
  return role > Role.Started
    ? `${current.name} -> ${next.name} ${roleNames[nextRole]}`
    : `${current.name} -> ${next.name}`;
}
