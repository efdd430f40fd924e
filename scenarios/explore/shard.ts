import { InputError } from "../../model/errors.js";

/** A share of the work, by first fault: 1 of 4 to 4 of 4. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

const SHARDS_MAX = 10_000;

/** Whether what begins with a fault belongs to a share. Neighbours in the vocabulary cost alike: they are dealt out. */
export function isMine(first: number, shard: Shard | undefined): boolean {
  return shard === undefined || first % shard.of === shard.index - 1;
}

/** Throws InputError for a share that is none. */
export function checkShard(shard: Shard | undefined): void {
  if (!shard) return;
  const { index, of } = shard;
  const isWhole = Number.isInteger(index) && Number.isInteger(of);
  if (!isWhole || index < 1 || index > of || of > SHARDS_MAX)
    throw new InputError({ file: "--shard", line: 0, message: "expected 1/4 to 4/4, not", value: `${index}/${of}` });
}
