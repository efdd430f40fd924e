/**
 * Integers in memory that threads share and that grows where it is: nothing is moved, so that the old memory and the new
 * are never needed at once. Room for `most` is set aside by address alone, and costs nothing until it is used.
 */
export function growingInts(count: number, most: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * BYTES, { maxByteLength: most * BYTES }), 0, count);
}

/** The same integers and as many zeros, or as many as may be; undefined where there may be no more. */
export function doubled(ints: Int32Array): Int32Array | undefined {
  const buffer = ints.buffer as SharedArrayBuffer;
  if (buffer.byteLength === buffer.maxByteLength) return undefined;
  buffer.grow(Math.min(2 * buffer.byteLength, buffer.maxByteLength));
  return new Int32Array(buffer, 0, buffer.byteLength / BYTES);
}

const BYTES = Int32Array.BYTES_PER_ELEMENT;
