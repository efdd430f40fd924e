import { z } from "zod";
import { duration } from "../file/duration.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";
import { operationOf, primitives } from "./operation-fault.js";

/**
 * A start takes much longer than it should: a long crash recovery, a slow storage. Below its time-out the failover is
 * late by as much; beyond it the start fails, the resource is banned from the node and the next one tries the same.
 * Source: faults-and-promises, "Crash recovery longer than the start time-out: ban ping-pong"; facts, "InnoDB".
 */
export const slowStart = fault({
  name: "slow-start",
  summary: "A resource's start takes long, and then succeeds.",
  params: z.object({
    resource: reference("resource", "CLUSTER/RESOURCE, a primitive."),
    node: reference("node").optional(),
    takes: duration,
  }),
  subject: ({ resource, node }) => `resource/${resource}${node ? `@${node}` : ""}`,
  targets: (topology) => primitives(topology).map((resource) => ({ resource, takes: "60s" })),
  inject: (instant, twin, it) =>
    twin.agents.override(instant, operationOf(it, "start"), Object.freeze({ rc: 0, durationMs: it.takes })),
  heal: (instant, twin, it) => twin.agents.override(instant, operationOf(it, "start"), undefined),
});
