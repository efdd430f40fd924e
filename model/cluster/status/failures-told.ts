import type { XmlElement } from "../cib/types.js";

/** What failures tell decisions on one configuration, at one time. */
export interface FailuresTold {
  /** When ages are taken, in seconds since the epoch; undefined where no decision depends on how old a failure is. */
  readonly agesAt: number | undefined;
  /** More failures than this are as many; INFINITY is told apart. */
  readonly countsTo: number;
}

/** What they tell where decisions rest on this configuration. */
export function failuresTold(configuration: XmlElement, nowSeconds: number): FailuresTold {
  return { agesAt: restsOnTime(configuration) ? nowSeconds : undefined, countsTo: countsTo(configuration) };
}

/** A fail-count up to the highest migration-threshold; an age where ages count, else whether there is one. */
function attributeTold(name: string, value: string, { agesAt, countsTo }: FailuresTold): unknown {
  if (name.startsWith("last-failure-") || name === "shutdown") return age(Number(value), agesAt);
  if (name.startsWith("fail-count-") && /^\d+$/.test(value)) return Math.min(Number(value), countsTo);
  return value;
}

/** A node's transient attributes as far as decisions depend on them; their order tells nothing. */
export function attributesTold(attributes: ReadonlyMap<string, string>, told: FailuresTold): readonly unknown[] {
  return [...attributes.keys()].sort().map((name) => [name, attributeTold(name, attributes.get(name)!, told)]);
}

/** Older than a day is all the same; where ages do not count, whether it ever was is left. */
export function age(seconds: number, agesAt: number | undefined): number | boolean {
  return agesAt === undefined ? seconds > 0 : Math.min(agesAt - seconds, 86_400);
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
  readonly countsTo: number;
}

const known = new WeakMap<XmlElement, Facts>();

function factsOf(configuration: XmlElement): Facts {
  let found = known.get(configuration);
  if (!found) {
    found = { timed: mentionsTime(configuration), countsTo: highestThreshold(configuration) };
    known.set(configuration, found);
  }
  return found;
}

const TIMED = /^(failure-timeout|shutdown-lock.*|date_expression|lifetime|.*pending-timeout)$/;

function mentionsTime({ name, attrs, children }: XmlElement): boolean {
  if (TIMED.test(name)) return true;
  for (const [key, value] of Object.entries(attrs)) if (TIMED.test(key) || TIMED.test(value)) return true;
  return children.some(mentionsTime);
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
