import type { Blueprint, Cell, Instant } from "../../kernel/index.js";
import type { StartBegun } from "../facts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "No resource changes its node five times within half an hour.";

const WINDOW_MS = 1_800_000;
const MOVES_MAX = 4;

interface Moves {
  readonly node: string;
  readonly atMs: readonly number[];
}

/** Where an exclusive resource was started last, and when it changed its node; older than the window is forgotten. */
export function moveTimes(blueprint: Blueprint, resources: readonly string[]): ReadonlyMap<string, Cell<Moves>> {
  return new Map(
    resources.map((resource) => [
      resource,
      blueprint.cell<Moves>(
        `promise/ping-pong/${resource}`,
        Object.freeze({ node: "", atMs: Object.freeze([]) }),
        ({ node, atMs }, nowMs) => [node, atMs.filter((at) => nowMs - at < WINDOW_MS).map((at) => nowMs - at)],
        { rest: ({ node, atMs }) => [node, atMs.length], phase: ({ atMs }) => atMs },
      ),
    ]),
  );
}

export function checkStart(
  instant: Instant,
  promise: AlwaysPromise,
  times: ReadonlyMap<string, Cell<Moves>>,
  start: StartBegun,
): void {
  const cell = times.get(`${start.cluster}/${start.resource}`);
  if (!cell) return;
  const before = instant.get(cell);
  if (before.node === start.node) return;
  exercise(instant, promise);
  const recent = before.atMs.filter((atMs) => instant.nowMs - atMs < WINDOW_MS);
  const atMs = before.node === "" ? recent : [...recent, instant.nowMs];
  instant.set(cell, Object.freeze({ node: start.node, atMs: Object.freeze(atMs) }));
  if (atMs.length > MOVES_MAX)
    breakPromise(instant, promise, `${start.resource} changes its node ${atMs.length} times within 30 minutes`);
}
