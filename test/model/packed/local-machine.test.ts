import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, setup, transition } from "xstate";
import { MACHINES } from "../../../model/machines/index.js";
import { alone, exploreModel } from "../../../model/packed/index.js";
import { LocalMachine } from "../../../model/packed/local-machine.js";
import { independentRegions } from "../../../model/packed/regions.js";
import { regionsMachine } from "../../bench/packed/regions-machine.js";

describe("the tables of local states", () => {
  test.each(MACHINES.map((entry) => [entry.name, entry] as const))(
    "%s: walk beside XState's own transition",
    (_, { machine, events }) => {
      const local = new LocalMachine(machine, "test");
      fc.assert(
        fc.property(fc.array(fc.nat(events.length - 1), { maxLength: 40 }), (sequence) => {
          let [snapshot] = initialTransition(machine) as [AnyMachineSnapshot, unknown];
          const states = local.parts.map(() => 0);
          for (const index of sequence) {
            const event = events[index]!;
            const [next, actions] = transition(machine, snapshot, event);
            const asked = local.parts.flatMap((part, at) => {
              if (!local.mayHandle(part, event.type)) return [];
              const step = local.next(part, states[at]!, event);
              states[at] = step.state;
              return step.actions;
            });
            snapshot = next as AnyMachineSnapshot;
            expect(wholeValue(local, states)).toEqual(snapshot.value);
            if (local.parts.length === 1)
              expect(local.parts[0]!.states[states[0]!]!.snapshot.context).toEqual(snapshot.context);
            expect(asked).toEqual(actions.map(({ type }) => type).filter((type) => !type.startsWith("xstate.")));
          }
        }),
        { seed: 11, numRuns: 40 },
      );
    },
  );

  test("eight regions that do not feel each other are tabulated one by one", () => {
    const machine = regionsMachine(8);
    expect(independentRegions(machine)).toHaveLength(8);
    const found = exploreModel(alone(machine));
    expect(found).toMatchObject({ verdict: "pass", states: 65_536, transitions: 8 * 65_536 + 1, depth: 24 });
  });

  test.each([
    ["a guard", { a: { on: { E: { guard: () => true, target: "b" } } }, b: {} }],
    ["an action", { a: { entry: () => {} }, b: {} }],
    ["a tag", { a: { tags: "x" }, b: {} }],
    ["a final state", { a: { on: { E: "b" } }, b: { type: "final" } }],
    ["a target in another region", { a: { on: { E: "#other" } }, b: {} }],
  ])("regions are kept together for %s", (_, states) => {
    const machine = setup({}).createMachine({
      id: "m",
      type: "parallel",
      states: {
        one: { initial: "a", states: states as object },
        two: { initial: "a", states: { a: {}, b: { id: "other" } } },
      },
    } as never);
    expect(independentRegions(machine as unknown as AnyStateMachine)).toBeUndefined();
  });
});

function wholeValue(local: LocalMachine, states: readonly number[]) {
  const values = local.parts.map((part, at) => [part.region, part.states[states[at]!]!.value] as const);
  return values[0]![0] === undefined ? values[0]![1] : Object.fromEntries(values);
}
