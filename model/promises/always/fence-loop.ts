import type { Blueprint, Cell, Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "No node is fenced three times within half an hour.";

const WINDOW_MS = 1_800_000;
const FENCES_MAX = 2;

/** When each node was last fenced; older than the window is forgotten. */
export function fenceTimes(
  blueprint: Blueprint,
  nodes: readonly NodeId[],
): ReadonlyMap<NodeId, Cell<readonly number[]>> {
  return new Map(
    nodes.map((node) => [
      node,
      blueprint.cell<readonly number[]>(
        `promise/fence-loop/${node}`,
        Object.freeze([]),
        (times, nowMs) => times.filter((atMs) => nowMs - atMs < WINDOW_MS).map((atMs) => nowMs - atMs),
        { rest: (times) => times.length, phase: (times) => times },
      ),
    ]),
  );
}

export function checkFence(
  instant: Instant,
  promise: AlwaysPromise,
  times: ReadonlyMap<NodeId, Cell<readonly number[]>>,
  node: NodeId,
): void {
  const cell = times.get(node);
  if (!cell) return;
  exercise(instant, promise);
  const recent = [...instant.get(cell).filter((atMs) => instant.nowMs - atMs < WINDOW_MS), instant.nowMs];
  instant.set(cell, Object.freeze(recent));
  if (recent.length > FENCES_MAX)
    breakPromise(instant, promise, `${node} is fenced ${recent.length} times within 30 minutes`);
}
