import { describe, expect, it } from "vitest";
import { Blueprint, Run } from "../../../model/kernel/index.js";
import { PhasesUsed } from "../../../scenarios/explore/phases-used.js";

/** A check each 10 s of a lamp, begun at a moment of its own. */
function checkedLamp() {
  const blueprint = new Blueprint();
  const lamp = blueprint.cell("lamp", true);
  const found = blueprint.cell("found", true);
  const check = blueprint.watcher<boolean>("lamp", {
    evaluate: (read) => read.get(lamp),
    deliver(instant, result) {
      instant.set(found, result);
      return true;
    },
  });
  const blown = blueprint.event("blows", (instant) => instant.set(lamp, false));
  const begin = (instant: Parameters<Parameters<typeof blueprint.onStart>[0]>[0]) => instant.watch(check, 10_000);
  const begun = (atMs: number, log?: PhasesUsed) => {
    const run = new Run(blueprint.world(1), { phaseLog: log });
    run.advanceTo(atMs);
    run.act(begin);
    run.advanceTo(60_000);
    return run;
  };
  return { check, blown, begin, begun };
}

describe("two timelines that differ in the phase of a check alone", () => {
  it("have one key while the check sleeps, and no longer once it is due at two different times", () => {
    const { begun, blown } = checkedLamp();
    const [one, other] = [begun(1_000), begun(4_000)];
    expect(one.instantKey()).toBe(other.instantKey());
    for (const run of [one, other]) run.act((instant) => instant.after(0, blown, undefined));
    for (const run of [one, other]) run.advanceTo(60_000);
    expect(one.instantKey()).not.toBe(other.instantKey());
    expect(one.instantKey(60_000)).toBe(other.instantKey(60_000));
  });

  it("go alike where the first never looked at the phase, and not where a change made it look", () => {
    const { begun, blown, check } = checkedLamp();
    const log = new PhasesUsed();
    const [one, other, same] = [begun(1_000, log), begun(4_000), begun(1_000)];
    const from = log.mark();
    one.advanceTo(90_000);
    const quiet = log.mark();
    const alike = (run: Run, until: number) => log.wouldBeFoundBy((cell) => run.get(cell), from, until);
    expect(alike(other, quiet)).toBe(true);
    one.act((instant) => instant.after(0, blown, undefined));
    one.advanceTo(120_000);
    expect(alike(other, log.mark())).toBe(false);
    expect(alike(same, log.mark())).toBe(true);
    expect(one.isWatching(check)).toBe(true);
  });

  it("go alike where the check begins anew before it is looked at", () => {
    const { begun, begin, blown } = checkedLamp();
    const log = new PhasesUsed();
    const [one, other] = [begun(1_000, log), begun(4_000)];
    const from = log.mark();
    one.act(begin);
    one.act((instant) => instant.after(0, blown, undefined));
    one.advanceTo(120_000);
    expect(log.wouldBeFoundBy((cell) => other.get(cell), from, log.mark())).toBe(true);
  });
});
