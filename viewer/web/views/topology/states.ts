import type { RunView } from "../../data/run-view.js";
import { type Look, lookOf } from "../../data/tone.js";
import type { Scene } from "./scene.js";

/** How a vertex is at a moment; undefined for what has no state of its own. */
export function vertexLook(view: RunView, key: string, kind: string, subject: string, at: number): Look | undefined {
  if (kind === "resource") {
    const id = key.slice("resource/".length);
    const slash = id.indexOf("/");
    const [cluster, resource] = [id.slice(0, slash), id.slice(slash + 1)];
    const nodes = view.ground.clusters.find((one) => one.id === cluster)?.nodes ?? [];
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

/** Everything's state at a moment, summed up for containers. One pass over the vertices. */
export function standingAt(view: RunView, scene: Scene, at: number): Standing {
  const looks = new Map<string, Look>();
  const below = new Map<string, { all: number; bad: number }>();
  for (const { key, kind, subject } of scene.vertices.values()) {
    const look = vertexLook(view, key, kind, subject ?? key, at);
    if (look) looks.set(key, look);
    const isBad = look?.tone === "bad" && view.changeAt(subject ?? key, at) !== undefined;
    const isBadResource = look?.tone === "bad" && kind === "resource";
    let parent = scene.vertices.get(key)?.in;
    for (let depth = 0; parent !== undefined && depth < 40; depth++) {
      const sum = below.get(parent) ?? { all: 0, bad: 0 };
      sum.all++;
      if (isBad || isBadResource) sum.bad++;
      below.set(parent, sum);
      parent = scene.vertices.get(parent)?.in;
    }
  }
  return { looks, below };
}
