import { digestText } from "../../kernel/random.js";
import type { Decision, GraphAction } from "../scheduler/interface.js";

/**
 * A transition graph that a DC works on. `status` has one character an action: `.` waits, `>` is under way, `+` is
 * done, `!` failed.
 */
export interface GraphState {
  /** Which transition of this DC; history alone. */
  readonly number: number;
  readonly decision: Decision;
  /** What the graph is, for the world's key. */
  readonly key: string;
  readonly status: string;
  /** Something that was ready had to wait for a limit (batch-limit, node-action-limit). */
  readonly throttled: boolean;
  /** Actions of this priority or less are not begun any more; undefined while nothing aborted it. */
  readonly abortPriority?: number;
  /** What follows its end: a new decision, or (`wait`) nothing until something changes. */
  readonly after: "restart" | "wait";
  readonly abortReason?: string;
  /** The trace entry of the decision. */
  readonly entry: number;
}

export const ABORT_ALL = 1_000_000;

const keys = new WeakMap<Decision, string>();

export function graphKey(decision: Decision): string {
  let key = keys.get(decision);
  if (key === undefined) {
    key = digestText(
      decision.actions.map(({ key, node = "", inputs }) => `${key}@${node}<${inputs.join(",")}`).join(" "),
    );
    keys.set(decision, key);
  }
  return key;
}

/** What a graph means from now on: one that has come to its end, nothing. */
export function graphNow(graph: GraphState | undefined): unknown {
  if (!graph || !inFlight(graph)) return null;
  const { key, status, throttled, abortPriority = null, after } = graph;
  return [key, status, throttled, abortPriority, after];
}

const successors = new WeakMap<Decision, readonly (readonly number[])[]>();

/** For each action those that wait for it, ascending. */
export function successorsOf(decision: Decision): readonly (readonly number[])[] {
  let found = successors.get(decision);
  if (!found) {
    const lists: number[][] = decision.actions.map(() => []);
    for (const action of decision.actions) for (const input of action.inputs) lists[input]!.push(action.id);
    successors.set(decision, lists);
    found = lists;
  }
  return found;
}

export function inFlight(graph: GraphState): boolean {
  return graph.status.includes(">");
}

export function withStatus(graph: GraphState, id: number, status: "." | ">" | "+" | "!"): GraphState {
  return { ...graph, status: graph.status.slice(0, id) + status + graph.status.slice(id + 1) };
}

/** All inputs have come to an end that lets the action begin. */
export function isReady(graph: GraphState, action: GraphAction): boolean {
  for (const input of action.inputs) {
    const status = graph.status[input];
    if (status === "+") continue;
    if (status === "!" && graph.decision.actions[input]!.canFail) continue;
    return false;
  }
  return true;
}
