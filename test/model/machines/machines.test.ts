import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { initialTransition, transition } from "xstate";
import { compile } from "../../../model/kernel/index.js";
import { MACHINES } from "../../../model/machines/index.js";

const STATES_MAX = 5_000;

describe("the machines of model/machines", () => {
  test("are all in the index, each file once", () => {
    const files = readdirSync("model/machines").filter((name) => name.endsWith(".ts") && name !== "index.ts");
    expect(MACHINES.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
  });

  test.each(MACHINES.map((entry) => [entry.name, entry] as const))(
    "%s: XState's own transition and the table walk side by side",
    (_, { machine, events }) => {
      const table = compile(machine);
      fc.assert(
        fc.property(fc.array(fc.nat(events.length - 1), { maxLength: 40 }), (sequence) => {
          let [snapshot] = initialTransition(machine);
          let state = table.initial();
          expect(state.context).toEqual(snapshot.context);
          for (const index of sequence) {
            const event = events[index]!;
            const [next, actions] = transition(machine, snapshot, event);
            const step = table.next(state, event);
            snapshot = next;
            state = step.state;
            expect(snapshot.matches(asMatch(state.value))).toBe(true);
            expect(state.context).toEqual(snapshot.context);
            expect([...state.tags]).toEqual([...snapshot.tags]);
            const own = actions.filter(({ type }) => !type.startsWith("xstate."));
            expect(step.actions.map(({ type }) => type)).toEqual(own.map(({ type }) => type));
          }
        }),
        { seed: 11, numRuns: 60 },
      );
    },
  );

  test.each(MACHINES.map((entry) => [entry.name, entry] as const))(
    "%s: over its alphabet it has finitely many states, and each event means something in one of them",
    (_, { machine, events }) => {
      const table = compile(machine);
      const seen = new Set([table.initial()]);
      const meant = new Set<number>();
      for (const state of seen)
        events.forEach((event, index) => {
          const { state: next, actions } = table.next(state, event);
          if (next !== state || actions.length > 0) meant.add(index);
          seen.add(next);
          if (seen.size > STATES_MAX) throw new Error(`more than ${STATES_MAX} states`);
        });
      expect(events.filter((_, index) => !meant.has(index))).toEqual([]);
    },
  );
});

/** `a.b|c` back to XState's nested value; enough for `matches`. */
function asMatch(value: string): never {
  const parts = value.split("|");
  if (parts.length === 1) return nested(parts[0]!.split(".")) as never;
  return Object.fromEntries(parts.map((part) => [part.split(".")[0]!, nested(part.split(".").slice(1))])) as never;
}

function nested(path: readonly string[]): unknown {
  return path.length <= 1 ? (path[0] ?? {}) : { [path[0]!]: nested(path.slice(1)) };
}
