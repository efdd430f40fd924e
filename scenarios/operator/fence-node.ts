import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { clusterOf, typedAt } from "./typed-at.js";

/** A node is fenced by hand. Source: facts, Runbooks 1. */
export const fenceNode = operatorAction({
  name: "fence-node",
  summary: "A node is fenced by hand.",
  tellsItself: true,
  params: z.object({
    node: reference("node"),
    action: z.enum(["reboot", "off"]).default("reboot"),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node, action }) => `pcs stonith fence ${node}${action === "off" ? " --off" : ""}`,
  perform: (instant, twin, { node, action, on }) => {
    const cluster = clusterOf(twin, node);
    const others = twin.clusters.nodesOf(cluster).filter((other) => other !== node);
    const peer = others.find(
      (other) => twin.clusters.isStackRunning(instant, other) && twin.hosts.isRunning(instant, other),
    );
    twin.promises.expectFence(instant, node);
    twin.clusters.operator.fence(instant, on ?? peer ?? typedAt(instant, twin, cluster, on), node, action);
  },
});
