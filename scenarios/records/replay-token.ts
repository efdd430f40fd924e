import { deflateSync, inflateSync } from "node:zlib";
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

/** One line to paste: `fp1.` and base64url of a zlib stream, whose checksum tells a damaged letter. */
export function encodeReplay(replay: Replay): string {
  const { fencepost: f, streams: r, topology: t, seed: s, scenario: d } = replay;
  return TOKEN_PREFIX + deflateSync(JSON.stringify({ f, r, t, s, d }), { level: 9 }).toString("base64url");
}

/** Throws InputError for what is no token. */
export function decodeReplay(token: string): Replay {
  const refuse = (message: string) =>
    new InputError({ file: "replay token", line: 0, message, value: token.slice(0, 40) });
  if (!token.startsWith(TOKEN_PREFIX)) throw refuse(`a token begins with ${TOKEN_PREFIX}`);
  const damaged = () => refuse("this is no token, or not the whole of one, or one with a letter changed:");
  const text = token.slice(TOKEN_PREFIX.length);
  const packed = Buffer.from(text, "base64url");
  if (token.length > TOKEN_CHARACTERS_MAX || packed.toString("base64url") !== text) throw damaged();
  let read: unknown;
  try {
    const { buffer, engine } = inflate(packed);
    if (engine.bytesWritten !== packed.length) throw damaged();
    read = JSON.parse(buffer.toString("utf8"));
  } catch {
    throw damaged();
  }
  const result = content.safeParse(read);
  if (!result.success) throw refuse("the token was made by another version");
  const { f, r, t, s, d } = result.data;
  return { fencepost: f, streams: r, topology: t, seed: s, scenario: d };
}

/** Inflates, and tells how many bytes that took: what stands behind the stream belongs to no token. */
function inflate(packed: Buffer): { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } } {
  return inflateSync(packed, { maxOutputLength: CONTENT_BYTES_MAX, info: true }) as unknown as ReturnType<
    typeof inflate
  >;
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
