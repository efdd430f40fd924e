import { addDuration, type CalendarTime, calendarTime, moonPhase, parseDate, parseIntervalMs } from "./dates.js";
import type { XmlElement } from "./types.js";

/** What a rule may be asked about. Undefined parts make the expressions that need them false. */
export interface RuleContext {
  readonly nowEpochSeconds: number;
  /** Attributes of the node, `#uname` and its like included. */
  readonly node?: ReadonlyMap<string, string> | undefined;
  /** `#role`, and a rule's own role: "Started", "Promoted", … */
  readonly role?: string | undefined;
  /** For value-source="param" and "meta". */
  readonly parameters?: ReadonlyMap<string, string> | undefined;
  readonly meta?: ReadonlyMap<string, string> | undefined;
  readonly resource?:
    | { readonly class: string; readonly provider: string | undefined; readonly type: string }
    | undefined;
  readonly operation?: { readonly name: string; readonly intervalMs: number } | undefined;
  /** What `%0` to `%9` stand for, where a resource pattern was matched. */
  readonly matches?: readonly string[] | undefined;
  readonly listener?: RuleListener | undefined;
}

/** Is told what comes to light while rules are asked. */
export interface RuleListener {
  /** The instant (epoch seconds) at which a date expression changes its answer. */
  onChange(epochSeconds: number): void;
  /** An expression that cannot be evaluated. */
  onTrouble(where: XmlElement, text: string): void;
}

/** Whether a rule element holds. A rule without conditions holds. */
export function ruleHolds(rule: XmlElement, context: RuleContext): boolean {
  const any = rule.attrs["boolean-op"]?.toLowerCase() === "or";
  let empty = true;
  let holds = !any;
  for (const condition of rule.children) {
    const result = conditionHolds(condition, context);
    if (result === undefined) continue;
    empty = false;
    // Every condition is asked, so that each date expression can name the instant at which it changes.
    if (any) holds ||= result;
    else holds &&= result;
  }
  return empty ? true : holds;
}

/** Undefined where the element is no condition. */
function conditionHolds(e: XmlElement, context: RuleContext): boolean | undefined {
  switch (e.name) {
    case "rule":
      return ruleHolds(e, context);
    case "expression":
      return attributeHolds(e, context);
    case "date_expression":
      return dateHolds(e, context);
    case "rsc_expression":
      return resourceHolds(e, context);
    case "op_expression":
      return operationHolds(e, context);
    default:
      return undefined;
  }
}

function attributeHolds(e: XmlElement, context: RuleContext): boolean {
  const { operation, type, "value-source": source } = e.attrs;
  const name = expandMatches(e.attrs["attribute"] ?? "", context.matches);
  let wanted: string | undefined = e.attrs["value"];
  if (wanted !== undefined) {
    if (source === "param") wanted = context.parameters?.get(wanted);
    else if (source === "meta") wanted = context.meta?.get(wanted);
  }
  if (!context.node && name !== "#role") return false;
  const actual = name === "#role" ? context.role : context.node?.get(name);
  switch (operation) {
    case "defined":
      return actual !== undefined;
    case "not_defined":
      return actual === undefined;
    case "eq":
      return (
        actual === wanted || (actual !== undefined && wanted !== undefined && compare(actual, wanted, type, e) === 0)
      );
    case "ne":
      return actual === undefined || wanted === undefined ? actual !== wanted : compare(actual, wanted, type, e) !== 0;
    default:
      break;
  }
  if (actual === undefined || wanted === undefined) return false;
  const order = compare(actual, wanted, type, e);
  switch (operation) {
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
    default:
      context.listener?.onTrouble(e, `unknown operation "${operation ?? ""}" of an expression`);
      return false;
  }
}

const INTEGER = /^\s*[+-]?\d+/;
const FLOAT = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;

function compare(a: string, b: string, type: string | undefined, e: XmlElement): number {
  let kind = type;
  if (kind === undefined) {
    const operation = e.attrs["operation"];
    const ordered = operation === "lt" || operation === "lte" || operation === "gt" || operation === "gte";
    kind = !ordered ? "string" : a.includes(".") || b.includes(".") ? "number" : "integer";
  }
  switch (kind) {
    case "number": {
      const x = FLOAT.exec(a);
      const y = FLOAT.exec(b);
      if (x && y) return Math.sign(Number(x[0]) - Number(y[0]));
      return compareText(a, b);
    }
    case "integer": {
      const x = INTEGER.exec(a);
      const y = INTEGER.exec(b);
      if (x && y) return compareIntegers(x[0], y[0]);
      return compareText(a, b);
    }
    case "version":
      return compareVersions(a, b);
    default:
      return compareText(a, b);
  }
}

