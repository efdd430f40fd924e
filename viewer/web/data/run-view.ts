import type { TraceEntry } from "../../../model/kernel/index.js";
import type {
  ClusterData,
  DecisionData,
  GroundData,
  HopData,
  MachineData,
  NodeWords,
  PathData,
  PlaceData,
  RunData,
} from "../../page/page-data.js";
import { CauseGraph } from "../../why/chain.js";
import { itemAt, push } from "./tracks.js";

/** A state that something came to, and the entry that tells it. */
export interface StateFrom {
  readonly atMs: number;
  readonly state: string;
  readonly from?: string;
  readonly what: string;
  readonly entry: number;
}

export interface Outage {
  readonly subject: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** It lasts at the end of the run. */
  readonly open: boolean;
}

/** From a moment on, the way that a service's clients go. */
export interface PathAt {
  readonly atMs: number;
  readonly path: PathData;
  readonly hops: readonly HopData[];
}

/** A run with its ground, ready to be asked how anything stood at any moment. Built once for each run, in one pass. */
export class RunView {
  readonly ground: GroundData;
  readonly run: RunData;
  readonly causes: CauseGraph;
  /** Distinct moments at which something was told, from 0 on. */
  readonly moments: readonly number[];
  readonly faults: readonly TraceEntry[];
  readonly outages: readonly Outage[];
  readonly subjects: readonly string[];
  readonly #states = new Map<string, StateFrom[]>();
  readonly #machines = new Map<string, string>();
  readonly #start = new Map<string, string>();
  readonly #places = new Map<string, PlaceData[]>();
  readonly #words = new Map<string, NodeWords[]>();
  readonly #decisions = new Map<string, DecisionData[]>();
  /** Each with the table that its hops stand in. */
  readonly #paths = new Map<string, PathAt[]>();
  readonly #clusters: ReadonlyMap<string, ClusterData>;

  constructor(ground: GroundData, run: RunData) {
    this.ground = ground;
    this.run = run;
    this.causes = new CauseGraph(run.trace);
    this.#clusters = new Map(ground.clusters.map((cluster) => [cluster.id, cluster]));
    for (const { subject, machine, state } of ground.cells) {
      this.#machines.set(subject, machine);
      this.#start.set(subject, state);
    }
    const moments: number[] = [0];
    const faults: TraceEntry[] = [];
    const subjects = new Set<string>();
    for (const entry of run.trace) {
      if (entry.atMs > moments[moments.length - 1]!) moments.push(entry.atMs);
      if (entry.kind === "fault" || entry.kind === "heal" || entry.kind === "operator") faults.push(entry);
      subjects.add(entry.subject);
      if (entry.to === undefined || entry.kind === "membership") continue;
      push(this.#states, entry.subject, {
        atMs: entry.atMs,
        state: entry.to,
        what: entry.what,
        entry: entry.id,
        ...(entry.from !== undefined && { from: entry.from }),
      });
    }
    if (run.endMs > moments[moments.length - 1]!) moments.push(run.endMs);
    this.moments = moments;
    this.faults = faults;
    this.subjects = [...subjects];
    for (const place of [...ground.places, ...run.places]) push(this.#places, placeKey(place), place);
    for (const words of [...ground.nodes, ...run.nodes]) push(this.#words, `${words.cluster}/${words.node}`, words);
    for (const decision of [...ground.decisions, ...run.decisions]) push(this.#decisions, decision.cluster, decision);
    for (const { paths, hops } of [ground, run])
      for (const path of paths) push(this.#paths, path.subject, { atMs: path.atMs, path, hops });
    this.outages = this.#outages();
  }

  /** What something was at a moment; undefined where nothing is known of its states. */
  stateAt(subject: string, atMs: number): string | undefined {
    const states = this.#states.get(subject);
    return itemAt(states, atMs)?.state ?? this.#start.get(subject) ?? this.servedAtStart(subject) ?? states?.[0]?.from;
  }

  /** The change that brought it to its state; undefined where it is as it was at the start. */
  changeAt(subject: string, atMs: number): StateFrom | undefined {
    return itemAt(this.#states.get(subject), atMs);
  }

  statesOf(subject: string): readonly StateFrom[] {
    return this.#states.get(subject) ?? [];
  }

  startOf(subject: string): string | undefined {
    return this.#start.get(subject) ?? this.servedAtStart(subject) ?? this.#states.get(subject)?.[0]?.from;
  }

  servedAtStart(subject: string): string | undefined {
    return this.#paths.get(subject)?.[0]?.path.state;
  }

  machineOf(subject: string): MachineData | undefined {
    const id = this.#machines.get(subject);
    return id === undefined ? undefined : this.ground.machines.find((machine) => machine.id === id);
  }

  cluster(id: string): ClusterData | undefined {
    return this.#clusters.get(id);
  }

  /** Where a resource stands on a node; undefined where it never was anything but stopped. */
  placeAt(cluster: string, resource: string, node: string, atMs: number): PlaceData | undefined {
    return itemAt(this.#places.get(`${cluster}/${resource}@${node}`), atMs);
  }

  wordsAt(cluster: string, node: string, atMs: number): readonly string[] {
    return itemAt(this.#words.get(`${cluster}/${node}`), atMs)?.words ?? [];
  }

  decisionAt(cluster: string, atMs: number): DecisionData | undefined {
    return itemAt(this.#decisions.get(cluster), atMs);
  }

  pathAt(subject: string, atMs: number): PathAt | undefined {
    const found = itemAt(this.#paths.get(subject), atMs);
    return found && { ...found, hops: found.path.hops.map((i) => found.hops[i]!) };
  }

  /** Services and journeys, in the order of the ground, then those that only the trace names. */
  get served(): readonly string[] {
    const known = new Set(this.ground.paths.map(({ subject }) => subject));
    for (const subject of this.subjects)
      if (subject.startsWith("service/") || subject.startsWith("journey/")) known.add(subject);
    return [...known];
  }

  /** Everything whose state is not what it was at the start. */
  changedAt(atMs: number): readonly { readonly subject: string; readonly state: string; readonly was: string }[] {
    const found: { subject: string; state: string; was: string }[] = [];
    for (const subject of this.#states.keys()) {
      const was = this.startOf(subject);
      const state = this.stateAt(subject, atMs);
      if (was !== undefined && state !== undefined && was !== state) found.push({ subject, state, was });
    }
    return found;
  }

  /** The next moment at which something was told, after (or before) a moment. */
  stepFrom(atMs: number, direction: 1 | -1): number {
    const { moments } = this;
    let low = 0;
    let high = moments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (direction === 1 ? moments[middle]! <= atMs : moments[middle]! < atMs) low = middle + 1;
      else high = middle;
    }
    const index = direction === 1 ? low : low - 1;
    return moments[Math.max(0, Math.min(moments.length - 1, index))]!;
  }

  #outages(): Outage[] {
    const found: Outage[] = [];
    for (const [subject, states] of this.#states) {
      if (!subject.startsWith("service/") && !subject.startsWith("journey/")) continue;
      let sinceMs: number | undefined;
      for (const { atMs, state } of states) {
        if (state === "not-served") sinceMs ??= atMs;
        else if (sinceMs !== undefined) {
          found.push({ subject, fromMs: sinceMs, toMs: atMs, open: false });
          sinceMs = undefined;
        }
      }
      if (sinceMs !== undefined) found.push({ subject, fromMs: sinceMs, toMs: this.run.endMs, open: true });
    }
    return found;
  }
}

function placeKey({ cluster, resource, node }: PlaceData): string {
  return `${cluster}/${resource}@${node}`;
}
