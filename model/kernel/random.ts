/**
 * Seeded streams, one a concern: a draw is a hash of (seed, stream, how many were drawn), so that a stream is a
 * counter, a fork with another seed is one number, and draws of one concern never shift those of another.
 * The version is part of every replay token.
 */
export const RANDOM_STREAM_VERSION = 1;

/** A number in [0, 1) for the `count`-th draw of a stream. */
export function draw(seed: number, stream: number, count: number): number {
  let h = mix(seed | 0, stream);
  h = mix(h, count);
  h = mix(h, 0x9e3779b9);
  return (h >>> 0) / 0x1_0000_0000;
}

/** A 32-bit hash of a text (FNV-1a, then mixed). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h, text.length);
}

/** 64 bits of a text in hexadecimal: enough to tell texts apart by. */
export function digestText(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x2545f491;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return hex(mix(a, text.length)) + hex(mix(b, text.length));
}

export function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** Mixes a value into a 32-bit hash (murmur3's rounds). */
export function mix(h: number, value: number): number {
  let k = Math.imul(value | 0, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  h ^= Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
