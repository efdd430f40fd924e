import { parseIntervalMs } from "../../cib/dates.js";
import type { XmlElement } from "../../cib/types.js";
import { parseBoolean } from "../state/values.js";
import { type Resource, Role } from "../state/working.js";

/** One recurring operation of a resource, as configured and enabled. */
export interface RecurringOperation {
  readonly xml: XmlElement;
  readonly name: string;
  readonly intervalMs: number;
  /** Role.Unknown where none is given. */
  readonly role: Role;
}

const roles: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["Stopped", Role.Stopped],
  ["Started", Role.Started],
  ["Slave", Role.Unpromoted],
  ["Unpromoted", Role.Unpromoted],
  ["Master", Role.Promoted],
  ["Promoted", Role.Promoted],
]);

/** Whether an operation that is configured counts. */
export function isEnabled(op: XmlElement): boolean {
  return parseBoolean(op.attrs["enabled"]) ?? true;
}

/** The recurring operations that are enabled. Two with one name and interval cancel each other out. */
export function recurringOperations(resource: Resource): readonly RecurringOperation[] {
  resource.recurring ??= readRecurring(resource.operations);
  return resource.recurring;
}

function readRecurring(operations: readonly XmlElement[]): readonly RecurringOperation[] {
  const found: RecurringOperation[] = [];
  for (const xml of operations) {
    const intervalMs = parseIntervalMs(xml.attrs.interval);
    const name = xml.attrs.name ?? "";
    if (intervalMs === 0 || !isEnabled(xml)) continue;
    if (name === "start" || name === "stop" || name === "promote" || name === "demote") continue;
    const twins = operations.filter(
      (o) => o.attrs["name"] === name && parseIntervalMs(o.attrs["interval"]) === intervalMs,
    );
    if (twins.length > 1) continue;
    found.push({ xml, name, intervalMs, role: roles.get(xml.attrs.role ?? "") ?? Role.Unknown });
  }
  return found;
}

export function isRecurringConfigured(resource: Resource, name: string, intervalMs: number): boolean {
  return operationConfig(resource, name, intervalMs) !== undefined;
}

/** The configured operation for a task that is not recurring (a probe goes by the shortest monitor). */
export function operationConfig(resource: Resource, name: string, intervalMs: number): XmlElement | undefined {
  for (const xml of resource.operations) {
    if (!isEnabled(xml) || xml.attrs.name !== name) continue;
    if (parseIntervalMs(xml.attrs.interval) === intervalMs) return xml;
  }
  return undefined;
}
