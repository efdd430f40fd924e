import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../../model/kernel/index.js";
import { haproxyServer } from "../../../model/machines/haproxy-server.js";

const table = compile<{ health: number }>(haproxyServer);
const started = (rise: number, fall: number) => {
  const event = { type: "HAPROXY_STARTED", rise, fall };
  return table.next(table.initial(), event).state;
};

/** The server's state after such checks: + passed, - failed, . no answer. */
function stateAfter(checks: string, rise = 2, fall = 3): string {
  const types = { "+": "CHECK_PASSED", "-": "CHECK_FAILED", ".": "CHECK_UNANSWERED" } as const;
  let state = started(rise, fall);
  for (const check of checks) state = table.next(state, { type: types[check as keyof typeof types] }).state;
  return state.value;
}

describe("a server's health", () => {
  test.each([
    ["", "up"],
    ["-", "down"], // nothing has passed yet: seen with HAProxy 2.6
    ["+--", "up"],
    ["+---", "down"],
    ["+--+--", "up"],
    ["+---+", "down"],
    ["+---++", "up"],
    ["+---+-+", "down"],
    ["+...", "up"], // the third is still open
    ["+....", "down"],
    ["+...-", "down"],
    [".+", "down"], // the first check's time-out ended as the second began
  ])("checks %j leave it %s", (checks, state) => expect(stateAfter(checks)).toBe(state));

  test("falls after exactly `fall` failures in a row and rises after `rise` passes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), (rise, fall) => {
        const up = "+".repeat(rise);
        expect(stateAfter(up + "-".repeat(fall - 1), rise, fall)).toBe("up");
        expect(stateAfter(up + "-".repeat(fall), rise, fall)).toBe("down");
        expect(stateAfter(`${up}${"-".repeat(fall)}${"+".repeat(rise)}`, rise, fall)).toBe("up");
        if (rise > 1) expect(stateAfter(`${up}${"-".repeat(fall)}${"+".repeat(rise - 1)}`, rise, fall)).toBe("down");
      }),
      { seed: 1 },
    );
  });
});
