import fc from "fast-check";
import { expect, test } from "vitest";
import { packed, unpacked } from "../../../viewer/page/columns.js";

const whole = fc.maxSafeInteger().map((value) => (value / 8) | 0);
const value = fc.oneof(
  fc.string(),
  whole,
  fc.boolean(),
  fc.constant(null),
  fc.array(whole, { maxLength: 4 }),
  fc.jsonValue(),
);

/** Records of which some lack what others have, with columns of one kind and of several. */
const rows = fc.array(
  fc.record(
    {
      atMs: whole,
      hops: fc.array(whole, { minLength: 1, maxLength: 4 }),
      subject: fc.constantFrom("a", "b"),
      any: value,
    },
    { requiredKeys: ["atMs", "hops"] },
  ),
);

test("what was packed in columns comes back as it was, whatever a row lacks", () => {
  fc.assert(
    fc.property(rows, fc.jsonValue(), (trace, other) => {
      const part = JSON.parse(JSON.stringify({ id: "run-0", trace, none: [], other })) as object;
      expect(unpacked(JSON.parse(JSON.stringify(packed(part))))).toEqual(part);
    }),
  );
});

test("a long trace of few things takes a small part of the text", () => {
  const trace = Array.from({ length: 5_000 }, (_, i) => ({
    id: i + 1,
    atMs: i * 20,
    cause: i,
    subject: `node/mysql${i % 4}`,
    what: "lost",
    hops: [i, i + 1, i + 2],
  }));
  const length = (data: unknown) => JSON.stringify(data).length;
  expect(length(packed({ trace }))).toBeLessThan(length({ trace }) / 6);
});
