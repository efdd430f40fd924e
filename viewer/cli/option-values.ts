import { InvalidArgumentError } from "commander";
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

export function seed(value: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffff_ffff)
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  return Number(value);
}

export function span(value: string): number {
  const ms = parseDuration(value);
  if (ms === undefined) throw new InvalidArgumentError("Expected a duration with its unit: 1500ms, 30s, 5m, 1h30m.");
  return ms;
}
