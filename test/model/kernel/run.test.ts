import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { setup } from "xstate";
import { Blueprint, Run, type TraceEntry, type World } from "../../../model/kernel/index.js";

const lamp = setup({
  types: { events: {} as { type: "TOGGLE" } | { type: "BREAK"; hard: boolean } },
  guards: { hard: ({ event }) => event.type === "BREAK" && event.hard },
}).createMachine({
  id: "lamp",
  initial: "off",
  states: {
    off: { on: { TOGGLE: "on", BREAK: { target: "broken", guard: "hard" } } },
    on: { on: { TOGGLE: "off", BREAK: "broken" } },
    broken: {},
  },
});

function lampWorld() {
  const blueprint = new Blueprint();
  const lamps = Array.from({ length: 70 }, (_, i) => blueprint.machine(`lamp/${i}`, lamp));
  const noise = blueprint.stream("noise");
  const press = blueprint.event<{ lamp: number; hard?: boolean }>("press", (instant, payload) => {
    if (payload.hard === undefined) instant.send(lamps[payload.lamp]!, { type: "TOGGLE" });
    else {
      const event = { type: "BREAK", hard: payload.hard };
      instant.send(lamps[payload.lamp]!, event);
    }
    if (instant.draw(noise) < 0.5) instant.after(10, press, { lamp: (payload.lamp + 1) % 70 });
  });
  return { blueprint, lamps, press };
}

const presses = fc.array(
  fc.record({ atMs: fc.nat(500), lamp: fc.nat(69), hard: fc.option(fc.boolean(), { nil: undefined }) }),
  { minLength: 1, maxLength: 30 },
);

function plan(
  run: Run,
  press: ReturnType<typeof lampWorld>["press"],
  list: readonly { atMs: number; lamp: number; hard?: boolean | undefined }[],
) {
  run.act((instant) => {
    for (const { atMs, lamp, hard } of list) instant.after(atMs, press, hard === undefined ? { lamp } : { lamp, hard });
  });
}

function values(world: World, lamps: ReturnType<typeof lampWorld>["lamps"]) {
  return lamps.map((cell) => world.get(cell).value).join();
}

describe("a run", () => {
  test("with the same seed tells the same bytes, with another seed other ones", () => {
    const { blueprint, press } = lampWorld();
    const tell = (seed: number) => {
      const trace: TraceEntry[] = [];
      const run = new Run(blueprint.world(seed), { onTrace: (entry) => trace.push(entry) });
      plan(run, press, [{ atMs: 0, lamp: 0 }]);
      run.advanceTo(100_000);
      return JSON.stringify(trace);
    };
    for (let seed = 1; seed < 20; seed++) expect(tell(seed)).toBe(tell(seed));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => tell(seed))).size).toBeGreaterThan(1);
  });

  test("that goes on from a frozen world leaves that world as it was, and two forks do not meet", () => {
    const { blueprint, lamps, press } = lampWorld();
    fc.assert(
      fc.property(presses, presses, fc.nat(500), (first, second, cutMs) => {
        const run = new Run(blueprint.world(7));
        plan(run, press, first);
        run.advanceTo(cutMs);
        const frozen = run.freeze();
        const [before, key] = [values(frozen, lamps), frozen.key()];
        const fork = new Run(frozen);
        plan(fork, press, second);
        fork.advanceTo(2_000);
        run.advanceTo(2_000);
        expect(values(frozen, lamps)).toBe(before);
        expect(frozen.key()).toBe(key);
        const straight = new Run(blueprint.world(7));
        plan(straight, press, first);
        straight.advanceTo(2_000);
        expect(values(run.freeze(), lamps)).toBe(values(straight.freeze(), lamps));
      }),
      { seed: 3 },
    );
  });

  test("keys: the same situation at another hour is the same; another state or deadline is not", () => {
    const { blueprint, press } = lampWorld();
    const at = (startMs: number, list: Parameters<typeof plan>[2]) => {
      const run = new Run(blueprint.world(1));
      run.advanceTo(startMs);
      plan(run, press, list);
      return run.freeze().key();
    };
    expect(at(0, [{ atMs: 5, lamp: 1 }])).toBe(at(3_600_000, [{ atMs: 5, lamp: 1 }]));
    expect(at(0, [{ atMs: 5, lamp: 1 }])).not.toBe(at(0, [{ atMs: 6, lamp: 1 }]));
    expect(at(0, [{ atMs: 5, lamp: 1 }])).not.toBe(at(0, [{ atMs: 5, lamp: 2 }]));
  });

  test("a cancelled event does not happen, and cancelling twice says so", () => {
    const { blueprint, lamps, press } = lampWorld();
    const run = new Run(blueprint.world(1));
    const pending = run.act((instant) => instant.after(10, press, { lamp: 3 }));
    expect(run.act((instant) => instant.cancel(pending as never))).toBe(true);
    expect(run.act((instant) => instant.cancel(pending as never))).toBe(false);
    run.advanceTo(100);
    expect(run.get(lamps[3]!).value).toBe("off");
  });

  test("a delay that is not a whole number of milliseconds is refused with its event's name", () => {
    const { blueprint, press } = lampWorld();
    const run = new Run(blueprint.world(1));
    expect(() => run.act((instant) => instant.after(0.5, press, { lamp: 1 }))).toThrow(/press.*0\.5/);
  });
});
