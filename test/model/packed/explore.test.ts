import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exploreModel } from "../../../model/packed/index.js";
import { exploreByHand } from "./by-hand.js";
import { randomModel } from "./random-model.js";

describe("random closed models, searched packed and by hand", () => {
  test.each([
    ["two words", 4, 100],
    ["three words and more", 22, 20],
  ])("of %s: the same states, transitions, depth, verdict and rules", (_, variables, numRuns) => {
    fc.assert(
      fc.property(randomModel(variables), (model) => {
        const byHand = exploreByHand(model);
        const packed = exploreModel(model);
        const { states, transitions, depth } = packed;
        expect({ states, transitions }).toEqual({ states: byHand.states, transitions: byHand.transitions });
        const failsAt = byHand.brokenAt ?? byHand.deadlockAt;
        if (failsAt === undefined) expect(depth).toBe(byHand.depth);
        expect(packed.verdict === "fail" ? packed.broken[0]!.trace.length - 1 : undefined).toBe(failsAt);
        expect(packed.broken.map(({ kind }) => kind)).toEqual([
          ...(byHand.brokenAt === undefined ? [] : ["always"]),
          ...(byHand.deadlockAt === undefined ? [] : ["deadlock"]),
        ]);
        expect(new Set(packed.neverPossible)).toEqual(
          new Set(
            (model as unknown as { rules: { name: string }[] }).rules
              .map(({ name }) => name)
              .filter((name) => !byHand.possible.has(name)),
          ),
        );
      }),
      { seed: 41, numRuns },
    );
  });
});
