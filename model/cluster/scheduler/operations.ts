import type { XmlElement } from "../cib/types.js";
import { type Resource, Role } from "./working.js";

/** Times that the configuration writes as "20s", "5min", "1500ms", "2h", or in seconds without a unit. */
export function parseIntervalMs(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)/.exec(text);
  if (!match) return text.startsWith("P") ? iso8601Ms(text) : 0;
  const value = Number(match[1]);
  switch (match[2]!.toLowerCase()) {
    case "ms":
    case "msec":
      return Math.trunc(value);
    case "us":
    case "usec":
      return Math.trunc(value / 1000);
    case "":
    case "s":
    case "sec":
      return Math.trunc(value) * 1000;
    case "m":
    case "min":
      return Math.trunc(value) * 60_000;
    case "h":
    case "hr":
      return Math.trunc(value) * 3_600_000;
    default:
      return 0;
  }
}

function iso8601Ms(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!match) return 0;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
}

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


/** The recurring operations that are enabled; of two with one name and interval, the first. */
export function recurringOperations(resource: Resource): readonly RecurringOperation[] {
  resource.recurring ??= readRecurring(resource.operations);
  return resource.recurring;
}

function readRecurring(operations: readonly XmlElement[]): readonly RecurringOperation[] {
  const found: RecurringOperation[] = [];
  for (const xml of operations) {
    const intervalMs = parseIntervalMs(xml.attrs.interval);
    const name = xml.attrs.name ?? "";
    if (intervalMs === 0 || xml.attrs.enabled === "false") continue;
    if (name === "start" || name === "stop" || name === "promote" || name === "demote") continue;
    if (found.some((o) => o.name === name && o.intervalMs === intervalMs)) continue;
    found.push({ xml, name, intervalMs, role: roles.get(xml.attrs.role ?? "") ?? Role.Unknown });
  }
  return found;
}

export function isRecurringConfigured(resource: Resource, name: string, intervalMs: number): boolean {
  return recurringOperations(resource).some((o) => o.name === name && o.intervalMs === intervalMs);
}

/** The configured operation for a task that is not recurring (a probe goes by the shortest monitor). */
export function operationConfig(resource: Resource, name: string, intervalMs: number): XmlElement | undefined {
  for (const xml of resource.operations) {
    if (xml.attrs.enabled === "false" || xml.attrs.name !== name) continue;
    if (parseIntervalMs(xml.attrs.interval) === intervalMs) return xml;
  }
  return undefined;
}
