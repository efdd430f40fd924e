import { z } from "zod";
import type { Cib, XmlElement } from "../../model/cluster/cib/types.js";
import type { Topology } from "../../model/topology/types.js";
import type { OperationOf, Outcome } from "../../model/twin/parts.js";
import { duration } from "../file/duration.js";
import { reference } from "../file/reference.js";
import { type Fault, fault } from "./fault.js";

export type Operation = OperationOf["operation"];

const params = z.object({
  resource: reference("resource", "CLUSTER/RESOURCE, a primitive."),
  node: reference("node", "On this node alone; without it, on every one.").optional(),
  takes: duration.optional().describe("How long the operation runs before it comes to this."),
});

/** A fault of one operation of a resource's agent: it ends with an OCF exit code, or hangs until its time-out. */
export function operationFault(
  name: string,
  summary: string,
  operation: Operation,
  outcome: { readonly rc: number; readonly hangs?: boolean; readonly exitReason: string },
): Fault {
  return fault({
    name,
    summary,
    params,
    subject: ({ resource, node }) => `resource/${resource}${node ? `@${node}` : ""}`,
    targets: (topology) => primitives(topology).map((resource) => ({ resource })),
    inject: (instant, twin, it) => {
      const result: Outcome = {
        rc: outcome.rc,
        durationMs: outcome.hangs ? Number.POSITIVE_INFINITY : (it.takes ?? 100),
        exitReason: outcome.exitReason,
      };
      twin.agents.override(instant, operationOf(it, operation), Object.freeze(result));
    },
    heal: (instant, twin, it) => twin.agents.override(instant, operationOf(it, operation), undefined),
  });
}

export function operationOf(
  { resource, node }: { resource: string; node?: string | undefined },
  operation: Operation,
): OperationOf {
  const slash = resource.indexOf("/");
  return Object.freeze({
    cluster: resource.slice(0, slash),
    resource: resource.slice(slash + 1),
    operation,
    ...(node !== undefined && { node }),
  });
}

/** Primitives of every cluster, fence devices left out, as CLUSTER/RESOURCE. */
export function primitives(topology: Topology): readonly string[] {
  return [...topology.clusters.values()].flatMap(({ id, cib }) =>
    primitiveIds(cib).map((resource) => `${id}/${resource}`),
  );
}

function primitiveIds(cib: Cib): readonly string[] {
  const found: string[] = [];
  const walk = (element: XmlElement) => {
    if (element.name === "primitive" && element.attrs["class"] !== "stonith" && element.attrs["id"] !== undefined)
      found.push(element.attrs["id"]);
    for (const child of element.children) walk(child);
  };
  for (const section of cib.configuration.children) if (section.name === "resources") walk(section);
  return found;
}
