import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "../../../model/kernel/canonical.js";
import { ValueHash } from "../../../model/kernel/value-hash.js";

const hash = new ValueHash();
const hashed = (value: unknown) => {
  const { a, b } = hash.of(value);
  return `${a} ${b}`;
};

const data = fc.anything({
  withMap: true,
  withSet: true,
  withBigInt: false,
  withDate: false,
  withNullPrototype: false,
  key: fc.string({ maxLength: 3 }),
});

test("values that are written alike have one hash, others have others", () => {
  fc.assert(
    fc.property(data, data, (one, other) => {
      expect(hashed(one) === hashed(other)).toBe(canonical(one) === canonical(other));
    }),
  );
});

test("the order of a record's keys does not count, the order of everything else does", () => {
  expect(hashed({ x: 1, y: [2] })).toBe(hashed({ y: [2], x: 1 }));
  const apart: unknown[] = [
    [1, 2],
    [2, 1],
    [[1], 2],
    [1, [2]],
    [[1, 2]],
    new Map([[1, 2]]),
    new Map([[2, 1]]),
    new Set([1, 2]),
    { 1: 2 },
    { 2: 1 },
    { x: 1, y: 2 },
    { x: 2, y: 1 },
    ["1", "2"],
    ["12", ""],
    [0.5],
    ["0.5"],
    2 ** 31,
    -(2 ** 31),
    undefined,
    null,
    [undefined],
    [],
    {},
    "",
    true,
    1,
  ];
  expect(new Set(apart.map(hashed)).size).toBe(apart.length);
});
