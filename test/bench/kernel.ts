import { spawnSync } from "node:child_process";
import { initialTransition, transition } from "xstate";
import { Agenda, type EventType } from "../../model/kernel/agenda.js";
import { compile } from "../../model/kernel/index.js";
import { events as UNIT_EVENTS, unitMachine } from "../../model/machines/unit.js";
import { medianMs, say } from "./measure.js";

const RUNS = 5;

/** For the record: the kernel's table over a machine against XState's pure `transition`, on the same random events. */
export function compiledMachine(): void {
  const events = Array.from({ length: 20_000 }, randomOf(UNIT_EVENTS));
  const xstateMs = medianMs(RUNS, () => {
    let [snapshot] = initialTransition(unitMachine);
    for (const event of events) [snapshot] = transition(unitMachine, snapshot, event);
  });
  const table = compile(unitMachine);
  const tableMs = medianMs(RUNS, () => {
    let state = table.initial();
    for (let round = 0; round < 50; round++) for (const event of events) state = table.next(state, event).state;
  });
  const xstate = events.length / xstateMs;
  const compiled = (events.length * 50) / tableMs;
  say(`transitions of the unit machine: compiled ${compiled.toFixed(0)} thousand/s, XState's ${xstate.toFixed(0)}`);
  say(`  ratio: ${(compiled / xstate).toFixed(0)} times (medians of ${RUNS}; no aim)`);
}

/** For the record: the agenda against SimPy's queue; the next event is taken and another one put at a random moment. */
export function eventQueue(): void {
  const type: EventType<undefined> = { name: "tick", handler: 0, repeats: false };
  for (const pending of [1_000, 20_000]) {
    const steps = 100_000;
    const random = randomOf(Array.from({ length: 4_096 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 12));
    const ownMs = medianMs(RUNS, () => {
      const agenda = new Agenda();
      let sequence = 0;
      const add = (nowMs: number) =>
        agenda.add({ atMs: nowMs + random(), rank: 0, sequence: sequence++, type, payload: undefined, cause: 0 });
      for (let i = 0; i < pending; i++) add(0);
      for (let i = 0; i < steps; i++) add(agenda.pop()!.atMs);
    });
    const own = steps / ownMs;
    say(`event queue with ${pending.toLocaleString("en-US")} pending: ours ${own.toFixed(0)} thousand/s`);
    const simpy = simpyRate(pending, steps);
    if (simpy === undefined) say("  SimPy: skipped, python3 has no SimPy");
    else say(`  SimPy: ${simpy.toFixed(0)} thousand/s; ratio: ${(own / simpy).toFixed(1)} times (no aim)`);
  }
}

/** Thousand events a second of SimPy, version 3 and later or Debian's version 2; undefined where there is none. */
function simpyRate(pending: number, steps: number): number | undefined {
  const script = `
import random, time
random.seed(1)
count = 0
try:
    import simpy
    env = simpy.Environment()
    def run():
        global count
        while True:
            yield env.timeout(random.randrange(1 << 20))
            count += 1
    for _ in range(${pending}): env.process(run())
    def go(until): env.run(until=until)
except ImportError:
    from SimPy.Simulation import Process, Simulation, hold
    sim = Simulation()
    class Run(Process):
        def run(self):
            global count
            while True:
                yield hold, self, random.randrange(1 << 20)
                count += 1
    for _ in range(${pending}):
        p = Run(sim=sim)
        sim.activate(p, p.run())
    def go(until): sim.simulate(until=until)
start = time.perf_counter()
go((1 << 19) * ${steps} / ${pending})
print(count / (time.perf_counter() - start) / 1000)
`;
  const rates = Array.from({ length: 3 }, () => spawnSync("/usr/bin/python3", ["-c", script], { encoding: "utf8" }));
  const numbers = rates.flatMap(({ status, stdout }) => (status === 0 ? [Number(stdout)] : [])).sort((a, b) => a - b);
  return numbers[numbers.length >> 1];
}

/** A fixed sequence that picks from a list. */
function randomOf<T>(items: readonly T[]): () => T {
  let seed = 1;
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return items[seed % items.length]!;
  };
}
