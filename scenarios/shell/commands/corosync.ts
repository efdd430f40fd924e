import { type Call, fail, ok, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { quorumText } from "../text/quorum-text.js";

/** corosync-quorumtool and corosync-cfgtool. Sources: corosync-quorumtool(8), corosync-cfgtool(8). */
export const corosync: ShellCommand = {
  names: ["corosync-quorumtool", "corosync-cfgtool"],
  interface: "Corosync",
  run(call) {
    const { twin, read, node } = call;
    const cluster = twin.topology.clusters.get(twin.clusters.clusterOf(node) ?? "");
    if (!cluster) return fail(`bash: ${call.name}: command not found`, 127);
    if (!twin.clusters.isStackRunning(read, node)) return fail("Cannot initialize CMAP service");
    const { flags, unknown } = readOptions(call.args, { flags: ["-s", "-l", "-i", "-m"] });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    if (call.name === "corosync-quorumtool") {
      if (cluster.stack === "cman")
        return fail("corosync-quorumtool: quorum is cman's on this release: use cman_tool status");
      const text = quorumText(call);
      return {
        stdout: flags.has("l") ? `\n${text.slice(text.indexOf("Membership information"))}` : text,
        exitCode: twin.clusters.isQuorate(read, node) ? 0 : 1,
      };
    }
    const own = cluster.nodes.find((one) => one.node === node)!;
    const rings = own.rings.map(({ network, address }, i) => {
      const others = cluster.nodes.filter(
        (one) => one.node !== node && twin.clusters.members(read, node).includes(one.node),
      );
      const isAlone = others.length === 0 || !others.some((one) => twin.network.passes(read, node, one.node, network));
      return `RING ID ${i}\n\tid\t= ${address}\n\tstatus\t= ring ${i} ${isAlone && cluster.nodes.length > 1 ? "FAULTY" : "active with no faults"}\n`;
    });
    return ok(`Printing ring status.\nLocal node ID ${own.nodeId}\n${rings.join("")}`);
  },
};

/** cman_tool on RHEL 6: status and nodes. Source: cman_tool(8). */
export const cmanTool: ShellCommand = {
  names: ["cman_tool", "clustat", "ccs_tool", "clusvcadm"],
  interface: "Corosync",
  run(call) {
    const { twin, read, node, name } = call;
    const cluster = twin.topology.clusters.get(twin.clusters.clusterOf(node) ?? "");
    if (name !== "cman_tool")
      return fail(
        `bash: ${name}: command not found: rgmanager is not on this release, Pacemaker is: use pcs status`,
        127,
      );
    if (cluster?.stack !== "cman")
      return fail("bash: cman_tool: command not found: this release has no cman, use corosync-quorumtool", 127);
    if (!twin.clusters.isStackRunning(read, node))
      return fail("cman_tool: Cannot open connection to cman, is it running ?");
    const members = twin.clusters.members(read, node);
    const verb = call.args.find((arg) => !arg.startsWith("-"));
    if (verb === "nodes")
      return ok(
        `Node  Sts   Inc   Joined               Name\n${cluster.nodes.map((one) => `   ${one.nodeId}   ${members.includes(one.node) ? "M" : "X"}     ${members.includes(one.node) ? 4 : 0}   ${members.includes(one.node) ? "2014-05-13 17:00:00" : "                   "}  ${one.node}\n`).join("")}`,
      );
    if (verb === "status") return ok(statusText(call));
    return call.notModelled(`cman_tool ${call.args.join(" ")}`);
  },
};

function statusText({ twin, read, node }: Call): string {
  const cluster = twin.topology.clusters.get(twin.clusters.clusterOf(node)!)!;
  const members = twin.clusters.members(read, node);
  const isQuorate = twin.clusters.isQuorate(read, node);
  const { twoNode, expectedVotes } = cluster.quorum;
  const quorum = twoNode ? 1 : Math.floor(expectedVotes / 2) + 1;
  return [
    "Version: 6.2.0",
    `Cluster Name: ${cluster.id}`,
    "Cluster Member: Yes",
    "Membership state: Cluster-Member",
    `Nodes: ${members.length}`,
    `Expected votes: ${expectedVotes}`,
    `Total votes: ${members.length}`,
    `Quorum: ${quorum}${isQuorate ? "" : " Activity blocked"}  `,
    `Flags: ${twoNode ? "2node " : ""}`,
    `Node name: ${node}`,
    "",
  ].join("\n");
}
