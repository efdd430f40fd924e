import { type Cell, type Footprint, Run, type TraceEntry, type World } from "../../model/kernel/index.js";
import { type Outage, outageMs } from "../../model/promises/index.js";
import type { Twin } from "../../model/twin/twin.js";
import { operatorActions } from "../operator/index.js";
import type { SettledTwin } from "../runner/prepare.js";
import type { FaultInstance } from "./instances.js";
import type { Limits } from "./limits.js";
import type { BrokenPromise, Interruption, Outcome } from "./outcome.js";
import { SERVED_AGAIN, WITHIN_BUDGET, WORKS_ONCE_REPAIRED } from "./promise-names.js";
import { failedResources, stacksToStart } from "./repairs.js";
import { lastStepMs, type Repair, type Schedule, type Shot } from "./schedule.js";
import { StageRecorder } from "./stages.js";

/** What came of healing and repairing, in times since the healing. */
export interface End {
  readonly lastedMs: number;
  readonly repairs: readonly Repair[];
  readonly steady: boolean;
  readonly safety: readonly BrokenPromise[];
  readonly exercised: readonly string[];
}

/** The settled world in which promises are watched: everything forks from it. */
export function armedWorld({ twin, base }: SettledTwin): World {
  const run = new Run(base);
  run.act((instant) => {
    twin.promises.arm(instant, new Map());
    twin.promises.expectOrder(instant, []);
  });
  return run.freeze();
}

/** What somebody or something did about a fault, beside the fault's own change of state. */
const REACTIONS: ReadonlySet<TraceEntry["kind"]> = new Set([
  "membership",
  "decision",
  "action",
  "fence",
  "check",
  "service",
  "promise",
]);

export interface PlayOptions {
  readonly footprint?: Footprint;
  readonly onTrace?: (entry: TraceEntry) => void;
}

/**
 * One schedule on its way through time: faults strike, things take their course, whatever is still broken is healed,
 * somebody repairs. Times are since the first fault.
 */
export class Play {
  readonly footprint: Footprint | undefined;
  readonly stages = new StageRecorder();
  events = 0;
  /** How often a cluster, a check or a service reacted, before anything was healed. */
  reactions = 0;
  /** A cluster that decides the same over and over. */
  restless: string | undefined;
  boundReached = false;
  /** The wait ended early: what would have come back by itself is not known. */
  cutShort = false;
  #eventsAtStrike = 0;
  readonly #twin: Twin;
  readonly #limits: Limits;
  readonly #instances: readonly FaultInstance[];
  readonly #startMs: number;
  readonly #run: Run;
  readonly #shots: Shot[];
  #firstHealedAtMs: number | undefined;
  #repairs: Repair[] = [];
  readonly #decided = new Map<string, number>();
  #started = false;
  #healing = false;
  #steadyCell: Cell<{ readonly holds: boolean; readonly sinceMs: number }>;

