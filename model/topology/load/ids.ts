import type { Loading } from "./loading.js";

/** Things that paths, faults and traces name without their kind must not share a name. */
const KINDS = ["switches", "routers", "hypervisors", "nodes", "power", "guests"] as const;

export function checkIds(loading: Loading): void {
  const seen = new Map<string, string>();
  for (const kind of KINDS)
    for (const id of Object.keys(loading.yaml[kind] ?? {})) {
      const first = seen.get(id);
      if (first === undefined) seen.set(id, kind);
      else
        loading.error(
          loading.place([kind, id]),
          `this name under ${kind}: is taken under ${first}:, at line ${loading.place([first, id]).line}:`,
          id,
        );
    }
}
