import { describe, expect, test } from "vitest";
import { assign, setup } from "xstate";
import { InputError } from "../../../model/errors.js";
import {
  alone,
  type ClosedModel,
  closedModel,
  each,
  exploreModel,
  flag,
  oneOf,
  printExploration,
  range,
} from "../../../model/packed/index.js";

const node = setup({ types: { events: {} as { type: "LOST" | "BACK" } } }).createMachine({
  id: "node",
  initial: "up",
  states: { up: { on: { LOST: "down" } }, down: { on: { BACK: "up" } } },
});
const NODES = ["a", "b"] as const;

function pair(more: object = {}) {
  const parts = { node: each(NODES, node), losses: range(0, 5), last: oneOf(["nobody", ...NODES]) };
  const model = closedModel("pair", parts, {
    rules: NODES.map((name) => ({
      name: `${name} is lost`,
      when: [(s) => s.node[name].is("up"), (s) => s.losses < 5],
      does: (s) => {
        s.node[name].send("LOST");
        s.losses++;
        s.last = name;
      },
    })),
  });
  return { ...model, ...more };
}

describe("a broken promise", () => {
  test("is told with the shortest way there, step by step", () => {
    const found = exploreModel(
      pair({ always: { "one node is up": (s: never) => upIn(s).length > 0 }, mayEnd: () => true }),
    );
    expect(printExploration(found)).toBe(
      `pair: fail
  not always: one node is up; 2 steps lead there
  5 states, 5 transitions, 2 steps deep

one node is up:
  0  at first: node.a up, node.b up, losses 0, last nobody
  1  b is lost: node.b down, losses 1, last b
  2  a is lost: node.a down, losses 2, last a
`,
    );
  });

  test("is a deadlock where no rule is possible and the model may not end", () => {
    const found = exploreModel(pair());
    expect(found.verdict).toBe("fail");
    expect(found.broken).toMatchObject([{ kind: "deadlock", trace: { length: 3 } }]);
    expect(exploreModel(pair({ mayEnd: () => true })).verdict).toBe("pass");
  });

  test("is a state that was to come and never did", () => {
    const came = (losses: number) => ({
      sometimes: { "that many losses": (s: never) => lossesIn(s) === losses },
      mayEnd: () => true,
    });
    expect(exploreModel(pair(came(2))).verdict).toBe("pass");
    expect(exploreModel(pair(came(3)))).toMatchObject({ verdict: "fail", reasons: ["never: that many losses"] });
  });
});

describe("a verdict is unknown, never pass,", () => {
  test("where a bound stopped the search", () => {
    const counter = closedModel(
      "counter",
      { low: range(0, 999), high: range(0, 999) },
      {
        rules: [
          {
            name: "low",
            when: (s) => s.low < 999,
            does: (s) => {
              s.low++;
            },
          },
          {
            name: "high",
            when: (s) => s.high < 999,
            does: (s) => {
              s.high++;
            },
          },
        ],
        mayEnd: () => true,
      },
    );
    const bounded = exploreModel(counter, { statesMax: 10_000 });
    expect(bounded).toMatchObject({ verdict: "unknown", bounded: true });
    expect(bounded.reasons).toEqual([`bounded: the search stopped after ${bounded.states} states`]);
    expect(exploreModel(counter)).toMatchObject({ verdict: "pass", states: 1_000_000, depth: 1_998, bounded: false });
  });

  test("where no rule was ever possible", () => {
    const idle = closedModel(
      "idle",
      { on: flag() },
      {
        rules: [
          {
            name: "never",
            when: (s) => s.on,
            does: (s) => {
              s.on = false;
            },
          },
        ],
        mayEnd: () => true,
      },
    );
    expect(exploreModel(idle)).toMatchObject({ verdict: "unknown", neverPossible: ["never"] });
  });
});

describe("a model that cannot be packed", () => {
  const model = (more: object) =>
    exploreModel({ name: "m", parts: { n: range(0, 3) }, rules: [], mayEnd: () => true, ...more } as ClosedModel);
  const rule = (does: (s: never) => void, when: (s: never) => unknown = () => true) => ({
    rules: [{ name: "r", when, does }],
  });

  test.each([
    ["without rules", {}, "model m: has no rules"],
    [
      "a name that it does not declare",
      rule((s: { x: number }) => {
        s.x = 1;
      }),
      'model m: effect of "r": does not declare "x"; names: n',
    ],
    [
      "a value out of range, in a state that is reached",
      rule((s: { n: number }) => {
        s.n++;
      }),
      'model m: effect of "r": n cannot be 4; values: 0 to 3',
    ],
    [
      "a condition that answers a number",
      rule(
        () => {},
        (s: { n: number }) => s.n,
      ),
      'condition of "r": answers neither true nor false "0"',
    ],
    [
      "a condition that changes something",
      rule(
        () => {},
        (s: { n: number }) => {
          s.n = 1;
          return true;
        },
      ),
      'condition of "r": cannot be assigned here "n"',
    ],
    ["a range upside down", { parts: { n: range(3, 0) }, ...rule(() => {}) }, "variable n has bounds 3 and 0"],
    [
      "a condition that reads too much",
      {
        parts: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`v${i}`, flag()])),
        ...rule(
          () => {},
          (s) => Object.values(s).reduce((sum: number, v) => sum + Number(v), 0) > 3,
        ),
      },
      "split it",
    ],
  ])("says what is wrong: %s", (_, more, message) => {
    expect(() => model(more as object)).toThrow(InputError);
    expect(() => model(more as object)).toThrow(message);
  });

  test("says that a machine's context is not bounded", () => {
    const counting = setup({ types: { context: {} as { n: number }, events: {} as { type: "MORE" } } }).createMachine({
      id: "counting",
      context: { n: 0 },
      on: { MORE: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    });
    expect(() => exploreModel(alone(counting))).toThrow(
      /machine counting has more than 4096 states: its context is not bounded/,
    );
  });

  test("says that a guard is not pure", () => {
    let asked = 0;
    const moody = setup({
      types: { events: {} as { type: "ASK" } },
      guards: { perhaps: () => asked++ % 2 === 0 },
    }).createMachine({
      id: "moody",
      initial: "no",
      states: { no: { on: { ASK: { guard: "perhaps", target: "yes" } } }, yes: {} },
    });
    expect(() => exploreModel(alone(moody))).toThrow(/machine moody gave two answers to event ASK in "no"/);
  });

  test("says that delays are for rules", () => {
    const late = setup({}).createMachine({ id: "late", initial: "a", states: { a: { after: { 100: "b" } }, b: {} } });
    expect(() => exploreModel(alone(late))).toThrow(/machine late asks for xstate.raise at its initial state: delays/);
  });
});

function upIn(s: { node: Record<string, { is(state: string): boolean }> }) {
  return Object.values(s.node).filter((each) => each.is("up"));
}
function lossesIn(s: { losses: number }) {
  return s.losses;
}
