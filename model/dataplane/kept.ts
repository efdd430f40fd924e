import type { Blueprint, Cell, Reader } from "../kernel/index.js";
import { type Answer, failed } from "./answer.js";

const NOT_YET = failed("refused", "", "not looked at yet");

/**
 * Answers that many ask for, each kept as a derived fact: evaluated when something it rests on changes, and read in one
 * step by everybody else.
 */
export class KeptAnswers {
  readonly #blueprint: Blueprint;
  readonly #cells = new Map<string, Cell<Answer>>();

  constructor(blueprint: Blueprint) {
    this.#blueprint = blueprint;
  }

  /** While building. A name that is kept already is left as it is. */
  keep(name: string, evaluate: (read: Reader) => Answer): void {
    if (this.#cells.has(name)) return;
    const cell = this.#blueprint.cell(name, NOT_YET);
    this.#cells.set(name, cell);
    this.#blueprint.observer(name, evaluate, (instant, answer) => instant.set(cell, answer));
  }

  /** Undefined where nobody keeps it. */
  find(read: Reader, name: string): Answer | undefined {
    const cell = this.#cells.get(name);
    return cell && read.get(cell);
  }
}