function compareIntegers(a: string, b: string): number {
  const x = BigInt(a.trim().replace(/^\+/, ""));
  const y = BigInt(b.trim().replace(/^\+/, ""));
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Letters compare without their case, as everywhere in node attributes. */
function compareText(a: string, b: string): number {
  const x = a.toLowerCase();
  const y = b.toLowerCase();
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Dotted numbers, each part as a number; a missing part counts as zero, what is no number ends the comparison. */
export function compareVersions(a: string, b: string): number {
  const x = a.split(".");
  const y = b.split(".");
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const m = Number.parseInt(x[i] ?? "0", 10) || 0;
    const n = Number.parseInt(y[i] ?? "0", 10) || 0;
    if (m !== n) return m < n ? -1 : 1;
  }
  return 0;
}

/** What says nothing of a provider means agents that have none, as fence devices and LSB scripts. */
function resourceHolds(e: XmlElement, { resource }: RuleContext): boolean {
  if (!resource) return false;
  const { class: agentClass, provider, type } = e.attrs;
  return (
    (agentClass === undefined || agentClass === resource.class) &&
    provider === resource.provider &&
    (type === undefined || type === resource.type)
  );
}

function operationHolds(e: XmlElement, { operation }: RuleContext): boolean {
  if (!operation || e.attrs["name"] !== operation.name) return false;
  const interval = e.attrs["interval"];
  return interval === undefined || parseIntervalMs(interval) === operation.intervalMs;
}

function dateHolds(e: XmlElement, context: RuleContext): boolean {
  const now = context.nowEpochSeconds;
  const start = dateOf(e, "start", context);
  let end = dateOf(e, "end", context);
  const operation = e.attrs["operation"] ?? "in_range";
  switch (operation) {
    case "in_range": {
      if (start !== undefined && end === undefined) {
        const duration = e.children.find((c) => c.name === "duration");
        if (duration) end = addDuration(start, durationOf(duration));
      }
      if (start === undefined && end === undefined) return false;
      if (start !== undefined && now < start) {
        context.listener?.onChange(start);
        return false;
      }
      if (end === undefined) return true;
      if (now > end) return false;
      context.listener?.onChange(end + 1);
      return true;
    }
    case "gt":
      if (start === undefined) return false;
      if (now > start) return true;
      context.listener?.onChange(start + 1);
      return false;
    case "lt":
      if (end === undefined) return false;
      if (now >= end) return false;
      context.listener?.onChange(end);
      return true;
    case "date_spec": {
      const spec = e.children.find((c) => c.name === "date_spec");
      return spec !== undefined && dateSpecHolds(spec, calendarTime(now));
    }
    default:
      context.listener?.onTrouble(e, `unknown operation "${operation}" of a date expression`);
      return false;
  }
}

function dateOf(e: XmlElement, name: "start" | "end", context: RuleContext): number | undefined {
  const text = e.attrs[name];
  if (text === undefined) return undefined;
  const date = parseDate(text, context.nowEpochSeconds);
  if (date === undefined) context.listener?.onTrouble(e, `${name}: not a date "${text}"`);
  return date;
}

/** A `duration` element's parts. */
export function durationOf(e: XmlElement): { years: number; months: number; days: number; seconds: number } {
  const part = (name: string): number => Number.parseInt(e.attrs[name] ?? "0", 10) || 0;
  return {
    years: part("years"),
    months: part("months"),
    days: part("weeks") * 7 + part("days"),
    seconds: part("hours") * 3600 + part("minutes") * 60 + part("seconds"),
  };
}

const FIELDS: readonly (readonly [name: string, value: (time: CalendarTime) => number])[] = [
  ["seconds", (t) => t.seconds],
  ["minutes", (t) => t.minutes],
  ["hours", (t) => t.hours],
  ["monthdays", (t) => t.day],
  ["weekdays", (t) => t.weekDay],
  ["yeardays", (t) => t.yearDay],
  ["months", (t) => t.month],
  ["weeks", (t) => t.week],
  ["years", (t) => t.year],
  ["weekyears", (t) => t.weekYear],
  ["moon", moonPhase],
];

/** Whether a `date_spec` element matches: every field given must hold. */
export function dateSpecHolds(spec: XmlElement, time: CalendarTime): boolean {
  for (const [name, value] of FIELDS) {
    const range = spec.attrs[name];
    if (range !== undefined && !inRange(range, value(time))) return false;
  }
  return true;
}

const RANGE = /^\s*(\d+)?\s*(-)?\s*(\d+)?/;

/** `5`, `5-9`, `5-`, `-9`. */
function inRange(range: string, value: number): boolean {
  const m = RANGE.exec(range);
  if (!m || (m[1] === undefined && m[3] === undefined)) return false;
  const low = m[1] === undefined ? undefined : Number(m[1]);
  const high = m[2] === undefined ? low : m[3] === undefined ? undefined : Number(m[3]);
  return (low === undefined || value >= low) && (high === undefined || value <= high);
}

/** `%0` to `%9` replaced by what a resource pattern matched; a number without a match vanishes. */
export function expandMatches(text: string, matches: readonly string[] | undefined): string {
  if (!matches || !text.includes("%")) return text;
  return text.replace(/%(\d)/g, (_, digit: string) => matches[Number(digit)] ?? "");
}
