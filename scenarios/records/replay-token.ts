import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { InputError } from "../../model/errors.js";
import { RANDOM_STREAM_VERSION } from "../../model/kernel/index.js";

/** Everything that a run followed from. The same token on the same topology gives the same trace, byte for byte. */
export interface Replay {
  readonly fencepost: string;
  readonly streams: number;
  /** Hash of the topology, of its files and of the edits made to it. */
  readonly topology: string;
  readonly seed: number;
  /** The scenario as its file holds it: timeline, settings, expectations. */
  readonly scenario: unknown;
}

export const TOKEN_PREFIX = "fp1.";
const TOKEN_CHARACTERS_MAX = 100_000;
const CONTENT_BYTES_MAX = 1_000_000;

const content = z.strictObject({
  f: z.string().max(40),
  r: z.int(),
  t: z.string().max(128),
  s: z.int().min(0).max(0xffff_ffff),
  d: z.unknown(),
});

/** One line to paste: `fp1.` and base64url. */
export function encodeReplay(replay: Replay): string {
  const { fencepost: f, streams: r, topology: t, seed: s, scenario: d } = replay;
  return TOKEN_PREFIX + deflateRawSync(JSON.stringify({ f, r, t, s, d }), { level: 9 }).toString("base64url");
}

/** Throws InputError for what is no token. */
export function decodeReplay(token: string): Replay {
  const refuse = (message: string) =>
    new InputError({ file: "replay token", line: 0, message, value: token.slice(0, 40) });
  if (!token.startsWith(TOKEN_PREFIX)) throw refuse(`a token begins with ${TOKEN_PREFIX}`);
  if (token.length > TOKEN_CHARACTERS_MAX || !/^[A-Za-z0-9_-]+$/.test(token.slice(TOKEN_PREFIX.length)))
    throw refuse("this is no token, or not the whole of one");
  let read: unknown;
  try {
    const bytes = inflateRawSync(Buffer.from(token.slice(TOKEN_PREFIX.length), "base64url"), {
      maxOutputLength: CONTENT_BYTES_MAX,
    });
    read = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw refuse("this is no token, or not the whole of one");
  }
  const result = content.safeParse(read);
  if (!result.success) throw refuse("the token was made by another version");
  const { f, r, t, s, d } = result.data;
  return { fencepost: f, streams: r, topology: t, seed: s, scenario: d };
}

/** What keeps a token from being played here, as sentences; empty where nothing does. */
export function replayMismatches(replay: Replay, here: { fencepost: string; topology: string }): readonly string[] {
  const differ = (what: string, token: string | number, now: string | number) =>
    token === now ? [] : [`${what}: the token has ${token}, here it is ${now}`];
  return [
    ...differ("version of fencepost", replay.fencepost, here.fencepost),
    ...differ("version of the random streams", replay.streams, RANDOM_STREAM_VERSION),
    ...differ("hash of the topology", replay.topology, here.topology),
  ];
}
