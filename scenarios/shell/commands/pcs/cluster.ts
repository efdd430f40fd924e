import type { NodeId } from "../../../../model/twin/parts.js";
import { type Call, fail, ok, type Result } from "../../command.js";
import { isOldPcs } from "../../pacemaker.js";
import { nodeAttribute } from "./node.js";
import { NOT_RUNNING, type PcsVerb, takeWait, typed } from "./pcs-verb.js";
import { status } from "./status.js";

/** `pcs cluster start|stop|kill|standby|unstandby|status|enable|disable`. */
export const cluster: PcsVerb = (pcs) => {
  const { call } = pcs;
  const { words } = takeWait(pcs.words);
  const [what, ...more] = words;
  const name = call.twin.clusters.clusterOf(call.node);
  if (name === undefined) return fail(NOT_RUNNING);
  const all = more.includes("--all");
  const named = more.filter((word) => !word.startsWith("--") && !/^\d+$/.test(word));
  const others = call.twin.clusters.nodesOf(name);
  const stranger = named.find((node) => !others.includes(node));
  if (["start", "stop"].includes(what ?? "") && stranger !== undefined)
    return fail(`Error: Unable to connect to ${stranger} (Could not resolve host: ${stranger})`);
  const targets = all ? others : named.length > 0 ? named : [call.node];
  const isRemote = all || named.length > 0;
  switch (what) {
    case "start":
      return start(call, targets, isRemote);
    case "stop":
      return stop(call, targets, isRemote, pcs.force);
    case "kill":
      call.handle.act(call.node, typed(call), (instant) => call.twin.clusters.operator.killStack(instant, call.node));
      return ok();
    case "standby":
    case "unstandby":
      if (!isOldPcs(call, name))
        return fail(`Error: 'pcs cluster ${what}' is not on this release: use 'pcs node ${what}'`);
      return nodeAttribute(pcs, "standby", what === "standby", more);
    case "status":
      return status({ ...pcs, words: ["cluster", ...more] });
    default:
      return call.notModelled(`pcs cluster ${words.join(" ")}`);
  }
};

function start(call: Call, targets: readonly NodeId[], isRemote: boolean): Result {
  const { handle, twin, read } = call;
  let text = "";
  let errors = "";
  for (const node of targets) {
    const prefix = isRemote ? `${node}: ` : "";
    if (!twin.hosts.isRunning(read, node)) {
      errors += `Error: unable to start ${node}: Unable to connect to ${node}\n`;
      continue;
    }
    text += `${prefix}Starting Cluster...\n`;
    handle.act(call.node, typed(call), (instant) => twin.clusters.operator.startCluster(instant, node));
  }
  // The init scripts return once the membership layer runs; Pacemaker goes on by itself.
  handle.advanceUntil(
    () => targets.every((node) => !twin.hosts.isRunning(read, node) || twin.clusters.isStackRunning(read, node)),
    120_000,
  );
  return { stdout: text, stderr: errors, exitCode: errors === "" ? 0 : 1 };
}

function stop(call: Call, targets: readonly NodeId[], isRemote: boolean, force: boolean): Result {
  const { handle, twin, read } = call;
  const name = twin.clusters.clusterOf(call.node)!;
  const running = twin.clusters.nodesOf(name).filter((node) => twin.clusters.isStackRunning(read, node));
  const left = running.filter((node) => !targets.includes(node));
  const twoNode = twin.topology.clusters.get(name)!.quorum.twoNode;
  if (
    !isOldPcs(call, name) &&
    !force &&
    left.length > 0 &&
    !twoNode &&
    left.length * 2 <= twin.clusters.nodesOf(name).length
  )
    return fail("Error: Stopping the node(s) will cause a loss of the quorum, use --force to override");
  let text = "";
  let errors = "";
  for (const node of targets) {
    const prefix = isRemote ? `${node}: ` : "";
    if (!twin.hosts.isRunning(read, node)) {
      errors += `Error: unable to stop ${node}: Unable to connect to ${node}\n`;
      continue;
    }
    text += `${prefix}Stopping Cluster (pacemaker)...\n`;
    handle.act(call.node, typed(call), (instant) => twin.clusters.operator.stopCluster(instant, node));
  }
  const isDown = () =>
    targets.every((node) => !twin.hosts.isRunning(read, node) || !twin.clusters.isStackRunning(read, node));
  const stopped = handle.advanceUntil(isDown, 1_200_000);
  const daemon = isOldPcs(call, name) ? "cman" : "corosync";
  for (const node of targets)
    if (stopped === "held") text += `${isRemote ? `${node}: ` : ""}Stopping Cluster (${daemon})...\n`;
  if (stopped !== "held") errors += "Error: unable to stop all nodes: it takes longer than 20 minutes\n";
  return { stdout: text, stderr: errors, exitCode: errors === "" ? 0 : 1 };
}
