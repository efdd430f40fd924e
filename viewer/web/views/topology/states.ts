import type { RunView } from "../../data/run-view.js";
import { type Look, lookOf } from "../../data/tone.js";
import type { Scene } from "./scene.js";

/** How a vertex is at a moment; undefined for what has no state of its own. */
export function vertexLook(view: RunView, key: string, kind: string, subject: string, at: number): Look | undefined {
  if (kind === "resource") {
    const id = key.slice("resource/".length);
    const slash = id.indexOf("/");
    const [cluster, resource] = [id.slice(0, slash), id.slice(slash + 1)];
    const nodes = view.cluster(cluster)?.nodes ?? [];
    const places = nodes.flatMap((node) => view.placeAt(cluster, resource, node, at) ?? []);
    if (places.length === 0) return undefined;
    const on = places.filter(({ role, active }) => role !== "Stopped" && active !== false).map(({ node }) => node);
    if (places.some(({ failed }) => failed)) return { shape: "cross", tone: "bad", text: "failed" };
    if (on.length === 0) return { shape: "cross", tone: "bad", text: "nowhere" };
    return { shape: "filled", tone: "good", text: `on ${on.join(", ")}` };
  }
  const state = view.stateAt(subject, at);
  return state === undefined ? undefined : lookOf(state);
}

export interface Standing {
  readonly looks: ReadonlyMap<string, Look>;
  /** For each container: how many things below it, and how many of them are broken now and were not at the start. */
  readonly below: ReadonlyMap<string, { readonly all: number; readonly bad: number }>;
}

const DEPTH_MAX = 40;

/** Everything's state at any moment, summed up for containers. What never changes in the run is looked at once. */
export class Standings {
  readonly #view: RunView;
  readonly #scene: Scene;
  readonly #looks = new Map<string, Look>();
  readonly #below = new Map<string, { all: number; bad: number }>();
  readonly #changing: { readonly key: string; readonly kind: string; readonly subject: string; isBad: boolean }[] = [];

  constructor(view: RunView, scene: Scene) {
    this.#view = view;
    this.#scene = scene;
    const moved = new Set(view.run.places.map(({ cluster, resource }) => `resource/${cluster}/${resource}`));
    for (const { key, kind, subject = key } of scene.vertices.values()) {
      this.#count(key, "all", 1);
      const look = vertexLook(view, key, kind, subject, 0);
      if (look) this.#looks.set(key, look);
      if (moved.has(key) || view.statesOf(subject).length > 0)
        this.#changing.push({ key, kind, subject, isBad: false });
      else if (look?.tone === "bad" && kind === "resource") this.#count(key, "bad", 1);
    }
  }

  at(atMs: number): Standing {
    for (const one of this.#changing) {
      const { key, kind, subject } = one;
      const look = vertexLook(this.#view, key, kind, subject, atMs);
      if (look) this.#looks.set(key, look);
      else this.#looks.delete(key);
      const isBad = look?.tone === "bad" && (kind === "resource" || this.#view.changeAt(subject, atMs) !== undefined);
      if (isBad === one.isBad) continue;
      one.isBad = isBad;
      this.#count(key, "bad", isBad ? 1 : -1);
    }
    return { looks: this.#looks, below: this.#below };
  }

  #count(key: string, what: "all" | "bad", by: number): void {
    let parent = this.#scene.vertices.get(key)?.in;
    for (let depth = 0; parent !== undefined && depth < DEPTH_MAX; depth++) {
      const sum = this.#below.get(parent) ?? { all: 0, bad: 0 };
      sum[what] += by;
      this.#below.set(parent, sum);
      parent = this.#scene.vertices.get(parent)?.in;
    }
  }
}
