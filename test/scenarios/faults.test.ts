import { expect, test } from "vitest";
import type { z } from "zod";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { Run } from "../../model/kernel/index.js";
import { buildTwin } from "../../model/twin/twin.js";
import { faults } from "../../scenarios/faults/index.js";
import { settle } from "../../scenarios/runner/prepare.js";
import { referenceTopology } from "./reference.js";

const topology = referenceTopology();
const { twin, base } = settle(buildTwin(topology, { scheduler }));
const TARGETS_TRIED = 3;
/** Where the thing is there already (the holder of an address, a service that runs), giving it again changes nothing. */
const MAY_CHANGE_NOTHING = ["duplicate-address", "start-outside-cluster"];

/** A few targets of each, spread over all of them. */
const cases = [...faults.values()].flatMap((fault) => {
  const targets = fault.targets(topology);
  const step = Math.max(1, Math.floor(targets.length / TARGETS_TRIED));
  return targets
    .filter((_, i) => i % step === 0)
    .slice(0, TARGETS_TRIED)
    .map(
      (target) =>
        [fault.name, JSON.stringify(target), fault.params.parse(target) as z.output<typeof fault.params>] as const,
    );
});

test("every fault applies somewhere in the reference architecture, but those that need a text to edit", () => {
  const without = [...faults.values()].filter((fault) => fault.targets(topology).length === 0).map(({ name }) => name);
  expect(without).toEqual(["edit-file"]);
});

test.each(cases)("%s %s can be injected, lived with, healed and healed again", (name, _, params) => {
  const fault = faults.get(name)!;
  const run = new Run(base);
  const before = base.key();
  run.act((instant) => fault.inject(instant, twin, params));
  if (!MAY_CHANGE_NOTHING.includes(name)) expect(run.freeze().key(), "the fault changed nothing").not.toBe(before);
  const events = run.advanceTo(run.nowMs + 180_000, 200_000);
  run.act((instant) => fault.heal(instant, twin, params));
  run.act((instant) => fault.heal(instant, twin, params));
  expect(events + run.advanceTo(run.nowMs + 1_800_000, 200_000)).toBeLessThan(200_000);
  expect(fault.subject(params)).toMatch(/^[a-z-]+\/./);
});
