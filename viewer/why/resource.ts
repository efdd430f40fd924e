import type { Cib, XmlElement } from "../../model/cluster/cib/types.js";
import type { TraceEntry } from "../../model/kernel/index.js";
import { type Placed, placedIn, whyStopped } from "../../scenarios/bare-cib/why-stopped.js";
import { momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import type { CauseGraph } from "./chain.js";
import type { Explanation, Standstill } from "./explain.js";
import { chainLines } from "./tell.js";

/** A resource of some cluster, with the primitives that it is or holds. */
export interface FoundResource {
  readonly cluster: string;
  readonly id: string;
  readonly primitives: readonly string[];
}

/** The resource that a name means: `vip-db`, `db/vip-db` or `resource/db/vip-db`; undefined where none has that id. */
export function findResource({ twin, world }: Standstill, wanted: string): FoundResource | undefined {
  const name = wanted.replace(/^resource\//, "");
  for (const cluster of twin.clusters.ids) {
    const id = name.startsWith(`${cluster}/`) ? name.slice(cluster.length + 1) : name;
    const element = withId(twin.clusters.cibOf(world, cluster), id);
    if (element) return { cluster, id, primitives: primitivesUnder(element) };
  }
  return undefined;
}

/**
 * Why a resource is where it is, or nowhere: each of its primitives with its place and since when, the constraint that
 * keeps it down, and the causes of the last change.
 */
export function explainResource(
  { cluster, id, primitives }: FoundResource,
  atMs: number,
  graph: CauseGraph,
  { twin, world }: Standstill,
): Explanation {
  const { clusters } = twin;
  // A node's own copy of the CIB says what runs there: another partition's may have stood still since it was lost.
  const placesOf = (primitive: string) =>
    clusters.nodesOf(cluster).flatMap((asked) => {
      const viewer = clusters.isStackRunning(world, asked) ? asked : undefined;
      return clusters
        .resourceState(world, cluster, primitive, viewer)
        .places.filter(
          ({ role, node }) =>
            node === asked && role !== "Stopped" && role !== "Unknown" && twin.hosts.isRunning(world, node),
        );
    });
  const waitsFor = (primitive: string, node: string) => {
    const itsDc = clusters.dcOf(world, cluster, node);
    const stuck = itsDc === undefined ? [] : (clusters.decisionOf(world, itsDc)?.stuck ?? []);
    return stuck.find(({ action }) => action === `${primitive}_stop_0 on ${node}`)?.awaits;
  };
  const placed = placedIn(world, twin, cluster, (primitive) => placesOf(primitive).map(({ node }) => node));
  const lines = [`resource/${cluster}/${id} at ${momentText(atMs)}`, ""];
  let latest: TraceEntry | undefined;
  for (const primitive of primitives) {
    const told = placed.nodes.flatMap((node) => graph.lastOf(`resource/${cluster}/${primitive}@${node}`, atMs) ?? []);
    const last = told.reduce<TraceEntry | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);
    if (last && (!latest || last.id > latest.id)) latest = last;
    const places = placesOf(primitive);
    for (const { node, role } of places) {
      const entry = graph.lastOf(`resource/${cluster}/${primitive}@${node}`, atMs);
      const since = !entry || entry.atMs < 0 ? "since before the start" : `since ${momentText(entry.atMs)}`;
      lines.push(`  ✓ ${primitive}: ${role.toLowerCase()} on ${node}  (${since})`);
      const awaits = waitsFor(primitive, node);
      if (awaits !== undefined)
        lines.push(`      it should stop and never does: that waits for ${awaits}, which is not to be done`);
    }
    if (places.length === 0) lines.push(`  ✗ ${downText(placed, primitive, clusters.isSettled(world, cluster))}`);
  }
  if (latest && latest.atMs >= 0)
    lines.push("", "last changed", ...chainLines(graph.backFrom(latest.id)).map((line) => `  ${line}`));
  else lines.push("", "It has been so since before the start.");
  return { subject: `resource/${cluster}/${id}`, atMs, lines: lines.map(escapeTerminal) };
}

/** What binds it; a cluster that is still at work may not have come to it yet. */
function downText(placed: Placed, primitive: string, isSettled: boolean): string {
  const reasons = whyStopped(placed, primitive);
  const nothingBinds = reasons.length === 1 && reasons[0]!.endsWith("the scheduler leaves it so");
  return nothingBinds && !isSettled ? `${primitive} is not started: the cluster is at work on it` : reasons.join("; ");
}

const RESOURCE = /^(primitive|group|clone|master|bundle)$/;

function withId({ configuration }: Cib, id: string): XmlElement | undefined {
  const search = (element: XmlElement): XmlElement | undefined => {
    if (RESOURCE.test(element.name) && element.attrs["id"] === id) return element;
    for (const child of element.children) {
      const found = search(child);
      if (found) return found;
    }
    return undefined;
  };
  const resources = configuration.children.find(({ name }) => name === "resources");
  return resources && search(resources);
}

function primitivesUnder(element: XmlElement): readonly string[] {
  if (element.name === "primitive") return [element.attrs["id"] ?? ""];
  return element.children.filter(({ name }) => RESOURCE.test(name)).flatMap(primitivesUnder);
}
