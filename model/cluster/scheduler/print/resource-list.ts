import { withoutNumber } from "../state/names.js";
import type { ClusterState } from "../state/state.js";
import { F, type Node, type Resource, Role, roleNames } from "../state/working.js";
import { parseRole } from "../unpack/resource-properties.js";
import { printBundle } from "./bundle-text.js";
import { countedNodes, isPartlyActive, printClone } from "./clone-text.js";
import { isDisabled } from "./counts.js";
import { failedProbeWord } from "./failed-probe.js";
import type { Lines } from "./lines.js";

/** One resource with what it holds, as the status lists it. */
export function printResource(state: ClusterState, resource: Resource, lines: Lines, level: number): void {
  switch (resource.variant) {
    case "primitive":
      if (isHidden(resource)) return;
      lines.add(level, primitiveText(state, resource, printedName(resource), shownNode(resource), lines.pending));
      break;
    case "group":
      if (isNowhere(resource)) return;
      printGroup(state, resource, lines, level);
      break;
    case "clone":
      if (isNowhere(resource)) return;
      printClone(state, resource, lines, level);
      break;
    case "bundle":
      printBundle(state, resource, lines, level);
      break;
  }
}

/** Connections that the cluster made for guest nodes, and orphans that are gone. */
function isHidden(resource: Resource): boolean {
  if (resource.meta.get("internal_rsc") === "true") return true;
  return resource.is(F.Orphan) && resource.role <= Role.Stopped && resource.parent === undefined;
}

/** Active, but nowhere that counts: such a group or clone is not listed. */
function isNowhere(resource: Resource): boolean {
  return isPartlyActive(resource) && countedNodes(resource).length === 0;
}

function printGroup(state: ClusterState, group: Resource, lines: Lines, level: number): void {
  const flags: string[] = [];
  if (!group.is(F.Managed)) flags.push("unmanaged");
  if (isDisabled(group)) flags.push("disabled");
  lines.heading(level, `Resource Group: ${group.id}${inParentheses(flags)}:`);
  for (const member of group.children) printResource(state, member, lines, level + 1);
}

export function inParentheses(flags: readonly string[]): string {
  return flags.length === 0 ? "" : ` (${flags.join(", ")})`;
}

/** Instances of anonymous clones are shown without their number. */
export function printedName(resource: Resource): string {
  if (resource.is(F.Unique)) return resource.id;
  return withoutNumber(resource.id);
}

/** The one node it is active on, or on which something is pending; none where it is active on several. */
function shownNode(resource: Resource): Node | undefined {
  if (resource.runningOn.length > 1) return undefined;
  return resource.runningOn[0] ?? resource.pendingNode ?? resource.lockNode;
}

/** `dummy	(ocf:heartbeat:Dummy):	 Started node1 (disabled)` */
export function primitiveText(
  state: ClusterState,
  resource: Resource,
  name: string,
  node: Node | undefined,
  pending: boolean,
): string {
  const provider = resource.agentProvider === undefined ? "" : `${resource.agentProvider}:`;
  let text = `${name}\t(${resource.agentClass}:${provider}${resource.agentType}):\t`;
  if (resource.is(F.Orphan)) text += " ORPHANED";
  text += ` ${stateText(resource, pending)}`;
  if (node) text += ` ${node.name}`;
  if (resource.role < Role.Started && !resource.is(F.Failed)) {
    const word = failedProbeWord(state, resource, node);
    if (word !== undefined) text += ` (${word}) `;
  }
  text += inParentheses(flagsOf(resource, node, pending));
  if (resource.runningOn.length > 1) text += ` [ ${resource.runningOn.map((n) => n.name).join(" ")} ]`;
  return text;
}

function stateText(resource: Resource, pending: boolean): string {
  const role = shownRole(resource);
  if (resource.is(F.Failed)) return role > Role.Unpromoted ? `FAILED ${roleNames[role]}` : "FAILED";
  return (pending ? pendingState(resource) : undefined) ?? roleNames[role];
}

/** A promotable resource that runs and is not promoted is unpromoted, whatever its operations were called. */
function shownRole(resource: Resource): Role {
  if (resource.role === Role.Started && resource.top.is(F.Promotable)) return Role.Unpromoted;
  return resource.role;
}

function pendingState(resource: Resource): string | undefined {
  switch (resource.pendingTask) {
    case "start":
      return "Starting";
    case "stop":
      return "Stopping";
    case "migrate_to":
    case "migrate_from":
      return "Migrating";
    case "promote":
      return "Promoting";
    case "demote":
      return "Demoting";
    default:
      return undefined;
  }
}

function flagsOf(resource: Resource, node: Node | undefined, pending: boolean): string[] {
  const flags: string[] = [];
  if (node && !node.online && node.unclean) flags.push("UNCLEAN");
  if (node && resource.lockNode === node) flags.push("LOCKED");
  if (pending && resource.pendingTask === "monitor") flags.push("Monitoring");
  const target = parseRole(resource.meta.get("target-role"));
  if (target === Role.Stopped) flags.push("disabled");
  else if (target === Role.Unpromoted && resource.top.is(F.Promotable)) {
    flags.push(`target-role:${resource.meta.get("target-role")}`);
  }
  if (resource.is(F.Blocked)) flags.push("blocked");
  else if (!resource.is(F.Managed)) flags.push("unmanaged");
  if (resource.is(F.FailureIgnored)) flags.push("failure ignored");
  return flags;
}
