import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * Somebody, or init, starts a clustered service behind Pacemaker's back. On a node where the cluster did not start it
 * there is no monitor: only a probe (a node that joins, a cleanup) finds it, and then the resource is active twice and
 * multiple-active says stop all, start one. A second mysqld on a shared datadir has done its harm by then.
 * Source: faults-and-promises, "Started outside Pacemaker"; Pacemaker Explained, multiple-active.
 */
export const startOutsideCluster = fault({
  name: "start-outside-cluster",
  summary: "A clustered service is started by hand.",
  params: z.object({ node: reference("node"), unit: reference("unit") }),
  subject: ({ node, unit }) => `unit/${unit}@${node}`,
  targets: (topology) =>
    [...topology.services.values()]
      .filter(({ startedBy }) => startedBy.kind === "cluster")
      .map(({ node, unit }) => ({ node, unit })),
  inject: (instant, twin, { node, unit }) => twin.units.start(instant, node, unit),
  heal: (instant, twin, { node, unit }) => twin.units.stop(instant, node, unit),
});
