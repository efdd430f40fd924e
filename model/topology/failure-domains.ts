import type { TopologyGraph } from "./graph.js";

/** A vertex that is lost, and the lost vertex that took it with it (none for what was lost first). */
export interface Loss {
  readonly vertex: string;
  readonly because: string | undefined;
}

/**
 * What is lost when some vertices are: everything that stands on them and has no alternative left, in the order in
 * which it falls. This reads the design alone: failover takes no time here, and a cluster keeps what it can move.
 * Throws a RangeError for a vertex that the graph does not have.
 */
export function lostWith(graph: TopologyGraph, first: readonly string[]): readonly Loss[] {
  const losses = new Map<string, Loss>();
  const queue: string[] = [];
  const lose = (vertex: string, because: string | undefined) => {
    if (losses.has(vertex)) return;
    losses.set(vertex, { vertex, because });
    queue.push(vertex);
  };
  for (const vertex of first) {
    if (!graph.hasNode(vertex)) throw new RangeError(`no such vertex: ${vertex}`);
    lose(vertex, undefined);
  }
  for (let at = 0; at < queue.length; at++) {
    const lost = queue[at]!;
    for (const edge of graph.inEdges(lost)) {
      const { carries, group, atLeast } = graph.getEdgeAttributes(edge);
      const dependant = graph.source(edge);
      if (!carries || losses.has(dependant)) continue;
      if (group === undefined || standing(graph, dependant, group, losses) < (atLeast ?? 1)) lose(dependant, lost);
    }
  }
  return [...losses.values()];
}

/** How many of a group's alternatives are not lost. */
function standing(graph: TopologyGraph, vertex: string, group: string, losses: ReadonlyMap<string, Loss>): number {
  return graph.outEdges(vertex).filter((edge) => {
    const attributes = graph.getEdgeAttributes(edge);
    return attributes.carries && attributes.group === group && !losses.has(graph.target(edge));
  }).length;
}

/** Vertices whose loss alone takes a given one with them, nearest kinds of thing only: where to look for redundancy. */
export function singlePointsOf(graph: TopologyGraph, vertex: string): readonly string[] {
  if (!graph.hasNode(vertex)) throw new RangeError(`no such vertex: ${vertex}`);
  return below(graph, vertex).filter((other) => lostWith(graph, [other]).some((loss) => loss.vertex === vertex));
}

/** Everything that a vertex stands on, however far down. */
function below(graph: TopologyGraph, vertex: string): string[] {
  const seen = new Set<string>();
  const open = [vertex];
  while (open.length > 0) {
    const here = open.pop()!;
    for (const edge of graph.outEdges(here)) {
      const target = graph.target(edge);
      if (!graph.getEdgeAttribute(edge, "carries") || seen.has(target) || target === vertex) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return [...seen].sort();
}
