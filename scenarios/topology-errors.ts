import type { InputError } from "../model/errors.js";

/** All that is wrong with a topology; the exit code is 2. */
export class TopologyErrors extends Error {
  readonly errors: readonly InputError[];

  constructor(errors: readonly InputError[]) {
    super(errors.map((error) => error.message).join("\n"));
    this.errors = errors;
  }
}
