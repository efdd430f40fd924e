import type { Answer } from "../dataplane/answer.js";
import { failed } from "../dataplane/answer.js";
import { pathOf, type ServicePath } from "../dataplane/dataplane.js";
import { Trail } from "../dataplane/trail.js";
import type { Blueprint, Cell, MachineCell, Reader } from "../kernel/index.js";
import { journey } from "../machines/journey.js";
import { must } from "../plant/unknown-name.js";

export type ServedState = "unknown" | "served" | "slow" | "partly-served" | "not-served";

/** What users ask for: its answer now, and with a trail the path that leads to it. */
export type Ask = (read: Reader, trail?: Trail) => Answer;

interface Offer {
  readonly name: string;
  readonly title: string;
  readonly machine: MachineCell;
  readonly answer: Cell<Answer>;
  readonly ask: Ask;
}

const NOT_ASKED = failed("refused", "", "not asked yet");
const GRADES = {
  ok: { type: "SERVED", what: "served" },
  slow: { type: "SLOW", what: "slow" },
  partly: { type: "PARTLY_SERVED", what: "partly served" },
  failed: { type: "NOT_SERVED", what: "not served" },
} as const;

/** Services and user journeys by name (`service/keystone-public`, `journey/get-token`), each with its state. */
export class Served {
  readonly #blueprint: Blueprint;
  readonly #offers = new Map<string, Offer>();

  constructor(blueprint: Blueprint) {
    this.#blueprint = blueprint;
  }

  /** While building. A name that is there already is left as it is. */
  add(name: string, title: string, ask: Ask): void {
    if (this.#offers.has(name)) return;
    const machine = this.#blueprint.machine(name, journey);
    const answer = this.#blueprint.cell(`${name}/answer`, NOT_ASKED);
    this.#offers.set(name, { name, title, machine, answer, ask });
    this.#blueprint.observer(
      name,
      (read) => ask(read),
      (instant, result) => {
        instant.set(answer, result);
        const before = instant.get(machine);
        const { type, what } = GRADES[result.grade];
        const { state } = machine.machine.next(before, { type });
        if (state === before) return;
        const entry = instant.note({
          kind: "service",
          subject: name,
          what,
          from: before.value,
          to: state.value,
          ...(result.text !== "" && { text: result.text }),
          ...(result.blame !== "" && {
            data: {
              blame: result.blame,
              ...(result.failure && { failure: result.failure }),
              ...(result.status !== undefined && { status: result.status }),
            },
          }),
        });
        instant.because(entry, () => instant.send(machine, { type }, { quiet: true }));
      },
    );
  }

  get names(): readonly string[] {
    return [...this.#offers.keys()];
  }

  /** The full name of `get-token`, `journey/get-token`; undefined where there is none. */
  resolve(name: string): string | undefined {
    return [name, `journey/${name}`, `service/${name}`].find((one) => this.#offers.has(one));
  }

  title(name: string): string {
    return this.#find(name).title;
  }

  cell(name: string): MachineCell {
    return this.#find(name).machine;
  }

  state(read: Reader, name: string): ServedState {
    return read.get(this.#find(name).machine).value as ServedState;
  }

  /** `served` or `slow`: every request is answered as it should be. */
  isServed(read: Reader, name: string): boolean {
    const state = this.state(read, name);
    return state === "served" || state === "slow";
  }

  answer(read: Reader, name: string): Answer {
    return read.get(this.#find(name).answer);
  }

  path(read: Reader, name: string): ServicePath {
    const trail = new Trail();
    return pathOf(trail, this.#find(name).ask(read, trail));
  }

  #find(name: string): Offer {
    return must(this.#offers, this.resolve(name) ?? name, "service", "services and journeys");
  }
}
