import { ok } from "../../command.js";
import { isOldPcs } from "../../pacemaker.js";
import { configText } from "../../text/config-text.js";
import { crmStatus, resourceLines, stateAt } from "../../text/crm-status.js";
import { daemonStatus } from "../../text/daemon-status.js";
import { quorumText } from "../../text/quorum-text.js";
import { type PcsVerb, pcsHere } from "./pcs-verb.js";

/** `pcs status [resources|nodes|…]`. The text is crm_mon's, as pcs itself shows it. */
export const status: PcsVerb = (pcs) => {
  const { call, words } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const { cluster } = found;
  const { handle, node, twin, read } = call;
  const [what, ...more] = words;
  const isFull = words.includes("--full");
  if (what === undefined || what === "--full" || what === "status" || what === "cluster") {
    const text = crmStatus(handle, cluster, node, { inactive: true, failCounts: isFull, nodeAttributes: isFull });
    if (what === "cluster") return ok(`Cluster Status:\n ${text.split("\n\n")[0]!.split("\n").slice(1).join("\n ")}\n`);
    return ok(`Cluster name: ${cluster}\n${text}\n${daemonStatus(call)}`);
  }
  if (more.some((word) => word.startsWith("--"))) return call.notModelled(`pcs status ${words.join(" ")}`);
  switch (what) {
    case "resources":
      return ok(resourceLines(stateAt(handle, cluster, node), (id) => more.length === 0 || more.includes(id)));
    case "nodes": {
      const shown = twin.clusters.status(read, cluster, node);
      const are = (test: RegExp) =>
        [...(shown?.nodes ?? [])].filter(([, state]) => test.test(state)).map(([name]) => ` ${name}`);
      return ok(
        `Pacemaker Nodes:\n Online:${are(/^online/).join("")}\n Standby:${are(/^standby/).join("")}\n Maintenance:${are(/^maintenance/).join("")}\n Offline:${are(/^(offline|unclean offline)/i).join("")}\n`,
      );
    }
    case "corosync":
    case "quorum":
      return isOldPcs(call, cluster) ? call.notModelled(`pcs status ${what} on cman`) : ok(quorumText(call));
    case "groups":
      return ok(
        stateAt(handle, cluster, node)
          .resources.filter(({ variant }) => variant === "group")
          .map(({ id, children }) => `${id}: ${children.map((child) => child.id).join(" ")}\n`)
          .join(""),
      );
    default:
      return call.notModelled(`pcs status ${words.join(" ")}`);
  }
};

/** `pcs config`. */
export const config: PcsVerb = (pcs) => {
  const { call, words } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  if (words.length > 0 && words[0] !== "show") return call.notModelled(`pcs config ${words.join(" ")}`);
  return ok(configText(found.cluster, found.cib));
};
