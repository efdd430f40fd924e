import { settingsOf } from "../../model/cluster/configuration/settings.js";
import { promisedOrder } from "../../model/promises/configuration.js";
import { isActive } from "../../model/promises/facts.js";
import type { Played } from "../../scenarios/library/run.js";

/** A primitive that was started or promoted on a node where it was not active before the first step. */
export interface Move {
  /** `CLUSTER/PRIMITIVE` */
  readonly resource: string;
  readonly node: string;
  readonly atMs: number;
}

export function movesOf({ trace, settled }: Played): readonly Move[] {
  const { twin, base } = settled;
  return trace.flatMap(({ kind, subject, what, atMs }) => {
    if (kind !== "action" || !/^(start|promote) ok/.test(what)) return [];
    const [, cluster, primitive, node] = /^resource\/([^/]+)\/([^@]+?)(?::\d+)?@(.+)$/.exec(subject) ?? [];
    if (cluster === undefined || primitive === undefined || node === undefined) return [];
    // A fence device serves nobody: that the fencer has it elsewhere is no fail-over.
    const cib = twin.topology.clusters.get(cluster)?.cib;
    if (cib && settingsOf(cib).primitives.get(primitive)?.class === "stonith") return [];
    if (isActive(base, twin, cluster, primitive, node)) return [];
    return [{ resource: `${cluster}/${primitive}`, node, atMs }];
  });
}

/** The primitives behind `CLUSTER/RESOURCE`: of a group or clone, those in it. */
export function primitivesOf({ topology }: Played, resource: string): readonly string[] {
  const slash = resource.indexOf("/");
  const [cluster, id] = [resource.slice(0, slash), resource.slice(slash + 1)];
  const cib = topology.clusters.get(cluster)?.cib;
  const primitives = cib && promisedOrder(cib.configuration).primitives.get(id);
  return (primitives ?? []).map((primitive) => `${cluster}/${primitive}`);
}
