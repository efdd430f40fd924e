import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Stamps, situationsApart } from "../../../scenarios/explore/stamps.js";

const stamps = (part: Partial<Stamps>): Stamps => ({ reads: new Map(), writes: new Map(), counts: new Map(), ...part });
const CELL = 7;
const at = (...times: number[]) => new Map([[CELL, times]]);

describe("moments at which another fault meets another situation", () => {
  it("of a fault that changes something at once: those after the first's next look at it", () => {
    const apart = situationsApart(stamps({ reads: at(15) }), stamps({ writes: at(0) }), [0, 10, 15, 20]);
    expect(apart).toEqual([false, false, true, false]);
  });

  it("of a fault that acts 10 ms after it struck: those between which the two steps change places", () => {
    const apart = situationsApart(stamps({ writes: at(100) }), stamps({ reads: at(10) }), [0, 50, 89, 91, 120]);
    expect(apart).toEqual([false, false, false, true, false]);
  });

  it("that would make two steps fall together stand alone", () => {
    const apart = situationsApart(stamps({ writes: at(100) }), stamps({ writes: at(10) }), [0, 89, 90, 91]);
    expect(apart).toEqual([false, false, true, true]);
  });

  it("are none where both only read, or both only count", () => {
    const moments = [0, 10, 20];
    expect(situationsApart(stamps({ reads: at(10) }), stamps({ reads: at(0, 5) }), moments)).not.toContain(true);
    expect(situationsApart(stamps({ counts: at(10) }), stamps({ counts: at(0, 5) }), moments)).not.toContain(true);
  });

  it("are exactly those between which two steps that do not commute change their order", () => {
    const ascending = (max: number) =>
      fc.uniqueArray(fc.nat(max), { minLength: 1, maxLength: 6 }).map((times) => times.sort((a, b) => a - b));
    const touched = fc.record({ reads: ascending(60), writes: ascending(60), counts: ascending(60) });
    fc.assert(
      fc.property(touched, touched, ascending(60), (first, other, moments) => {
        const of = ({ reads, writes, counts }: typeof first) =>
          stamps({ reads: at(...reads), writes: at(...writes), counts: at(...counts) });
        /** The order of the first's step beside the other's, struck at a moment: before, together, after. */
        const order = (ours: number, theirs: number, struckMs: number) =>
          theirs === 0 && ours === struckMs ? -1 : Math.sign(ours - (struckMs + theirs));
        const clashing = [
          [first.writes, other.writes],
          [first.writes, other.reads],
          [first.reads, other.writes],
          [first.counts, other.reads],
          [first.reads, other.counts],
        ] as const;
        const expected = moments.map(
          (struckMs, i) =>
            i > 0 &&
            clashing.some(([ours, theirs]) =>
              ours.some((a) => theirs.some((b) => order(a, b, struckMs) !== order(a, b, moments[i - 1]!))),
            ),
        );
        expect(situationsApart(of(first), of(other), moments)).toEqual(expected);
      }),
    );
  });
});
