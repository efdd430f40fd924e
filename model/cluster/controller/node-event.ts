import type { EventType, Instant } from "../../kernel/index.js";
import type { ClusterCore, NodeCells } from "../core.js";

export interface NodePayload {
  readonly node: number;
}

/** Declares an event that concerns one node; a frozen node gets it when it is thawed. */
export function nodeEvent<P extends NodePayload>(
  core: ClusterCore,
  name: string,
  handle: (instant: Instant, node: NodeCells, payload: P) => void,
  how: { readonly repeats?: boolean } = {},
): EventType<P> {
  const handler = (instant: Instant, payload: P) => {
    const node = core.nodes[payload.node]!;
    if (core.defers(instant, node, type, payload)) return;
    handle(instant, node, payload);
  };
  const type: EventType<P> = core.blueprint.event(`cluster/${core.id}/${name}`, handler, how);
  return type;
}
