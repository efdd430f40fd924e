import { type Instant, Run, type TraceEntry, type World } from "../../model/kernel/index.js";
import type { NodeId } from "../../model/twin/parts.js";
import type { Twin } from "../../model/twin/twin.js";
import type { Onlooker } from "../runner/onlooker.js";
import type { Deed } from "./deed.js";

export interface WorldHandleOptions {
  /** How many events may be handled in all; reached, nothing moves any more and `bound` says so. */
  readonly eventsMax?: number;
  /** How much virtual time may pass in all. */
  readonly virtualMs?: number;
  /** Told of a deed before it is done. */
  readonly onDeed?: (deed: Deed, handle: WorldHandle) => void;
  /** Sees every entry and instant; its times count from the start of the session. */
  readonly onlooker?: Onlooker;
}

/** Something that a command or option asked for and that the twin does not model. */
export interface NotModelled {
  readonly step: number;
  readonly text: string;
}

/**
 * The one world that all shells of a session drive. Time passes only through it, and whatever is done through it is
 * written to the trace under the step that did it, so that later entries can be followed back to their step.
 */
export class WorldHandle {
  readonly twin: Twin;
  readonly run: Run;
  readonly trace: TraceEntry[] = [];
  /** Virtual time of the world where the session begins. */
  readonly startMs: number;
  readonly notModelled: NotModelled[] = [];
  /** Interfaces that were used, with the commands of each: `Pacemaker` → pcs, crm_mon. */
  readonly interfaces = new Map<string, Set<string>>();
  /** The number of the step that is being played; -1 before the first. */
  step = -1;
  /** Set where a bound was reached: what it was. */
  bound: string | undefined;
  readonly #options: WorldHandleOptions;
  readonly #stepOf = new Map<number, number>();
  readonly #eventsMax: number;
  readonly #endMs: number;
  readonly #deadlines: number[] = [];
  #events = 0;
  #hop: NodeId | undefined;

  constructor(twin: Twin, world: World, options: WorldHandleOptions = {}) {
    this.twin = twin;
    this.startMs = world.nowMs;
    this.#options = options;
    this.#eventsMax = options.eventsMax ?? 2_000_000;
    this.#endMs = this.startMs + (options.virtualMs ?? 7 * 86_400_000);
    this.run = new Run(world, { onTrace: (entry) => this.#take(entry) });
  }

  /** Milliseconds since the session began. */
  get elapsedMs(): number {
    return this.run.nowMs - this.startMs;
  }

  /** Seconds since the epoch, as the clocks of the nodes show. */
  get epochSeconds(): number {
    const { clusters } = this.twin;
    const first = clusters.ids[0];
    return first === undefined ? Math.floor(this.run.nowMs / 1000) : clusters.epochSeconds(this.run, first);
  }

  get events(): number {
    return this.#events;
  }

  /** Lets time pass; false where a bound or the deadline of a `timeout` came first. */
  advance(ms: number): boolean {
    return this.advanceUntil(() => false, ms) !== "bound" && !this.isPastDeadline;
  }

  /**
   * Lets time pass until a condition holds. It is looked at after each event: conditions change at events alone.
   * `late`: it did not hold in time. `bound`: a bound of the session was reached.
   */
  advanceUntil(holds: () => boolean, timeoutMs: number): "held" | "late" | "bound" {
    const untilMs = Math.min(this.run.nowMs + Math.round(timeoutMs), this.#endMs, ...this.#deadlines);
    while (!holds()) {
      if (this.bound !== undefined) return "bound";
      if (this.#events >= this.#eventsMax) {
        this.bound = `${this.#eventsMax} events`;
        return "bound";
      }
      this.#look();
      if (this.run.step(untilMs)) {
        this.#events++;
        continue;
      }
      this.run.advanceTo(untilMs);
      if (holds()) return "held";
      if (untilMs < this.#endMs) return "late";
      this.bound = `${Math.round((this.#endMs - this.startMs) / 3_600_000)} h of virtual time`;
      return "bound";
    }
    return "held";
  }

  /** Everything until now has happened: what was done a moment ago has had its effect at this instant. */
  settleInstant(): void {
    this.advanceUntil(() => false, 0);
  }

  /** Runs `body` under a deadline in virtual time, as `timeout` does; true where the deadline came first. */
  async withDeadline(ms: number, body: () => Promise<void>): Promise<boolean> {
    const atMs = this.run.nowMs + Math.round(ms);
    this.#deadlines.push(atMs);
    try {
      await body();
    } finally {
      this.#deadlines.splice(this.#deadlines.indexOf(atMs), 1);
    }
    return this.run.nowMs >= atMs;
  }

  /** Somebody's `timeout` has run out: nothing waits any longer. */
  get isPastDeadline(): boolean {
    return this.#deadlines.some((atMs) => this.run.nowMs >= atMs);
  }

  /** A person acts: told in the trace as typed on a node, and everything that follows is on its account. */
  act(node: NodeId, typed: string, body: (instant: Instant) => void): void {
    this.run.act((instant) => {
      const entry = instant.note({ kind: "operator", subject: `node/${node}`, what: "typed", text: typed });
      instant.because(entry, () => body(instant));
    });
    this.settleInstant();
  }

  /** Where the operator's next lines go: `ssh NODE` alone on its line. Taken by who plays the lines. */
  hop(node: NodeId): void {
    this.#hop = node;
  }

  takeHop(): NodeId | undefined {
    const hop = this.#hop;
    this.#hop = undefined;
    return hop;
  }

  /** A deed that may do harm is about to be done. */
  about(deed: Deed): void {
    this.#options.onDeed?.(deed, this);
  }

  say(text: string): void {
    if (!this.notModelled.some((one) => one.step === this.step && one.text === text))
      this.notModelled.push({ step: this.step, text });
  }

  uses(interfaceName: string, command: string): void {
    const found = this.interfaces.get(interfaceName);
    if (found) found.add(command);
    else this.interfaces.set(interfaceName, new Set([command]));
  }

  /** The step on whose account an entry of the trace came about; undefined where no step did. */
  stepOf(entry: number): number | undefined {
    return this.#stepOf.get(entry);
  }

  /** The present instant is over where nothing is due in it any more: the onlooker may look. */
  #look(): void {
    const { onlooker } = this.#options;
    if (onlooker && (this.run.nextMs ?? Number.POSITIVE_INFINITY) > this.run.nowMs)
      onlooker.instant(this.run, this.elapsedMs);
  }

  #take(entry: TraceEntry): void {
    this.trace.push(entry);
    const caused = entry.cause === 0 ? undefined : this.#stepOf.get(entry.cause);
    const step = entry.kind === "operator" && this.step >= 0 ? this.step : caused;
    if (step !== undefined) this.#stepOf.set(entry.id, step);
    this.#options.onlooker?.entry({ ...entry, atMs: entry.atMs - this.startMs });
  }
}
