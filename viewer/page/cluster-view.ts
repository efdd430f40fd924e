import type { Cib } from "../../model/cluster/cib/types.js";
import { settingsOf } from "../../model/cluster/configuration/settings.js";
import type { Decision, Scheduler } from "../../model/cluster/scheduler/interface.js";
import { roleOf } from "../../model/cluster/status/resource-role.js";
import type { Reader } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import type { ClusterData, DecisionData, NodeWords, PlaceData } from "./page-data.js";

/** The same scheduler, asked for its scores each time: what "why here?" shows. Decisions are the same. */
export function withScores(scheduler: Scheduler): Scheduler {
  return { name: scheduler.name, decide: (cib, options) => scheduler.decide(cib, { ...options, withScores: true }) };
}

export function clusterData(twin: Twin, read: Reader): ClusterData[] {
  return twin.clusters.ids.map((id) => ({
    id,
    nodes: twin.clusters.nodesOf(id),
    resources: [...settingsOf(twin.clusters.cibOf(read, id)).primitives.values()].map((one) => ({
      id: one.id,
      agent: [one.class, one.provider, one.type].filter(Boolean).join(":"),
      parents: one.parents,
    })),
  }));
}

/** Where every resource of a cluster is: what the DC's CIB says, and what is there in truth. Only what is not plainly stopped. */
export function placesOf(twin: Twin, read: Reader, cluster: string, atMs: number): PlaceData[] {
  const cib = twin.clusters.cibOf(read, cluster);
  const believed = believedPlaces(cib);
  const found: PlaceData[] = [];
  for (const { id, class: kind } of settingsOf(cib).primitives.values())
    for (const node of twin.clusters.nodesOf(cluster)) {
      const belief = believed.get(`${id}@${node}`);
      const active = kind === "stonith" ? undefined : isThere(twin, read, cluster, id, node);
      if (!belief && !active) continue;
      found.push({
        atMs,
        cluster,
        resource: id,
        node,
        role: belief?.role ?? "Stopped",
        failed: belief?.failed ?? false,
        ...(active !== undefined && { active }),
      });
    }
  return found;
}

interface Belief {
  readonly role: string;
  readonly failed: boolean;
}

const remembered = new WeakMap<Cib["status"], ReadonlyMap<string, Belief>>();

/** By `resource@node`, what the operation history says, where it is anything but stopped in order. */
function believedPlaces(cib: Cib): ReadonlyMap<string, Belief> {
  let found = remembered.get(cib.status);
  if (!found) {
    const places = new Map<string, Belief>();
    const { primitives } = settingsOf(cib);
    for (const [node, state] of cib.status.nodes)
      for (const [name, history] of state.resources) {
        const { role, failed } = roleOf(history);
        if (role === "Stopped" && !failed) continue;
        const id = name.replace(/:\d+$/, "");
        const promotable = primitives.get(id)?.meta.get("promotable") === "true";
        places.set(`${id}@${node}`, { role: promotable && role === "Started" ? "Unpromoted" : role, failed });
      }
    found = places;
    remembered.set(cib.status, found);
  }
  return found;
}

function isThere(twin: Twin, read: Reader, cluster: string, resource: string, node: string): boolean {
  if (!twin.hosts.isRunning(read, node)) return false;
  const { rc } = twin.agents.agentFor(cluster, resource).monitor(read, node);
  return rc === 0 || rc === 8;
}

/** What a cluster says of each of its nodes, beyond their power. */
export function nodeWords(twin: Twin, read: Reader, cluster: string, atMs: number): NodeWords[] {
  const { clusters, hosts } = twin;
  const dc = clusters.dcOf(read, cluster);
  const cib = clusters.cibOf(read, cluster);
  const permanent = settingsOf(cib).nodeAttributes;
  const members = dc === undefined ? [] : clusters.members(read, dc);
  const unclean = dc === undefined ? [] : (clusters.decisionOf(read, dc)?.unclean ?? []);
  return clusters.nodesOf(cluster).map((node) => {
    const is = (name: string) => {
      const value = cib.status.nodes.get(node)?.attributes.get(name) ?? permanent.get(node)?.get(name);
      return value === "on" || value === "true" || value === "1";
    };
    const words: string[] = [];
    if (node === dc) words.push("DC");
    if (is("standby")) words.push("standby");
    if (is("maintenance")) words.push("maintenance");
    const isMember = members.includes(node);
    if (!isMember && unclean.includes(node)) words.push("unclean");
    if (!clusters.isStackRunning(read, node)) words.push("cluster stopped");
    else if (!isMember) words.push("not a member");
    if (clusters.isStackRunning(read, node) && hosts.isRunning(read, node) && !clusters.isQuorate(read, node))
      words.push("no quorum");
    return { atMs, cluster, node, words };
  });
}

/** A decision with its last score for each instance on each node, as an assignment left it. */
export function decisionData(
  decision: Decision,
  of: { readonly atMs: number; readonly cluster: string; readonly by: string; readonly entry: number },
  nodes: readonly string[],
): DecisionData {
  const byInstance = new Map<string, (number | null)[]>();
  for (const { instance, node, score } of decision.scores) {
    const column = nodes.indexOf(node);
    if (column < 0) continue;
    let row = byInstance.get(instance);
    if (!row) {
      row = nodes.map(() => null);
      byInstance.set(instance, row);
    }
    row[column] = score;
  }
  return {
    ...of,
    nodes,
    scores: [...byInstance].map(([instance, on]) => ({ instance, on })),
    reasons: decision.reasons,
    summary: decision.summary,
  };
}
