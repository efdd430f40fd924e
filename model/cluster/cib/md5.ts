/** MD5 (RFC 1321) of a text's UTF-8 bytes, in hexadecimal: the cluster marks parameter sets with it. */
export function md5(text: string): string {
  const bytes = padded(text);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let at = 0; at < bytes.length; at += 64) {
    for (let i = 0, from = at; i < 16; i++, from += 4) {
      block[i] = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
    }
    const beforeA = a;
    const beforeB = b;
    const beforeC = c;
    const beforeD = d;
    for (let i = 0; i < 64; i++) {
      let mixed: number;
      let word: number;
      if (i < 16) {
        mixed = (b & c) | (~b & d);
        word = i;
      } else if (i < 32) {
        mixed = (d & b) | (~d & c);
        word = (5 * i + 1) & 15;
      } else if (i < 48) {
        mixed = b ^ c ^ d;
        word = (3 * i + 5) & 15;
      } else {
        mixed = c ^ (b | ~d);
        word = (7 * i) & 15;
      }
      const sum = (a + mixed + sines[i]! + block[word]!) | 0;
      const turn = turns[((i >> 4) << 2) | (i & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    a = (a + beforeA) | 0;
    b = (b + beforeB) | 0;
    c = (c + beforeC) | 0;
    d = (d + beforeD) | 0;
  }
  return hex(a) + hex(b) + hex(c) + hex(d);
}

const sines = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
const turns = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
/** The sixteen words at work. */
const block = new Int32Array(16);

const encoder = new TextEncoder();
let room = new Uint8Array(4_096);

/** The text's bytes, a set bit, zeroes, and the number of bits, to whole blocks; good until the next call. */
function padded(text: string): Uint8Array {
  const most = text.length * 3 + 72;
  if (room.length < most) room = new Uint8Array(most * 2);
  const { written } = encoder.encodeInto(text, room);
  const length = ((written + 8) & ~63) + 64;
  const bytes = room.subarray(0, length);
  bytes.fill(0, written);
  bytes[written] = 0x80;
  const bits = written * 8;
  for (let i = 0; i < 4; i++) bytes[length - 8 + i] = bits >>> (i * 8);
  return bytes;
}

const twoDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(word: number): string {
  return (
    twoDigits[word & 0xff]! +
    twoDigits[(word >>> 8) & 0xff]! +
    twoDigits[(word >>> 16) & 0xff]! +
    twoDigits[(word >>> 24) & 0xff]!
  );
}
