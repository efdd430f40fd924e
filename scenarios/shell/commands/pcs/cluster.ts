import { writeCib } from "../../../../model/cluster/cib/write.js";
import type { NodeId } from "../../../../model/twin/parts.js";
import { unplayable } from "../../added-resources.js";
import { type Call, fail, ok, type Result } from "../../command.js";
import { absolute } from "../../names.js";
import { isOldPcs } from "../../pacemaker.js";
import { nodeAttribute } from "./node.js";
import { edit, NOT_RUNNING, type PcsCall, type PcsVerb, pcsHere, takeWait, typed } from "./pcs-verb.js";
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
    case "cib": {
      const found = pcsHere(pcs);
      if ("failed" in found) return found.failed;
      const [file] = more;
      if (file === undefined) return ok(writeCib(found.cib));
      call.files.put(absolute(call.cwd, file), writeCib(found.cib));
      return ok();
    }
    case "cib-push":
      return push(pcs, more);
    case "verify":
      return call.exec("crm_verify -L -V");
    case "enable":
    case "disable":
      for (const node of targets)
        call.handle.act(call.node, typed(call), (instant) => {
          for (const unit of ["corosync", "pacemaker"])
            call.twin.plant.units.atBoot.set(instant, node, unit, what === "enable");
        });
      return ok(isRemote ? targets.map((node) => `${node}: Cluster ${cap(what)}d\n`).join("") : "");
    case "status":
      return status({ ...pcs, words: ["cluster", ...more] });
    default:
      return call.notModelled(`pcs cluster ${words.join(" ")}`);
  }
};

function cap(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}

/** `cib-push FILE [--config] [diff-against=FILE]`: the configuration of the file takes the place of the cluster's. */
function push(pcs: PcsCall, words: readonly string[]): Result {
  const { call } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const file = absolute(call.cwd, words.find((word) => !word.includes("=")) ?? "");
  const given = pcsHere({ ...pcs, file });
  if ("failed" in given) return given.failed;
  const added = unplayable(found.cib, given.cib);
  if (added !== undefined) return call.notModelled(`pcs cluster cib-push: ${added}`);
  edit(pcs, (now) => ({ ...now, configuration: given.cib.configuration }));
  return ok("CIB updated");
}

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
