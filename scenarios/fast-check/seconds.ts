import { parseDuration } from "../file/duration.js";

/** Whole seconds, 1 or more: what is generated is told in them. Throws TypeError for what is no duration. */
export function secondsOf(name: string, duration: string): number {
  const ms = parseDuration(duration);
  if (ms === undefined)
    throw new TypeError(`${name}: ${JSON.stringify(duration)} is no duration; write 30s, 5m, 1h30m`);
  return Math.max(1, Math.floor(ms / 1_000));
}
