import type { Cib, XmlElement } from "../../model/cluster/cib/types.js";
import { findResource, primitivesIn } from "../../model/cluster/configuration/edit.js";
import type { NodeId } from "../../model/twin/parts.js";
import { type Call, fail, type Result } from "./command.js";

/** The cluster of the node where a command is typed. */
export interface Here {
  readonly cluster: string;
  readonly cib: Cib;
  readonly nodes: readonly NodeId[];
}

/** What Pacemaker's tools find on the node; a failure in their words where it does not run or is no part of a cluster. */
export function here({ twin, read, node }: Call, refusal: string): Here | { readonly failed: Result } {
  const cluster = twin.clusters.clusterOf(node);
  if (cluster === undefined) return { failed: fail("command not found", 127) };
  if (!isUp({ twin, read }, node)) return { failed: fail(refusal, 1) };
  return { cluster, cib: twin.clusters.cibOf(read, cluster, node), nodes: twin.clusters.nodesOf(cluster) };
}

/** Pacemaker answers on a node: its controller runs and the node executes. */
export function isUp({ twin, read }: Pick<Call, "twin" | "read">, node: NodeId): boolean {
  return twin.hosts.isRunning(read, node) && twin.clusters.controllerState(read, node) !== "stopped";
}

export function hasResource(cib: Cib, id: string): boolean {
  return findResource(cib, id) !== undefined;
}

/** The primitives of a resource; the resource itself where it is one. */
export function primitivesOf(cib: Cib, id: string): readonly string[] {
  const found = findResource(cib, id);
  return found === undefined ? [] : primitivesIn(found);
}

/** Nodes where the cluster believes a resource (or its last part) to be active. */
export function activeOn({ twin, read, node }: Call, cluster: string, cib: Cib, id: string): readonly NodeId[] {
  const last = primitivesOf(cib, id).at(-1) ?? id;
  return twin.clusters
    .resourceState(read, cluster, last, node)
    .places.filter(({ role }) => role !== "Stopped")
    .map((place) => place.node);
}

export function section(cib: Cib, name: string): readonly XmlElement[] {
  return cib.configuration.children.find((one) => one.name === name)?.children ?? [];
}

/** Waits until the cluster has nothing left to do; false where it has not in time. */
export function waitSettled({ handle, twin, read }: Call, cluster: string, timeoutMs: number): boolean {
  // What was just asked for is decided a moment later: the cluster still looks settled at the first instant.
  handle.advance(100);
  return handle.advanceUntil(() => twin.clusters.isSettled(read, cluster), timeoutMs) === "held";
}

/** `60`, `60s`, `2min`, `5m`, `1h` in milliseconds; undefined for what is no duration. */
export function spanMs(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(ms|msec|s|sec|m|min|h|hr|d)?$/.exec(text.trim());
  if (!found) return undefined;
  const unit = { ms: 1, msec: 1, m: 60_000, min: 60_000, h: 3_600_000, hr: 3_600_000, d: 86_400_000 }[found[2] ?? "s"];
  return Number(found[1]) * (unit ?? 1_000);
}

/** pcs 0.9 drives cman and RHEL 6; 0.10 and later corosync 3. */
export function isOldPcs({ twin }: Pick<Call, "twin">, cluster: string): boolean {
  return twin.topology.clusters.get(cluster)?.stack === "cman";
}
