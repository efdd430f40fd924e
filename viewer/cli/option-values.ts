import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "commander";
import { spanMs } from "../../model/topology/span-text.js";
import { parseDuration } from "../../scenarios/file/duration.js";

/** Values of options as people type them; each throws InvalidArgumentError, which commander tells with exit code 2. */

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

export function count(value: string): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1)
    throw new InvalidArgumentError("Expected a whole number, 1 or more.");
  return Number(value);
}

/** Every thread holds a twin of its own: many more than cores only fill the memory. */
export function threads(value: string): number {
  const most = 4 * Math.max(4, availableParallelism());
  const asked = count(value);
  if (asked > most) throw new InvalidArgumentError(`At most ${most} threads on this machine.`);
  return asked;
}

export function seed(value: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffff_ffff)
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  return Number(value);
}

export function span(value: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(
    spanMs(value) === undefined
      ? "Expected a duration with its unit: 1500ms, 30s, 5m, 1h30m."
      : "A duration is at most a year.",
  );
}
