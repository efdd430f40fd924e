import { INFINITY_SCORE } from "../configuration/interval.js";
import { type OperationResult, operationKey } from "../status/history.js";

/**
 * The transient attributes that a failed operation changes: one more failure for what repeats or promotes, INFINITY
 * for a stop, and for a start unless start-failure-is-fatal is off. Probes count nothing.
 */
export function failureAttributes(
  attributes: ReadonlyMap<string, string>,
  result: OperationResult,
  how: { readonly epochSeconds: number; readonly startFailureIsFatal: boolean },
): ReadonlyMap<string, string> {
  const { resource, operation, intervalMs } = result;
  const counted = intervalMs > 0 || ["start", "stop", "promote", "demote"].includes(operation);
  if (!counted) return new Map();
  const suffix = operationKey(resource, operation, intervalMs).slice(resource.length + 1);
  const name = `fail-count-${resource}#${suffix}`;
  const before = attributes.get(name);
  const fatal = intervalMs === 0 && (operation === "stop" || (operation === "start" && how.startFailureIsFatal));
  const count = fatal || before === "INFINITY" ? "INFINITY" : String(Math.min(Number(before ?? 0) + 1, INFINITY_SCORE));
  return new Map([
    [name, count],
    [`last-failure-${resource}#${suffix}`, String(how.epochSeconds)],
  ]);
}
