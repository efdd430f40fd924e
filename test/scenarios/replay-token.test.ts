import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../model/errors.js";
import { RANDOM_STREAM_VERSION } from "../../model/kernel/index.js";
import { decodeReplay, encodeReplay, replayMismatches } from "../../scenarios/records/replay-token.js";

const replay = {
  fencepost: "0.1.0",
  streams: RANDOM_STREAM_VERSION,
  topology: "0123456789abcdef",
  seed: 42,
  scenario: { name: "lose-mysql1", timeline: [{ fault: "lose-node", node: "mysql1" }] },
};

test("a token gives back what went into it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.json(), (seed, json) => {
      const whole = { ...replay, seed, scenario: JSON.parse(json) };
      expect(decodeReplay(encodeReplay(whole))).toEqual(whole);
    }),
  );
});

test("a token is one word that a shell leaves alone", () => {
  expect(encodeReplay(replay)).toMatch(/^fp1\.[A-Za-z0-9_-]+$/);
});

test("a token that was cut off, changed or made up is refused", () => {
  const token = encodeReplay(replay);
  const bomb = `fp1.${deflateSync(Buffer.alloc(50_000_000, 32)).toString("base64url")}`;
  for (const text of ["", "fp1.", token.slice(0, -9), token.slice(4), `${token} `, "fp1.!!!!", bomb])
    expect(() => decodeReplay(text)).toThrow(InputError);
});

test("a token with any one letter changed, or one more, is refused", () => {
  const token = encodeReplay(replay);
  for (let i = "fp1.".length; i < token.length; i++) {
    const changed = `${token.slice(0, i)}${token[i] === "b" ? "c" : "b"}${token.slice(i + 1)}`;
    expect(() => decodeReplay(changed), changed).toThrow(InputError);
  }
  for (const more of ["b", "bb", "bbbb"]) expect(() => decodeReplay(token + more)).toThrow(InputError);
});

test("each difference between a token and the place where it is played is named", () => {
  expect(replayMismatches(replay, { fencepost: "0.1.0", topology: "0123456789abcdef" })).toEqual([]);
  const other = replayMismatches(replay, { fencepost: "0.2.0", topology: "fedcba9876543210" });
  expect(other).toEqual([
    "version of fencepost: the token has 0.1.0, here it is 0.2.0",
    "hash of the topology: the token has 0123456789abcdef, here it is fedcba9876543210",
  ]);
});
