import { DURATION_KEYS, type Duration, type Durations, defaultDurations } from "../durations.js";
import { primitivesOf } from "../primitives.js";
import { spanMs } from "../span-text.js";
import type { Cluster } from "../types.js";
import { type Loading, sorted } from "./loading.js";

const OPERATIONS = ["start", "stop", "monitor", "promote", "demote"];

/** The defaults with what the topology says in their place. */
export function loadDurations(loading: Loading): Durations {
  const durations = new Map<string, Duration>(defaultDurations());
  for (const [key, text] of sorted(loading.yaml.durations)) {
    const place = loading.place(["durations", key]);
    durations.set(key, { ms: spanMs(text) ?? 0, source: "the topology", place });
  }
  return durations;
}

/** Keys are known ones, or `CLUSTER/RESOURCE.operation`; checked once the clusters are known. */
export function checkDurations(loading: Loading, clusters: ReadonlyMap<string, Cluster>): void {
  const known = new Set<string>(DURATION_KEYS);
  for (const key of Object.keys(loading.yaml.durations ?? {})) {
    if (known.has(key)) continue;
    const place = loading.place(["durations", key]);
    const slash = key.indexOf("/");
    const dot = key.lastIndexOf(".");
    if (slash === -1 || dot < slash) {
      loading.error(place, "unknown duration", key, known, "durations");
      continue;
    }
    const [cluster, resource, operation] = [key.slice(0, slash), key.slice(slash + 1, dot), key.slice(dot + 1)];
    const cib = clusters.get(cluster)?.cib;
    if (cib === undefined) loading.error(place, "unknown cluster", cluster, clusters.keys(), "clusters");
    else if (!primitivesOf(cib).some(({ id }) => id === resource))
      loading.error(
        place,
        "unknown resource",
        resource,
        primitivesOf(cib).map(({ id }) => id),
        "resources",
      );
    else if (!OPERATIONS.includes(operation))
      loading.error(place, "unknown operation", operation, OPERATIONS, "operations");
  }
}
