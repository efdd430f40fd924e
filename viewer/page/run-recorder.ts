import type { Cell, Reader, TraceEntry } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import type { Onlooker } from "../../scenarios/runner/onlooker.js";
import { decisionData, nodeWords, placesOf } from "./cluster-view.js";
import type { DecisionData, NodeWords, PlaceData, RunData } from "./page-data.js";
import { PathTable } from "./paths.js";

/** What a run's trace alone does not tell: places, decisions with their scores, and paths. */
export type Seen = Pick<RunData, "places" | "nodes" | "decisions" | "hops" | "paths">;

/** A place that was and is no more. */
const gone = (place: PlaceData, atMs: number): PlaceData => ({
  ...place,
  atMs,
  role: "Stopped",
  failed: false,
  ...(place.active !== undefined && { active: false }),
});

/** Kinds of trace entries after which the clusters may look otherwise. */
const LOOKS: ReadonlySet<string> = new Set([
  "fault",
  "heal",
  "operator",
  "state",
  "membership",
  "decision",
  "action",
  "fence",
  "check",
]);

/** Looks on while a run is played, and keeps what changed: once for each instant in which something was told. */
export class RunRecorder implements Onlooker {
  readonly #twin: Twin;
  readonly #places = new Map<string, PlaceData>();
  readonly #words = new Map<string, string>();
  readonly #table = new PathTable();
  /** Services and journeys that are not plainly served: their path may change while they are so. */
  readonly #troubled = new Set<string>();
  #entries: TraceEntry[] = [];
  readonly places: PlaceData[] = [];
  readonly nodes: NodeWords[] = [];
  readonly decisions: DecisionData[] = [];

  constructor(twin: Twin, start: Reader) {
    this.#twin = twin;
    for (const cluster of twin.clusters.ids) {
      for (const place of placesOf(twin, start, cluster, 0)) this.#places.set(placeKey(place), place);
      for (const { node, words } of nodeWords(twin, start, cluster, 0))
        this.#words.set(`${cluster}/${node}`, words.join());
    }
    for (const name of twin.served.keys()) if (twin.services.state(start, name) !== "served") this.#troubled.add(name);
  }

  get seen(): Seen {
    const { hops, paths } = this.#table;
    return { places: this.places, nodes: this.nodes, decisions: this.decisions, hops, paths };
  }

  entry(entry: TraceEntry): void {
    this.#entries.push(entry);
  }

  instant(read: Reader & { causeOf(cell: Cell<unknown>): number }, atMs: number): void {
    if (this.#entries.length === 0) return;
    const entries = this.#entries;
    this.#entries = [];
    if (entries.some(({ kind }) => LOOKS.has(kind)))
      for (const cluster of this.#twin.clusters.ids) this.#look(read, cluster, atMs);
    for (const entry of entries) if (entry.kind === "decision") this.#decision(read, entry);
    this.#paths(read, entries, atMs);
  }

  #look(read: Reader, cluster: string, atMs: number): void {
    const now = new Set<string>();
    for (const place of placesOf(this.#twin, read, cluster, atMs)) {
      const key = placeKey(place);
      now.add(key);
      const before = this.#places.get(key);
      if (before && before.role === place.role && before.failed === place.failed && before.active === place.active)
        continue;
      this.#places.set(key, place);
      this.places.push(place);
    }
    for (const [key, place] of this.#places) {
      if (place.cluster !== cluster || now.has(key)) continue;
      this.#places.delete(key);
      this.places.push(gone(place, atMs));
    }
    for (const one of nodeWords(this.#twin, read, cluster, atMs)) {
      const key = `${cluster}/${one.node}`;
      const words = one.words.join();
      if (this.#words.get(key) === words) continue;
      this.#words.set(key, words);
      this.nodes.push(one);
    }
  }

  #decision(read: Reader, entry: TraceEntry): void {
    const { cluster, dc } = (entry.data ?? {}) as { cluster?: string; dc?: string };
    if (cluster === undefined || dc === undefined) return;
    const decision = this.#twin.clusters.decisionOf(read, dc);
    if (!decision) return;
    const nodes = this.#twin.clusters.nodesOf(cluster);
    this.decisions.push(decisionData(decision, { atMs: entry.atMs, cluster, by: dc, entry: entry.id }, nodes));
  }

  #paths(read: Reader & { causeOf(cell: Cell<unknown>): number }, entries: readonly TraceEntry[], atMs: number): void {
    const { services, served } = this.#twin;
    const changed = new Set<string>();
    for (const { kind, subject } of entries) if (kind === "service" && served.has(subject)) changed.add(subject);
    for (const name of new Set([...changed, ...this.#troubled])) {
      const state = services.state(read, name);
      if (state === "served") this.#troubled.delete(name);
      else this.#troubled.add(name);
      this.#table.add(atMs, name, state, services.path(read, name), (cell) => read.causeOf(cell));
    }
  }
}

function placeKey({ cluster, resource, node }: PlaceData): string {
  return `${cluster}/${resource}@${node}`;
}
