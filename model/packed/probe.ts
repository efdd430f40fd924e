import { InputError } from "../errors.js";
import type { Field } from "./fields.js";
import { problem } from "./problem.js";

/** One combination of read values, in the order of reading, and what the function made of it. */
export interface Case<T> {
  readonly reads: readonly { readonly field: number; readonly value: number }[];
  readonly outcome: T;
}

interface Outcome<T> {
  readonly result: T;
  readonly writes: ReadonlyMap<number, number>;
}

interface Known {
  readonly cases: readonly Case<Outcome<unknown>>[];
  stand(): boolean;
}

const CASES_MAX = 1 << 17;

/**
 * Runs a function of the state once for each combination of the values that it reads, so that a table can take its
 * place. It asks for values one by one; what it does not ask for in a case cannot matter there.
 */
export class Probe {
  readonly #fields: readonly Field[];
  readonly #model: string;
  /** Values chosen for this run, by field; -1 where it has not been read. */
  readonly #chosen: Int32Array;
  readonly #order: number[] = [];
  #asked = new Set<number>();
  #touched = new Set<number>();
  readonly #known = new Map<object, Known>();
  #written = new Map<number, number>();

  constructor(fields: readonly Field[], model: string) {
    this.#fields = fields;
    this.#model = model;
    this.#chosen = new Int32Array(fields.length).fill(-1);
  }

  /** The field's value, also where this run has written it before. */
  read(field: number): number {
    this.#touched.add(field);
    const written = this.#written.get(field);
    if (written !== undefined) return written;
    if (this.#chosen[field] === -1) {
      this.#chosen[field] = 0;
      this.#order.push(field);
    }
    this.#asked.add(field);
    return this.#chosen[field]!;
  }

  write(field: number, value: number): void {
    this.#touched.add(field);
    this.#written.set(field, value);
  }

  /**
   * Every case of `run`, which asks one function of the model. The writes of a case are given to `outcome` and then
   * forgotten. Cases stand as long as no field that the function read or wrote can have more values than before.
   */
  cases<T>(what: string, of: object, run: () => T): readonly Case<Outcome<T>>[] {
    const before = this.#known.get(of);
    if (before?.stand()) return before.cases as readonly Case<Outcome<T>>[];
    const sizes = this.#fields.map((field) => field.size());
    this.#touched = new Set();
    const cases = this.#everyCase(what, run);
    const touched = [...this.#touched];
    this.#known.set(of, { cases, stand: () => touched.every((field) => this.#fields[field]!.size() === sizes[field]) });
    return cases;
  }

  #everyCase<T>(what: string, run: () => T): readonly Case<Outcome<T>>[] {
    const cases: Case<Outcome<T>>[] = [];
    this.#order.length = 0;
    this.#chosen.fill(-1);
    do {
      this.#asked = new Set();
      this.#written = new Map();
      const result = this.#named(what, run);
      if (this.#asked.size < this.#order.length)
        throw problem(this.#model, `${what} read other things the second time: it is not pure`);
      cases.push({
        reads: this.#order.map((field) => ({ field, value: this.#chosen[field]! })),
        outcome: { result, writes: this.#written },
      });
      if (cases.length > CASES_MAX)
        throw problem(this.#model, `${what} reads ${this.#names()}: more than ${CASES_MAX} cases; split it`);
    } while (this.#advance());
    return cases;
  }

  /** A problem inside a rule is told with the rule's name. */
  #named<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof InputError) || error.text.startsWith(what)) throw error;
      throw problem(this.#model, `${what}: ${error.text}`);
    }
  }

  /** The next combination: the last value that was read moves on; false after the last combination. */
  #advance(): boolean {
    while (this.#order.length > 0) {
      const field = this.#order[this.#order.length - 1]!;
      this.#chosen[field]!++;
      if (this.#chosen[field]! < this.#fields[field]!.size()) return true;
      this.#chosen[field] = -1;
      this.#order.pop();
    }
    return false;
  }

  #names(): string {
    return this.#order.map((field) => this.#fields[field]!.name).join(", ");
  }
}
