import type { PromiseResult } from "../../model/verdict/types.js";
import { knownNames } from "../../scenarios/file/check-names.js";
import { parseDuration } from "../../scenarios/file/duration.js";
import type { Played } from "../../scenarios/library/run.js";
import { durationText } from "../text/duration.js";
import { evidenceOf } from "./evidence.js";
import { movesOf, primitivesOf } from "./moves.js";

/** A time as scenarios write it (`30s`, `1h30m`), or milliseconds. */
export type Budget = string | number;

export interface FailOver {
  /** `CLUSTER/RESOURCE`: a primitive, or a group or clone with all that is in it; without it, any resource. */
  readonly resource?: string;
  /** The node that it moves to; without it, any other than it ran on. */
  readonly to?: string;
  /** From the first fault until everything is served and settled for good. */
  readonly within: Budget;
}

export interface Outage {
  /** The most that it may be out in total. The default is 0. */
  readonly outage: Budget;
}

/** What vitest asks of a matcher. */
interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

export function toFailOver(received: unknown, expected: FailOver): Matched {
  const played = playedOf("toFailOver", received);
  const withinMs = budgetOf("within", expected.within);
  const { resource, to } = expected;
  if (resource !== undefined) known("resource", resource, knownNames(played.topology, "resource"));
  if (to !== undefined) known("node", to, knownNames(played.topology, "node"));
  const what = `${resource ?? "something"} to fail over${to === undefined ? "" : ` to ${to}`} within ${durationText(withinMs)}`;
  const { recoveryMs } = played.verdict;
  const moves = movesOf(played).filter(({ node }) => to === undefined || node === to);
  // A group has moved once all that is in it has.
  const moved =
    resource === undefined
      ? moves.length > 0
      : primitivesOf(played, resource).every((one) => moves.some((move) => move.resource === one));
  const inTime = recoveryMs !== undefined && recoveryMs <= withinMs;
  const elsewhere = to === undefined ? "anywhere else" : `on ${to}, or it ran there before`;
  const why = !moved
    ? `${resource === undefined ? "nothing was" : "it was not"} started ${elsewhere}`
    : recoveryMs === undefined
      ? "not everything came back by itself"
      : `everything was back after ${durationText(recoveryMs)}`;
  return matched(played, moved && inTime, what, why);
}

export function toKeepServing(received: unknown, served: string, { outage }: Outage = { outage: 0 }): Matched {
  const played = playedOf("toKeepServing", received);
  known("service or journey", served, [...played.settled.twin.served.keys()], "services and journeys");
  const budgetMs = budgetOf("outage", outage);
  const outMs = played.verdict.outagesMs[served] ?? 0;
  const what = `${served} to be served${budgetMs === 0 ? " all the time" : `, but for ${durationText(budgetMs)} in all`}`;
  return matched(played, outMs <= budgetMs, what, `it was out for ${durationText(outMs)} in all`);
}

export function toNeverRunTwice(received: unknown): Matched {
  const played = playedOf("toNeverRunTwice", received);
  const watched = played.verdict.promises.filter(({ name }) => ONLY_ONCE.includes(name));
  if (watched.length < ONLY_ONCE.length)
    throw new TypeError(`toNeverRunTwice: the scenario's expect.always leaves out ${ONLY_ONCE.join(" or ")}`);
  const broken = watched.find(({ status }) => status === "broken");
  return matched(played, !broken, "everything to run in one place at a time", brokenText(broken));
}

export function toKeepPromises(received: unknown): Matched {
  const played = playedOf("toKeepPromises", received);
  const { verdict, because } = played.verdict;
  return matched(played, verdict === "pass", "every promise to be kept", `${verdict}: ${because}`);
}

const ONLY_ONCE: readonly string[] = ["exclusive-resource", "one-writer"];

function matched(played: Played, pass: boolean, what: string, why: string): Matched {
  return {
    pass,
    message: () => `expected ${what}${pass ? ", and did not want it" : `; ${why}`}\n\n${evidenceOf(played)}`,
  };
}

function brokenText(broken: PromiseResult | undefined): string {
  return broken ? `${broken.name} was broken: ${broken.evidence ?? ""}` : "";
}

function playedOf(matcher: string, received: unknown): Played {
  const isPlayed = typeof received === "object" && received !== null && "verdict" in received && "trace" in received;
  if (!isPlayed) throw new TypeError(`${matcher}: expected what run() of fencepost returns, not ${typeof received}`);
  return received as Played;
}

function budgetOf(name: string, budget: Budget): number {
  const ms = typeof budget === "number" ? budget : parseDuration(budget);
  if (ms === undefined || !(ms >= 0))
    throw new TypeError(
      `${name}: ${JSON.stringify(budget)} is no duration; write 1500ms, 30s, 5m, 1h30m or milliseconds`,
    );
  return ms;
}

function known(what: string, name: string, names: readonly string[], plural = `${what}s`): void {
  if (!names.includes(name))
    throw new TypeError(`unknown ${what} ${JSON.stringify(name)}; ${plural}: ${names.slice(0, 24).join(", ")}`);
}
