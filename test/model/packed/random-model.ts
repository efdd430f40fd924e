import fc from "fast-check";
import { setup } from "xstate";
import { type ClosedModel, closedModel, range } from "../../../model/packed/index.js";

/** A lamp that counts to two and wears out: a guard, context and an event with data. */
const lamp = setup({
  types: { context: {} as { used: number }, events: {} as { type: "PRESS" } | { type: "SET"; on: boolean } },
  guards: { isWorn: ({ context }) => context.used >= 2 },
}).createMachine({
  id: "lamp",
  initial: "off",
  context: { used: 0 },
  states: {
    off: {
      on: {
        PRESS: [{ guard: "isWorn", target: "broken" }, { target: "on" }],
        SET: { guard: ({ event }) => event.on, target: "on" },
      },
    },
    on: {
      on: {
        PRESS: { target: "off", actions: [({ context }) => context] },
        SET: { guard: ({ event }) => !event.on, target: "off" },
      },
    },
    broken: {},
  },
});

/** Two doors that do not feel each other: tabulated region by region. */
const doors = setup({ types: { events: {} as { type: "LEFT" | "RIGHT" | "BOTH" } } }).createMachine({
  id: "doors",
  type: "parallel",
  states: {
    left: { initial: "shut", states: { shut: { on: { LEFT: "open", BOTH: "open" } }, open: { on: { LEFT: "shut" } } } },
    right: {
      initial: "shut",
      states: { shut: { on: { RIGHT: "open", BOTH: "open" } }, open: { on: { BOTH: "shut" } } },
    },
  },
});

interface Step {
  readonly on: number;
  readonly is: number;
  readonly to: number;
  readonly by: number;
  readonly lamp: number;
  readonly door: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  on: fc.nat(9),
  is: fc.nat(4),
  to: fc.nat(9),
  by: fc.integer({ min: -2, max: 2 }),
  lamp: fc.nat(5),
  door: fc.nat(5),
});

/** Random rules over machines and variables; `variables` is how many, so that some models need more than two words. */
export function randomModel(variables: number): fc.Arbitrary<ClosedModel> {
  return fc
    .tuple(fc.array(step, { minLength: 1, maxLength: 9 }), fc.nat(4), fc.boolean())
    .map(([steps, never, mayEnd]) => {
      const names = Array.from({ length: variables }, (_, index) => `v${index}`);
      const name = (index: number) => names[index % variables]!;
      return closedModel(
        "random",
        { lamp, doors, ...Object.fromEntries(names.map((each, index) => [each, range(-1, 3 + (index % 3), 0)])) },
        {
          rules: steps.map(({ on, is, to, by, lamp, door }, index) => ({
            name: `rule ${index}`,
            when: [
              (s: Record<string, number>) => s[name(on)]! <= is,
              ...(door === 0 ? [(s: { doors: { is(state: string): boolean } }) => s.doors.is("left.open")] : []),
            ],
            does: (s: never) => {
              const state = s as Record<string, number> & {
                lamp: { send(event: unknown): void };
                doors: { send(event: string): void };
              };
              state[name(to)] = Math.max(-1, Math.min(3, state[name(to)]! + by));
              if (lamp < 2) state.lamp.send({ type: "SET", on: lamp === 0 });
              if (lamp === 2) state.lamp.send("PRESS");
              if (door < 3) state.doors.send((["LEFT", "RIGHT", "BOTH"] as const)[door]!);
            },
          })),
          always: {
            "the second variable is not what it must not be": (s: Record<string, number>) => s[name(1)] !== never,
          },
          ...(mayEnd ? { mayEnd: () => true } : {}),
        } as never,
      ) as never;
    });
}
