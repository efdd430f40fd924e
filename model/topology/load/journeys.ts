import type { Journey, Leg } from "../journey-types.js";
import type { TopologyYaml } from "../schema.js";
import type { Topology } from "../types.js";
import { type Loading, sorted, sortedMap } from "./loading.js";
import { loadEndpoint } from "./services.js";

type LegYaml = NonNullable<TopologyYaml["journeys"]>[string]["legs"][number];
type Known = Pick<Topology, "nodes" | "virtualAddresses" | "guests" | "tiers" | "neutron">;

const KINDS = ["reach", "store-image", "boot-guest", "guest-metadata", "guest-reachable", "attach-volume"] as const;

export function loadJourneys(loading: Loading, known: Known): ReadonlyMap<string, Journey> {
  return sortedMap(
    sorted(loading.yaml.journeys).map(([id, journey]): [string, Journey] => [
      id,
      {
        id,
        title: journey.title,
        legs: journey.legs.flatMap((leg, index) => loadLeg(loading, ["journeys", id, "legs", index], leg, known)),
      },
    ]),
  );
}

function loadLeg(loading: Loading, path: readonly PropertyKey[], leg: LegYaml, known: Known): Leg[] {
  const kinds = KINDS.filter((kind) => leg[kind] !== undefined);
  if (kinds.length !== 1) {
    loading.error(loading.place(path), "a leg is one of these, found", kinds.join(", ") || "none", KINDS, "legs");
    return [];
  }
  if (leg.what !== undefined && leg.reach === undefined)
    loading.error(loading.place([...path, "what"]), "what: goes with reach: alone");
  if (leg.reach !== undefined) {
    const endpoint = loadEndpoint(loading, [...path, "reach"], leg.reach, known.nodes, known.virtualAddresses);
    return endpoint === undefined ? [] : [{ kind: "reach", ...endpoint, what: leg.what ?? leg.reach }];
  }
  if (leg["boot-guest"] !== undefined) {
    const { network } = leg["boot-guest"];
    loading.refers([...path, "boot-guest", "network"], "Neutron network", network, known.neutron.networks);
    return [{ kind: "boot-guest", network }];
  }
  if (leg["attach-volume"] !== undefined) {
    const { tier, compute } = leg["attach-volume"];
    loading.refers([...path, "attach-volume", "tier"], "tier", tier, known.tiers);
    const computes = new Map([...known.neutron.nodes].filter(([, node]) => node.compute));
    loading.refers([...path, "attach-volume", "compute"], "compute node", compute, computes);
    return [{ kind: "attach-volume", tier, compute }];
  }
  for (const kind of ["guest-metadata", "guest-reachable"] as const) {
    const guest = leg[kind];
    if (guest === undefined) continue;
    loading.refers([...path, kind], "guest", guest, known.guests);
    return [{ kind, guest }];
  }
  return [{ kind: "store-image" }];
}
