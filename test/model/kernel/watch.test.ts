import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Blueprint, Run, type TraceEntry } from "../../../model/kernel/index.js";

/**
 * A small world with everything the kernel offers: facts that change, checks of several periods that count up to a
 * threshold (as HAProxy's rise and fall do), a check that starts and stops another, and an observer.
 */
function checkedWorld(periodsMs: readonly number[]) {
  const blueprint = new Blueprint();
  const facts = [0, 1, 2].map((i) => blueprint.cell(`fact/${i}`, true));
  const change = blueprint.event<{ fact: number; value: boolean }>("change", (instant, { fact, value }) => {
    const entry = instant.note({ kind: "fault", subject: `fact/${fact}`, what: String(value) });
    instant.because(entry, () => instant.set(facts[fact]!, value));
  });
  const failures = periodsMs.map((_, i) => blueprint.cell(`failures/${i}`, 0));
  const watchers = periodsMs.map((_, i) =>
    blueprint.watcher<boolean>(`check-${i}`, {
      evaluate: (read) =>
        read.get(facts[i % 3]!) && read.get(failures[(i + (i % 2 ? 1 : periodsMs.length - 1)) % periodsMs.length]!) < 2,
      deliver: (instant, ok) => {
        const count = instant.get(failures[i]!);
        const next = ok ? 0 : Math.min(3, count + 1);
        instant.set(failures[i]!, next);
        if (next === 3 && count === 2) instant.note({ kind: "check", subject: `check-${i}`, what: "down" });
        if (next === 0 && count === 3) instant.note({ kind: "check", subject: `check-${i}`, what: "up" });
        return next === count;
      },
    }),
  );
  blueprint.observer(
    "any-down",
    (read) => failures.some((cell) => read.get(cell) === 3),
    (instant, down) => instant.note({ kind: "service", subject: "service/all", what: down ? "lost" : "served" }),
  );
  blueprint.onStart((instant) => {
    periodsMs.forEach((periodMs, i) => {
      instant.watch(watchers[i]!, periodMs, i * 20);
    });
  });
  return { blueprint, change };
}

// Times on one coarse grid, so that checks and changes often meet in one millisecond.
const schedules = fc.array(fc.record({ atMs: fc.nat(250).map((n) => n * 20), fact: fc.nat(2), value: fc.boolean() }), {
  maxLength: 12,
});
const periods = fc.array(
  fc.integer({ min: 1, max: 40 }).map((n) => n * 20),
  { minLength: 1, maxLength: 6 },
);

function play(
  periodsMs: readonly number[],
  changes: readonly { atMs: number; fact: number; value: boolean }[],
  tickAll: boolean,
) {
  const { blueprint, change } = checkedWorld(periodsMs);
  const trace: TraceEntry[] = [];
  const run = new Run(blueprint.world(1), { tickAll, onTrace: (entry) => trace.push(entry) });
  for (const { atMs, fact, value } of changes) run.act((instant) => instant.after(atMs, change, { fact, value }));
  const events = run.advanceTo(20_000);
  return { trace, events, run };
}

describe("watchers", () => {
  test("sleeping and ticking every check tell the same trace, causes included", () => {
    fc.assert(
      fc.property(periods, schedules, (periodsMs, changes) => {
        expect(play(periodsMs, changes, false).trace).toEqual(play(periodsMs, changes, true).trace);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test("a quiet day costs no more events than a quiet minute", () => {
    const { blueprint } = checkedWorld([100, 250, 1000]);
    const events = (untilMs: number) => new Run(blueprint.world(1)).advanceTo(untilMs);
    expect(events(86_400_000)).toBe(events(60_000));
  });

  test("a check made on a change names the change as its cause", () => {
    const { trace } = play([100], [{ atMs: 50, fact: 0, value: false }], false);
    expect(trace[1]).toMatchObject({ id: 2, kind: "fault" });
    const down = trace.find((entry) => entry.what === "down");
    expect(down).toMatchObject({ cause: 2, atMs: 300 });
  });
});
