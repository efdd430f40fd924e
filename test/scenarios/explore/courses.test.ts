import { describe, expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import type { Scheduler } from "../../../model/cluster/scheduler/interface.js";
import { Run } from "../../../model/kernel/index.js";
import { Courses } from "../../../scenarios/explore/courses.js";
import type { Outcome } from "../../../scenarios/explore/outcome.js";
import { rememberingScheduler } from "../../../scenarios/explore/remembering-scheduler.js";
import { explorerOf } from "./explorer-of.js";

/** All but how it was found out. */
function told({ met, events, recurs, ...outcome }: Outcome) {
  return outcome;
}

describe("timelines that join another one's course", () => {
  const explorer = explorerOf("minimal-pair", ["lose-node", "kill-process", "fail-monitor", "partition", "flap-link"]);
  const { instances } = explorer;

  it("come to what they come to when each is played in full: pairs at every moment, restless ones too", () => {
    let met = 0;
    let restless = 0;
    for (const { index: first } of instances) {
      const single = explorer.single(first);
      if (!single) continue;
      const schedule = { shots: [{ instance: first, atMs: 0 }] };
      const courses = new Courses();
      const trunk = explorer.play(explorer.base);
      trunk.strike(first);
      const { worlds } = explorer.walk(trunk.freeze(), schedule, single.momentsMs);
      for (const { index: second, text } of instances) {
        // Some of them, so that the test stays short.
        if (second === first || (first + second) % 13 !== 0) continue;
        for (const [i, world] of worlds.entries()) {
          const [joining, alone] = [explorer.play(world, schedule, { courses }), explorer.play(world, schedule)];
          try {
            joining.strike(second);
          } catch {
            continue;
          }
          const outcome = joining.finish();
          if (!outcome.met) continue;
          met++;
          if (outcome.restless !== undefined) restless++;
          alone.strike(second);
          expect(told(outcome), `${instances[first]!.text}, ${text} at ${single.momentsMs[i]} ms`).toEqual(
            told(alone.finish()),
          );
        }
      }
    }
    expect(met).toBeGreaterThan(10);
    expect(restless).toBeGreaterThan(0);
  });

  it("a fault that is gone by itself comes to the same, whether its end was known or is played", () => {
    let met = 0;
    for (const { index } of instances) {
      const single = explorer.single(index);
      if (!single) continue;
      const { outcomes, equal } = explorer.healedAt(index, single.momentsMs);
      expect(outcomes.length + equal).toBe(single.momentsMs.length - 1);
      for (const outcome of outcomes) {
        if (!outcome.met) continue;
        met++;
        const { firstHealedAtMs = 0 } = outcome.schedule;
        const play = explorer.play(explorer.base);
        play.strike(index);
        play.advanceTo(firstHealedAtMs);
        const alone = explorer.play(play.freeze(), { shots: outcome.schedule.shots });
        alone.healFirst();
        expect(told(outcome), `${instances[index]!.text} healed at ${firstHealedAtMs} ms`).toEqual(
          told(alone.finish()),
        );
      }
    }
    expect(met).toBeGreaterThan(0);
  });

  it("a run's key, kept up page by page, is the key of the same world looked at afresh", () => {
    const run = new Run(explorer.base);
    const keys = new Set<string>();
    run.act((instant) => instances[0]!.fault.inject(instant, explorer.settled.twin, instances[0]!.params));
    for (let i = 0; i < 30; i++) {
      run.advanceTo(run.nowMs + 2_000);
      expect(new Run(run.freeze()).instantKey()).toBe(run.instantKey());
      keys.add(run.instantKey());
    }
    expect(keys.size).toBe(30);
  });
});

it("a decision that is remembered for another time is the one that is made anew", () => {
  let same = 0;
  const remembering = rememberingScheduler(scheduler);
  const checking: Scheduler = {
    name: "checking",
    decide(cib, options) {
      const remembered = remembering.decide(cib, options);
      expect(remembered).toEqual(scheduler.decide(cib, options));
      same++;
      return remembered;
    },
  };
  const explorer = explorerOf("minimal-pair", ["fail-start", "kill-process", "lose-node", "fail-stop"], checking);
  for (const { index } of explorer.instances) {
    const single = explorer.single(index);
    if (single) explorer.healedAt(index, single.momentsMs.slice(0, 6));
  }
  expect(same).toBeGreaterThan(20);
});
