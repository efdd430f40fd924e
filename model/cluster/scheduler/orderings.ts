import { A, type Action, findActions, O, orderActions } from "./actions.js";
import type { Plan } from "./plan.js";
import { Task } from "./tasks.js";
import { collectiveRole } from "./resource-state.js";
import { type Resource, Role } from "./working.js";

/**
 * Orderings are first written down between tasks of resources (or actions that stand already), and become edges
 * between actions once all actions stand: only then is it known which tasks will have an action at all.
 */
export interface Ordering {
  readonly firstResource: Resource | undefined;
  readonly firstTask: Task;
  readonly firstAction: Action | undefined;
  readonly thenResource: Resource | undefined;
  readonly thenTask: Task;
  readonly thenAction: Action | undefined;
  readonly flags: number;
  /** Set for a recurring monitor as the then: its interval. */
  readonly thenIntervalMs: number;
}

export function orderTasks(
  plan: Plan,
  firstResource: Resource,
  firstTask: Task,
  thenResource: Resource,
  thenTask: Task,
  flags: number,
): void {
  plan.orderings.push({
    firstResource,
    firstTask,
    firstAction: undefined,
    thenResource,
    thenTask,
    thenAction: undefined,
    flags,
    thenIntervalMs: 0,
  });
}

export function orderActionThenTask(
  plan: Plan,
  firstAction: Action,
  thenResource: Resource,
  thenTask: Task,
  flags: number,
): void {
  plan.orderings.push({
    firstResource: firstAction.resource,
    firstTask: Task.None,
    firstAction,
    thenResource,
    thenTask,
    thenAction: undefined,
    flags,
    thenIntervalMs: 0,
  });
}

export function orderTaskThenAction(
  plan: Plan,
  firstResource: Resource,
  firstTask: Task,
  thenAction: Action,
  flags: number,
): void {
  plan.orderings.push({
    firstResource,
    firstTask,
    firstAction: undefined,
    thenResource: thenAction.resource,
    thenTask: Task.None,
    thenAction,
    flags,
    thenIntervalMs: 0,
  });
}
