import type { Blueprint, Reader } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "Never two writers on one datadir or volume group.";

/** Something on shared storage that one node at a time may write. */
export interface SharedData {
  /** `datadir/…`, `lun/…` */
  readonly name: string;
  /** Nodes that could write to it now, whoever started them. */
  writers(read: Reader): readonly NodeId[];
}

/** Looks whenever somebody begins or ceases to be able to write. The harm counts, whoever did it. */
export function watchWriters(blueprint: Blueprint, promise: AlwaysPromise, data: readonly SharedData[]): void {
  for (const { name, writers } of data)
    blueprint.observer(
      `one-writer/${name}`,
      (read) => writers(read).join(" and "),
      (instant, now) => {
        if (now !== "") exercise(instant, promise);
        if (now.includes(" and ")) breakPromise(instant, promise, `${now} write to ${name} at once`);
      },
    );
}
