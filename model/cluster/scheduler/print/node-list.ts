import { healthWord } from "../constraints/node-health.js";
import type { ClusterState } from "../state/state.js";
import type { Node } from "../state/working.js";
import type { Lines } from "./lines.js";

/** The node list; false where there is nothing to list. */
export function printNodes(state: ClusterState, lines: Lines): boolean {
  const special: string[] = [];
  const online: string[] = [];
  const offline: string[] = [];
  const remoteOnline: string[] = [];
  const remoteOffline: string[] = [];
  const guestOnline: string[] = [];
  for (const node of state.nodes) {
    const status = nodeStatus(node);
    const health = healthWord(state, node);
    if (status === "online" && health === "") {
      (node.isGuest ? guestOnline : node.isRemote ? remoteOnline : online).push(node.name);
    } else if (status === "OFFLINE" && health === "") {
      // A guest that is merely not there is not listed.
      if (!node.isGuest) (node.kind === "remote" ? remoteOffline : offline).push(node.name);
    } else {
      special.push(`${kindWord(node)} ${node.name}: ${status}${health}`);
    }
  }
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["Online", online],
    ["OFFLINE", offline],
    ["RemoteOnline", remoteOnline],
    ["RemoteOFFLINE", remoteOffline],
    ["GuestOnline", guestOnline],
  ];
  if (special.length === 0 && lists.every(([, names]) => names.length === 0)) return false;
  lines.heading(1, "Node List:");
  for (const line of special) lines.add(2, line);
  for (const [word, names] of lists) {
    if (names.length > 0) lines.add(2, `${lines.style === "fancy" ? `${word}: ` : ""}[ ${names.join(" ")} ]`);
  }
  return true;
}

function kindWord(node: Node): string {
  return node.isGuest ? "GuestNode" : node.kind === "remote" ? "RemoteNode" : "Node";
}

/** A node's state in Pacemaker's words. */
export function nodeStatus(node: Node): string {
  if (node.unclean) return node.online ? "UNCLEAN (online)" : node.pending ? "UNCLEAN (pending)" : "UNCLEAN (offline)";
  if (node.pending) return "pending";
  if (node.standbyOnFail && node.online) return "standby (on-fail)";
  if (node.standby) {
    if (!node.online) return "OFFLINE (standby)";
    return node.running.length > 0 ? "standby (with active resources)" : "standby";
  }
  if (node.maintenance) return node.online ? "maintenance" : "OFFLINE (maintenance)";
  return node.online ? "online" : "OFFLINE";
}
