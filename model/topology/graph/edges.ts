import type { Edge, EdgeKind, TopologyGraph, VertexKind } from "../graph.js";

export function vertexKey(kind: VertexKind, id: string): string {
  return `${kind}/${id}`;
}

/** Adds a vertex unless it is there; returns its key. */
export function vertex(graph: TopologyGraph, kind: VertexKind, id: string): string {
  const key = vertexKey(kind, id);
  if (!graph.hasNode(key)) graph.addNode(key, { kind, id });
  return key;
}

/** Alternatives: `atLeast` of the group's edges must stand. */
export interface Group {
  readonly group: string;
  readonly atLeast?: number;
}

/** From a thing to what must stand for it, by itself or as one of a group. */
export function carries(graph: TopologyGraph, kind: EdgeKind, from: string, to: string, group?: Group): void {
  add(graph, kind, from, to, {
    kind,
    carries: true,
    ...(group === undefined ? {} : { group: group.group, atLeast: group.atLeast ?? 1 }),
  });
}

/** An edge that failures do not follow. */
export function relates(graph: TopologyGraph, kind: EdgeKind, from: string, to: string): void {
  add(graph, kind, from, to, { kind, carries: false });
}

/** Edge keys are made of names alone: graphology's own would start at a random byte. */
function add(graph: TopologyGraph, kind: EdgeKind, from: string, to: string, edge: Edge): void {
  if (!graph.hasNode(from) || !graph.hasNode(to)) return;
  const base = `${kind}:${from}>${to}`;
  const key = edge.group === undefined ? base : `${base}#${edge.group}`;
  if (!graph.hasEdge(key)) graph.addDirectedEdgeWithKey(key, from, to, edge);
}
