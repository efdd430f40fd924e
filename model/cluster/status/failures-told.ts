import { parseIntervalMs } from "../cib/dates.js";
import type { XmlElement } from "../cib/types.js";

/** What failures tell decisions on one configuration, at one time. */
export interface FailuresTold {
  /** When ages are taken, in seconds since the epoch; undefined where no decision depends on how old a failure is. */
  readonly agesAt: number | undefined;
  /** Whatever is older than so many seconds is as old. */
  readonly agesTo: number;
  /** More failures than this are as many; INFINITY is told apart. */
  readonly countsTo: number;
}

/** What they tell where decisions rest on this configuration. */
export function failuresTold(configuration: XmlElement, nowSeconds: number): FailuresTold {
  const { timed, agesTo, countsTo } = factsOf(configuration);
  return { agesAt: timed ? nowSeconds : undefined, agesTo, countsTo };
}

/** A fail-count up to the highest migration-threshold; an age where ages count, else whether there is one. */
function attributeTold(name: string, value: string, told: FailuresTold): unknown {
  if (name.startsWith("last-failure-") || name === "shutdown") return age(Number(value), told);
  if (name.startsWith("fail-count-") && /^\d+$/.test(value)) return Math.min(Number(value), told.countsTo);
  return value;
}

/** A node's transient attributes as far as decisions depend on them; their order tells nothing. */
export function attributesTold(attributes: ReadonlyMap<string, string>, told: FailuresTold): readonly unknown[] {
  return [...attributes.keys()].sort().map((name) => [name, attributeTold(name, attributes.get(name)!, told)]);
}

/** Where ages do not count, whether it ever was is left. */
export function age(seconds: number, { agesAt, agesTo }: Omit<FailuresTold, "countsTo">): number | boolean {
  return agesAt === undefined ? seconds > 0 : Math.min(agesAt - seconds, agesTo);
}

/** Whether decisions may depend on when something happened: failures expire, rules know dates, locks or results time out. */
export function restsOnTime(configuration: XmlElement): boolean {
  return factsOf(configuration).timed;
}

/** How many failures make a difference: the highest migration-threshold. One is one too many where there is none. */
export function countsTo(configuration: XmlElement): number {
  return factsOf(configuration).countsTo;
}

interface Facts {
  readonly timed: boolean;
  readonly agesTo: number;
  readonly countsTo: number;
}

const known = new WeakMap<XmlElement, Facts>();

function factsOf(configuration: XmlElement): Facts {
  let found = known.get(configuration);
  if (!found) {
    const expiryMs = longestExpiryMs(configuration);
    const timed = mentions(configuration, TIMED);
    const agesTo = timed ? A_DAY : Math.floor(expiryMs / 1000) + AFTER_EXPIRY;
    found = { timed: timed || expiryMs > 0, agesTo, countsTo: highestThreshold(configuration) };
    known.set(configuration, found);
  }
  return found;
}

/** What makes decisions depend on how long ago something was, beside failures that expire. */
const TIMED = /^(shutdown-lock.*|date_expression|lifetime|.*pending-timeout)$/;
/** What makes failures expire; of a remote node's connection it is how often to try again. */
const EXPIRY = /^(failure-timeout|reconnect_interval)$/;
/** In seconds. Older than that was not thought of. */
const A_DAY = 86_400;
/** An expired failure is counted for a second longer than its result. */
const AFTER_EXPIRY = 2;

function mentions({ name, attrs, children }: XmlElement, what: RegExp): boolean {
  if (what.test(name)) return true;
  for (const [key, value] of Object.entries(attrs)) if (what.test(key) || what.test(value)) return true;
  return children.some((child) => mentions(child, what));
}

/** 0 where no failure expires. */
function longestExpiryMs({ attrs, children }: XmlElement): number {
  const isExpiry = EXPIRY.test(attrs["name"] ?? "");
  let longest = isExpiry ? parseIntervalMs(attrs["value"] ?? "") : parseIntervalMs(attrs["failure-timeout"] ?? "0");
  for (const child of children) longest = Math.max(longest, longestExpiryMs(child));
  return longest;
}

function highestThreshold({ attrs, children }: XmlElement): number {
  let highest = 1;
  if (attrs["name"] === "migration-threshold") highest = Math.max(highest, thresholdOf(attrs["value"] ?? ""));
  for (const child of children) highest = Math.max(highest, highestThreshold(child));
  return highest;
}

/** A number below zero is INFINITY, which any count is below; what is no number may be anything. */
function thresholdOf(value: string): number {
  if (/^[+-]?INFINITY$|^-\d+$/i.test(value)) return 1;
  return /^\+?\d+$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY;
}
