import type { World } from "../../model/kernel/index.js";
import type { Path } from "../../model/twin/parts.js";
import type { HopData, PathData } from "./page-data.js";

/** Paths with their hops told once each: neighbours on a path, and paths at neighbouring moments, share most of them. */
export class PathTable {
  readonly hops: HopData[] = [];
  readonly paths: PathData[] = [];
  readonly #known = new Map<string, number>();
  readonly #last = new Map<string, string>();

  /** Adds a path unless it is as it was. */
  add(atMs: number, subject: string, state: string, path: Path, causeOf: World["causeOf"]): void {
    const hops = path.hops.map(({ subject: thing, ok, text, cell }) =>
      this.#hop({ subject: thing, ok, text, cause: cell ? causeOf(cell) : 0 }),
    );
    const key = `${state} ${path.ok} ${hops.join()}`;
    if (this.#last.get(subject) === key) return;
    this.#last.set(subject, key);
    this.paths.push({ atMs, subject, state, ok: path.ok, ...(path.failure && { failure: path.failure }), hops });
  }

  #hop(hop: HopData): number {
    const key = `${hop.subject}\n${hop.ok}\n${hop.cause}\n${hop.text}`;
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.hops.push(hop) - 1;
      this.#known.set(key, index);
    }
    return index;
  }
}
