import { countResources } from "../../../model/cluster/scheduler/print/counts.js";
import { printStatus } from "../../../model/cluster/scheduler/print/status.js";
import type { ClusterState } from "../../../model/cluster/scheduler/state/state.js";
import { unpack } from "../../../model/cluster/scheduler/unpack/unpack.js";
import type { NodeId } from "../../../model/twin/parts.js";
import type { WorldHandle } from "../world-handle.js";
import { clockText } from "./dates.js";
import { failCounts, failedActions } from "./failed-actions.js";

export interface StatusOptions {
  /** Resources that run nowhere are listed too (-r). */
  readonly inactive: boolean;
  readonly failCounts?: boolean;
  readonly nodeAttributes?: boolean;
}

/** The cluster's state as a node's tools read it. */
export function stateAt(handle: WorldHandle, cluster: string, node: NodeId): ClusterState {
  const { clusters } = handle.twin;
  return unpack(clusters.cibOf(handle.run, cluster, node), clusters.epochSeconds(handle.run, cluster));
}

/** What a status says beyond its CIB's configuration and history. */
export interface StatusFacts {
  readonly nowEpochSeconds: number;
  /** The name of the DC; undefined where there is none. */
  readonly dc: string | undefined;
  readonly quorate: boolean;
}

/** The text of `crm_mon -1` on a node. */
export function crmStatus(handle: WorldHandle, cluster: string, node: NodeId, options: StatusOptions): string {
  const { clusters } = handle.twin;
  const facts: StatusFacts = {
    nowEpochSeconds: handle.epochSeconds,
    dc: clusters.dcOf(handle.run, cluster, node),
    quorate: clusters.isQuorate(handle.run, node),
  };
  return statusText(stateAt(handle, cluster, node), facts, options);
}

/** The text of `crm_mon -1` for a cluster's state, in the words of Pacemaker 2.1.5. */
export function statusText(state: ClusterState, facts: StatusFacts, options: StatusOptions): string {
  const lines = [...summary(state, facts), ""];
  const [nodes, resources] = parts(printStatus(state, ""));
  lines.push("Node List:", ...nodes, "");
  if (options.inactive) lines.push("Full List of Resources:", ...resources);
  else lines.push("Active Resources:", ...orNone(activeOnly(resources)));
  const shown = options.nodeAttributes ? attributes(state) : [];
  if (shown.length > 0) lines.push("", "Node Attributes:", ...shown);
  if (options.failCounts) lines.push("", "Migration Summary:", ...failCounts(state));
  const failed = failedActions(state);
  if (failed.length > 0) lines.push("", "Failed Resource Actions:", ...failed);
  return `${lines.join("\n")}\n`;
}

function summary(state: ClusterState, { nowEpochSeconds, dc, quorate }: StatusFacts): string[] {
  const { attrs } = state.cib;
  const stack = state.cib.stack ?? "corosync";
  const version = state.options.all.get("dc-version") ?? "unknown";
  const quorum = quorate ? "partition with quorum" : "partition WITHOUT quorum";
  const origin = attrs["update-origin"];
  const client = attrs["update-client"];
  const by = client === undefined ? "" : ` by ${attrs["update-user"] ?? "root"} via ${client}`;
  const { instances, disabled, blocked } = countResources(state);
  const trouble: string[] = [];
  if (disabled > 0) trouble.push(`${disabled} DISABLED`);
  if (blocked > 0) trouble.push(`${blocked} BLOCKED from further action due to failure`);
  const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"} configured`;
  const lines = [
    "Cluster Summary:",
    `  * Stack: ${stack}`,
    `  * Current DC: ${dc === undefined ? "NONE" : `${dc} (version ${version}) - ${quorum}`}`,
    `  * Last updated: ${clockText(nowEpochSeconds)}`,
    `  * Last change:  ${attrs["cib-last-written"] ?? clockText(nowEpochSeconds)}${by}${origin === undefined ? "" : ` on ${origin}`}`,
    `  * ${plural(state.nodes.length, "node")}`,
    `  * ${plural(instances, "resource instance")}${trouble.length > 0 ? ` (${trouble.join(", ")})` : ""}`,
  ];
  if (state.options.maintenanceMode)
    lines.push(
      "",
      "              *** Resource management is DISABLED ***",
      "  The cluster will not attempt to start, stop or recover services",
    );
  else if (state.options.all.get("stop-all-resources") === "true")
    lines.push("", "    *** Resource management is DISABLED ***", "  The cluster will keep all resources stopped");
  return lines;
}

/** The node list and the resource list of a status, one level less deep than crm_simulate shows them. */
function parts(status: string): [string[], string[]] {
  const nodes: string[] = [];
  const resources: string[] = [];
  let into: string[] = nodes;
  for (const line of status.split("\n")) {
    if (line === "  * Node List:") into = nodes;
    else if (line === "  * Full List of Resources:") into = resources;
    else if (line.startsWith("    ")) into.push(line.slice(2));
  }
  return [nodes, resources];
}

interface Listed {
  readonly line: string;
  readonly children: Listed[];
}

/** Without what runs nowhere; a group says how many of its members it hides. */
function activeOnly(lines: readonly string[]): string[] {
  const roots: Listed[] = [];
  const open: { depth: number; listed: Listed }[] = [];
  for (const line of lines) {
    const depth = line.search(/\S/);
    while (open.length > 0 && open[open.length - 1]!.depth >= depth) open.pop();
    const listed: Listed = { line, children: [] };
    (open[open.length - 1]?.listed.children ?? roots).push(listed);
    open.push({ depth, listed });
  }
  return roots.flatMap(shown);
}

function shown({ line, children }: Listed): string[] {
  if (children.length === 0)
    return /\):\t +Stopped\b|\* Stopped(?: \(disabled\))?: \[/.test(line) || /Set: .*:$/.test(line) ? [] : [line];
  const active = children.map(shown);
  const hidden = active.filter((one) => one.length === 0).length;
  if (hidden === children.length) return [];
  const isGroup = line.includes("Resource Group:");
  const note =
    isGroup && hidden > 0 ? `${line.slice(0, -1)} (${hidden} member${hidden === 1 ? "" : "s"} inactive):` : line;
  return [note, ...active.flat()];
}

function orNone(lines: string[]): string[] {
  return lines.length > 0 ? lines : ["  * No active resources"];
}

function attributes(state: ClusterState): string[] {
  const lines: string[] = [];
  for (const node of state.nodes) {
    const own = [...(state.cib.status.nodes.get(node.name)?.attributes ?? [])].filter(
      ([name]) => !/^(fail-count|last-failure|shutdown|terminate|standby|maintenance)/.test(name),
    );
    if (own.length === 0) continue;
    lines.push(`  * Node: ${node.name}:`);
    for (const [name, value] of own.sort()) lines.push(`    * ${name.padEnd(32)}\t: ${value.padEnd(10)}`);
  }
  return lines;
}

/** The lines of the top-level resources that are wanted, with what they hold. */
export function resourceLines(state: ClusterState, isWanted: (id: string) => boolean): string {
  const [, resources] = parts(printStatus(state, ""));
  const lines: string[] = [];
  let shows = false;
  for (const line of resources) {
    const id = /^ {2}\* (?:Resource Group: |Clone Set: )?([^\s:[(]+)/.exec(line)?.[1];
    if (id !== undefined) shows = isWanted(id);
    if (shows) lines.push(line);
  }
  return lines.length > 0 ? `${lines.join("\n")}\n` : "NO resources configured\n";
}
