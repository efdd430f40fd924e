import { Run, type TraceEntry } from "../../model/kernel/index.js";
import type { Topology } from "../../model/topology/types.js";
import { armedWorld } from "../explore/armed-world.js";
import type { FaultInstance } from "../explore/instances.js";
import { settledTwin } from "../library/run.js";
import { operatorActions } from "../operator/index.js";
import type { SettledTwin } from "../runner/prepare.js";

/** A settled twin that is broken and mended step by step. */
export class LiveTwin {
  readonly settled: SettledTwin;
  /** What happened so far, in times since the start. */
  readonly trace: TraceEntry[] = [];
  readonly #run: Run;
  readonly #startMs: number;

  constructor(topology: Topology) {
    this.settled = settledTwin(topology);
    const world = armedWorld(this.settled);
    this.#startMs = world.nowMs;
    this.#run = new Run(world, {
      onTrace: (entry) => this.trace.push({ ...entry, atMs: entry.atMs - this.#startMs }),
    });
  }

  get nowMs(): number {
    return this.#run.nowMs - this.#startMs;
  }

  wait(ms: number): void {
    this.#run.advanceTo(this.#run.nowMs + ms);
  }

  /** Throws RangeError where the fault finds nothing to befall. */
  strike({ fault, params, part }: FaultInstance): void {
    this.#run.act((instant) => {
      const entry = instant.note({ kind: "fault", subject: part, what: fault.name, text: fault.summary, data: params });
      instant.because(entry, () => fault.inject(instant, this.settled.twin, params));
    });
  }

  heal({ fault, params, part }: FaultInstance): void {
    this.#run.act((instant) => {
      const entry = instant.note({ kind: "heal", subject: part, what: `heal ${fault.name}`, data: params });
      instant.because(entry, () => fault.heal(instant, this.settled.twin, params));
    });
  }

  /** A command of the operators' vocabulary. Throws RangeError where there is nothing to type it about. */
  operate(name: string, written: Readonly<Record<string, unknown>>): void {
    const action = operatorActions.get(name);
    if (!action) throw new RangeError(`unknown command "${name}"`);
    const params = action.params.parse(written);
    this.#run.act((instant) => action.perform(instant, this.settled.twin, params));
  }

  /** Services and journeys that are out now. */
  out(): readonly string[] {
    return [...this.settled.twin.served].flatMap(([name, served]) => (served(this.#run) ? [] : [name]));
  }

  /** Promises about safety that were broken so far, each with what shows it. */
  broken(): readonly { readonly promise: string; readonly evidence: string }[] {
    return this.settled.twin.promises.promises.flatMap(({ name, cell }) => {
      const { broken, evidence } = this.#run.get(cell);
      return broken ? [{ promise: name, evidence: evidence ?? "" }] : [];
    });
  }
}
