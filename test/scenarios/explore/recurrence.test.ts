import { describe, expect, it } from "vitest";
import { Blueprint, Run } from "../../../model/kernel/index.js";
import { Courses } from "../../../scenarios/explore/courses.js";
import type { Explorer } from "../../../scenarios/explore/explorer.js";
import { isJudged, type Outcome } from "../../../scenarios/explore/outcome.js";
import type { PlayOptions } from "../../../scenarios/explore/player.js";
import { explorerOf } from "./explorer-of.js";

/** One fault, or a second one after a while. */
type Pair = readonly [first: string, second?: string, atMs?: number];

function played(explorer: Explorer, [first, second, atMs = 0]: Pair, options: PlayOptions = {}): Outcome {
  const indexOf = (text: string) => explorer.instances.find((one) => one.text === text)!.index;
  const trunk = explorer.play(explorer.base);
  trunk.strike(indexOf(first));
  trunk.advanceTo(atMs);
  const play = explorer.play(trunk.freeze(), trunk.schedule, options);
  if (second !== undefined) play.strike(indexOf(second));
  return play.finish();
}

function breaks({ broken }: Outcome): readonly string[] {
  return broken.map(({ promise }) => promise).toSorted();
}

function timesOut({ interruptions }: Outcome): ReadonlyMap<string, number> {
  return new Map(interruptions.map(({ service, totalMs }) => [service, totalMs]));
}

/** Plays it until it goes round, and once more throughout the wait. */
function expectAsThroughout(explorer: Explorer, pair: Pair): void {
  const told = played(explorer, pair);
  const whole = played(explorer, pair, { throughoutMs: told.schedule.healedAtMs });
  expect(told.recurs, `${pair} goes round`).toBeDefined();
  expect(whole.recurs).toBeUndefined();
  expect(isJudged(told) && isJudged(whole)).toBe(true);
  expect(told.events).toBeLessThan(whole.events);
  expect(breaks(told)).toEqual(breaks(whole));
  const [some, all] = [timesOut(told), timesOut(whole)];
  expect([...some.keys()]).toEqual([...all.keys()]);
  // Phases slide from round to round.
  for (const [service, ms] of all) expect(Math.abs(some.get(service)! - ms)).toBeLessThan(0.1 * ms + 1);
}

describe("a restless cluster that goes round", () => {
  it("comes to what it comes to when the whole wait is played: monitors that fail or hang for good", () => {
    const pair = explorerOf("minimal-pair");
    for (const kind of ["fail-monitor", "hang-monitor"])
      for (const resource of ["vip", "site"]) expectAsThroughout(pair, [`${kind} web/${resource}`]);
  });

  it("is known sooner from another timeline that came by, and comes to the same", () => {
    const explorer = explorerOf("minimal-pair");
    const courses = new Courses();
    const [first, second] = ["fail-monitor web/site", "fence-slow bmc-web1 by 20s"] as const;
    const moments = [7_000, 7_300, 7_900, 8_600];
    const [one, ...others] = moments.map((atMs) => {
      const pair: Pair = [first, second, atMs];
      const outcome = played(explorer, pair, { courses });
      expect(breaks(outcome)).toEqual(breaks(played(explorer, pair, { throughoutMs: outcome.schedule.healedAtMs })));
      return outcome;
    });
    expect(one!.met).toBe(false);
    for (const other of others) {
      expect(other.met).toBe(true);
      expect(other.recurs?.everyMs).toBe(one!.recurs?.everyMs);
      expect(other.events).toBeLessThan(one!.events);
    }
  });

  const havana = explorerOf("openstack-havana");

  it("goes on as throughout where other machines' checks slide along: nova's, behind balancers", () => {
    expectAsThroughout(havana, ["hang-monitor ctl/openstack-nova-conductor"]);
    expectAsThroughout(havana, ["fail-monitor ctl/openstack-heat-api-cfn"]);
  });

  it("does not go round while a check is due that finds something new: a killed haproxy is started within a minute", () => {
    const pair: Pair = ["fail-monitor ctl/openstack-heat-engine", "kill-process lb1 haproxy", 34_903];
    expectAsThroughout(havana, pair);
    expect(breaks(played(havana, pair)).filter((promise) => promise.includes("keystone"))).toEqual([]);
  });
});

describe("a situation's key", () => {
  /** A lamp that is lit a while after the start, and a check of it. */
  function lamp() {
    const blueprint = new Blueprint();
    const lit = blueprint.cell("lit", false);
    const light = blueprint.event("light", (instant) => instant.set(lit, true));
    const check = blueprint.watcher<boolean>("lamp", { evaluate: (read) => read.get(lit), deliver: () => true });
    const at = (startMs: number, delayMs: number, checkedMs: number) => {
      const run = new Run(blueprint.world(1));
      run.advanceTo(startMs);
      run.act((instant) => {
        instant.after(delayMs, light, undefined);
        instant.watch(check, 10_000, checkedMs);
      });
      return run;
    };
    return { at };
  }

  it("is the same at another time, and in another phase; not where something else is sooner due", () => {
    const { at } = lamp();
    const key = at(1_000, 500, 10_000).situationKey();
    expect(at(4_321, 500, 10_000).situationKey()).toBe(key);
    expect(at(1_000, 500, 3_000).situationKey()).toBe(key);
    expect(at(1_000, 499, 10_000).situationKey()).not.toBe(key);
  });

  it("kept up page by page, is that of the same world looked at afresh", () => {
    const explorer = explorerOf("minimal-pair");
    const run = new Run(explorer.base);
    const { fault, params } = explorer.instances[0]!;
    run.act((instant) => fault.inject(instant, explorer.settled.twin, params));
    for (let i = 0; i < 10; i++) {
      run.advanceTo(run.nowMs + 2_000);
      expect(new Run(run.freeze()).situationKey()).toBe(run.situationKey());
    }
  });
});
