import type { ClusterOperator } from "../clusters.js";
import { stonithTimeoutMs } from "../fencer/fencer.js";
import type { Commands } from "./commands.js";

/** Commands to nodes: their cluster stack and its daemons, and fencing by hand. */
export function nodeCommands(commands: Commands) {
  return {
    stopCluster: (instant, name) =>
      commands.onNode(instant, name, "stop cluster", `pcs cluster stop ${name}`, ({ runtime, node }) => {
        if (runtime.core.isAwake(instant, node)) runtime.requestShutdown(instant, node);
      }),
    startCluster: (instant, name) =>
      commands.onNode(instant, name, "start cluster", `pcs cluster start ${name}`, ({ runtime, node }) => {
        if (runtime.core.isAwake(instant, node)) runtime.startStack(instant, node);
      }),
    killStack: (instant, name) =>
      commands.onNode(
        instant,
        name,
        "kill cluster stack",
        "killall -9 corosync (or cman's): the cluster stack dies, resources go on",
        ({ runtime, node }) => runtime.killStack(instant, node),
      ),
    killExecutor: (instant, name) =>
      commands.onNode(instant, name, "kill executor", "killall -9 pacemaker-execd", ({ runtime, node }) =>
        runtime.killController(instant, node, "executor"),
      ),
    killFencer: (instant, name) =>
      commands.onNode(instant, name, "kill fencer", "killall -9 pacemaker-fenced", ({ runtime, node }) =>
        runtime.controller.daemonLeft(instant, node),
      ),
    killController: (instant, name) =>
      commands.onNode(instant, name, "kill controller", "killall -9 pacemaker-controld", ({ runtime, node }) =>
        runtime.killController(instant, node, "controller"),
      ),
    fence: (instant, at, node, action) =>
      commands.run(
        instant,
        at,
        {
          subject: `node/${node}`,
          what: "fence",
          text: `stonith_admin --${action === "off" ? "fence" : "reboot"} ${node}`,
        },
        (found) => {
          const { core, fencer } = found.runtime;
          const requested = instant.note({
            kind: "fence",
            subject: `node/${node}`,
            what: "fence-requested",
            text: `somebody on ${at} asks for ${node} to be fenced (${action})`,
            data: { cluster: core.id, seenBy: at, action, byHand: true },
          });
          fencer.request(instant, found.node, node, action, {
            timeoutMs: stonithTimeoutMs(instant, found.node),
            entry: requested,
          });
        },
      ),
    confirmFenced: (instant, at, node) =>
      commands.run(
        instant,
        at,
        {
          subject: `node/${node}`,
          what: "confirm fenced",
          text: `stonith_admin --confirm ${node}: somebody swears that ${node} is down`,
        },
        (found) => {
          const { core, controller } = found.runtime;
          const target = core.byName.get(node);
          if (!target) return;
          const entry = instant.note({
            kind: "fence",
            subject: `node/${node}`,
            what: "fenced",
            text: `${node} is taken for fenced because a person said so`,
            data: { cluster: core.id, seenBy: at, by: "a human", action: "off" },
          });
          instant.because(entry, () => controller.confirmFenced(instant, found.node, target));
        },
      ),
  } satisfies Partial<ClusterOperator>;
}