  constructor(
    parts: { twin: Twin; limits: Limits; instances: readonly FaultInstance[]; startMs: number },
    from: World,
    before: Schedule = { shots: [] },
    options: PlayOptions = {},
  ) {
    this.#twin = parts.twin;
    this.#limits = parts.limits;
    this.#instances = parts.instances;
    this.#startMs = parts.startMs;
    this.#shots = [...before.shots];
    this.#firstHealedAtMs = before.firstHealedAtMs;
    this.#started = before.shots.length > 0;
    this.#steadyCell = parts.twin.promises.steady;
    this.footprint = options.footprint;
    this.#run = new Run(from, {
      ...(this.footprint && { footprint: this.footprint }),
      onTrace: (entry) => {
        this.#look(entry);
        options.onTrace?.(entry);
      },
    });
  }

  get nowMs(): number {
    return this.#run.nowMs - this.#startMs;
  }

  get schedule(): Schedule {
    return {
      shots: [...this.#shots],
      ...(this.#firstHealedAtMs !== undefined && { firstHealedAtMs: this.#firstHealedAtMs }),
    };
  }

  get repairs(): readonly Repair[] {
    return this.#repairs;
  }

  freeze(): World {
    return this.#run.freeze();
  }

  strike(instance: number): void {
    const { fault, params, part } = this.#instances[instance]!;
    this.#shots.push({ instance, atMs: this.nowMs });
    this.#decided.clear();
    this.#eventsAtStrike = this.events;
    this.#run.act((instant) => {
      const entry = instant.note({ kind: "fault", subject: part, what: fault.name, text: fault.summary, data: params });
      instant.because(entry, () => fault.inject(instant, this.#twin, params));
    });
    this.#started = true;
  }

  /** The first fault is gone by itself. */
  healFirst(): void {
    this.#firstHealedAtMs = this.nowMs;
    this.#decided.clear();
    this.#heal(this.#shots[0]!.instance);
  }

  /** Goes on to a moment; stops early where a bound is reached or a cluster turns out to be restless. */
  advanceTo(atMs: number): void {
    const untilMs = this.#startMs + atMs;
    // In small bites: a restless cluster must be noticed before it has cost much.
    while (!this.boundReached && !this.#isCutShort()) {
      const next = this.#run.nextMs;
      if (next === undefined || next > untilMs) break;
      if (!this.#run.step(untilMs)) break;
      this.events++;
      if (this.events >= this.#limits.eventsMax) this.boundReached = true;
    }
    if (!this.boundReached && !this.#isCutShort()) this.#run.advanceTo(untilMs);
  }

  /** A restless cluster is left to itself only as long as that is cheap. */
  #isCutShort(): boolean {
    if (this.#healing || this.restless === undefined) return false;
    if (this.events - this.#eventsAtStrike > this.#limits.restlessEventsMax) this.cutShort = true;
    return this.cutShort;
  }

  /** Lets things take their course after the last step; what then is not served does not come back by itself. */
  wait(): void {
    this.advanceTo(lastStepMs(this.schedule) + this.#limits.patienceMs);
  }

  /** Heals what is still broken, lets everything boot, does what an operator would do, and waits again. */
  repair(): { healedAtMs: number; endMs: number } {
    const healedAtMs = this.nowMs;
    this.#healing = true;
    this.#decided.clear();
    for (const [i, { instance }] of this.#shots.entries())
      if (i > 0 || this.#firstHealedAtMs === undefined) this.#heal(instance);
    this.advanceTo(healedAtMs + this.#limits.bootMs);
    for (const { operator, params } of this.#unseen(() => stacksToStart(this.#twin, this.#run)))
      this.#operate(operator, params);
    this.advanceTo(healedAtMs + 2 * this.#limits.bootMs);
    for (const { operator, params } of this.#unseen(() => failedResources(this.#twin, this.#run)))
      this.#operate(operator, params);
    const endMs = healedAtMs + 2 * this.#limits.bootMs + this.#limits.repairMs;
    this.advanceTo(endMs);
    return { healedAtMs, endMs };
  }

  /** How long each service and journey was out so far, and whether it still is. */
  interruptions(): readonly Interruption[] {
    return this.#unseen(() => {
      const found: Interruption[] = [];
      for (const [name, cell] of this.#twin.promises.outages) {
        const outage: Outage = this.#run.get(cell);
        const totalMs = outageMs(outage, this.#run.nowMs);
        const outMs = outage.outSinceMs === undefined ? 0 : this.#run.nowMs - outage.outSinceMs;
        // Where a cluster is restless, what comes and goes is out or not as it happens.
        const lasts = outMs > 0 && (this.restless === undefined || outMs >= this.#limits.patienceMs / 2);
        if (totalMs > 0)
          found.push({
            service: name,
            totalMs,
            longestMs: Math.max(outage.longestMs, outMs),
            lasts,
          });
      }
      return found;
    });
  }

  /** Since when everything is served and settled, in milliseconds since the last step; undefined where it is not. */
  settledAfterMs(): number | undefined {
    return this.#unseen(() => {
      const { holds, sinceMs } = this.#run.get(this.#steadyCell);
      if (!holds) return undefined;
      return Math.max(0, sinceMs - this.#startMs - lastStepMs(this.schedule));
    });
  }

  /** Promises about decisions and harm that are broken by now. */
  brokenSafety(): readonly BrokenPromise[] {
    return this.#unseen(() =>
      this.#twin.promises.promises.flatMap(({ name, cell }) => {
        const { broken, atMs } = this.#run.get(cell);
        return broken ? [{ promise: name, atMs: (atMs ?? this.#startMs) - this.#startMs }] : [];
      }),
    );
  }

  exercisedSafety(): readonly string[] {
    return this.#unseen(() =>
      this.#twin.promises.promises.flatMap(({ name, cell }) => (this.#run.get(cell).exercised ? [name] : [])),
    );
  }

  isSteady(): boolean {
    return this.#unseen(() => this.#twin.promises.unsteady(this.#run).length === 0);
  }

  /**
   * Plays from after the last step to the end and judges. `known` holds ends that were met: where the patience ends in a
   * world that another timeline met there with the same faults to heal, the rest is known.
   */
  finish(known?: Map<string, End>): Outcome {
    this.wait();
    const lasted = this.interruptions();
    const settledAfterMs = this.settledAfterMs();
    const waitedMs = this.nowMs;
    const broken: BrokenPromise[] = [];
    if (!this.cutShort && !this.boundReached)
      for (const { service, lasts } of lasted)
        if (lasts) broken.push({ promise: `${SERVED_AGAIN}/${service}`, atMs: waitedMs });
    const { outageMs: budgetMs } = this.#limits;
    if (budgetMs !== undefined)
      for (const { service, totalMs } of lasted)
        if (totalMs > budgetMs) broken.push({ promise: `${WITHIN_BUDGET}/${service}`, atMs: waitedMs });
    const safetyBefore = this.brokenSafety();
    const key = known && this.#endKey();
    const before = key === undefined ? undefined : known?.get(key);
    const end = before ?? this.judgeEnd();
    if (key !== undefined && !before) known?.set(key, end);
    if (!end.steady) broken.push({ promise: WORKS_ONCE_REPAIRED, atMs: waitedMs + end.lastedMs });
    broken.push(...safetyBefore);
    for (const { promise, atMs } of end.safety)
      if (!safetyBefore.some((one) => one.promise === promise)) broken.push({ promise, atMs: waitedMs + atMs });
    return {
      schedule: {
        ...this.schedule,
        healedAtMs: waitedMs,
        repairs: end.repairs.map((repair) => ({ ...repair, atMs: waitedMs + repair.atMs })),
        endMs: waitedMs + end.lastedMs,
      },
      broken,
      exercised: end.exercised,
      interruptions: lasted,
      ...(settledAfterMs !== undefined && { settledAfterMs }),
      hadEffect: this.reactions > 0,
      ...(this.restless !== undefined && { restless: this.restless }),
      cutShort: this.cutShort,
      boundReached: this.boundReached,
      met: before !== undefined,
      events: this.events,
    };
  }

  /** Heals, repairs and judges what comes of it, in times since the healing. */
  judgeEnd(): End {
    const { healedAtMs, endMs } = this.repair();
    return {
      lastedMs: endMs - healedAtMs,
      repairs: this.#repairs.map((repair) => ({ ...repair, atMs: repair.atMs - healedAtMs })),
      steady: this.boundReached || this.isSteady(),
      safety: this.brokenSafety().map(({ promise, atMs }) => ({ promise, atMs: atMs - healedAtMs })),
      exercised: this.exercisedSafety(),
    };
  }

  #endKey(): string {
    const toHeal = this.#shots
      .slice(this.#firstHealedAtMs === undefined ? 0 : 1)
      .map(({ instance }) => instance)
      .join(" ");
    return `${this.freeze().key()} ${toHeal}`;
  }

  #look(entry: TraceEntry): void {
    if (this.#healing) return;
    this.stages.look(entry, this.#startMs);
    if (this.#started && REACTIONS.has(entry.kind)) this.reactions++;
    if (entry.kind !== "decision") return;
    const decision = `${entry.subject} ${entry.text ?? ""}`;
    const times = (this.#decided.get(decision) ?? 0) + 1;
    this.#decided.set(decision, times);
    if (times >= this.#limits.sameDecisionMax) this.restless = entry.subject;
  }

  #heal(instance: number): void {
    const { fault, params, part } = this.#instances[instance]!;
    this.#run.act((instant) => {
      const entry = instant.note({ kind: "heal", subject: part, what: `heal ${fault.name}`, data: params });
      instant.because(entry, () => fault.heal(instant, this.#twin, params));
    });
  }

  #operate(operator: string, written: Readonly<Record<string, unknown>>): void {
    const action = operatorActions.get(operator)!;
    const params = action.params.parse(written);
    this.#repairs.push({ atMs: this.nowMs, operator, params: written });
    this.#run.act((instant) => action.perform(instant, this.#twin, params));
  }

  /** Looks from outside: what is read so is no part of the footprint. */
  #unseen<T>(look: () => T): T {
    const { footprint } = this;
    if (!footprint) return look();
    footprint.on = false;
    try {
      return look();
    } finally {
      footprint.on = true;
    }
  }
}
