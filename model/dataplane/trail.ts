import type { Cell } from "../kernel/index.js";
import type { Hop } from "../twin/parts.js";

/**
 * The hops of one path while it is being walked for people. Without a trail the same functions read the derived facts
 * and only say how the request ends. What was walked once is not walked again.
 */
export class Trail {
  readonly hops: Hop[] = [];
  readonly #walked = new Set<string>();

  hop(subject: string, ok: boolean, text: string, cell?: Cell<unknown>): void {
    this.hops.push({ subject, ok, text, ...(cell && { cell }) });
  }

  /** True the first time. */
  enter(subject: string): boolean {
    if (this.#walked.has(subject)) return false;
    this.#walked.add(subject);
    return true;
  }
}
