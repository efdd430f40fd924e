import type { Instant } from "../../kernel/index.js";
import type { ClusterCore, NodeCells } from "../core.js";
import { withAttributes, withEntry } from "../status/edit.js";

/** The attribute daemons (attrd): each node's transient attributes, which its partition sees in the CIB. */
export class Attributes {
  readonly #core: ClusterCore;
  readonly #abort: (instant: Instant, dc: NodeCells, reason: string) => void;

  constructor(core: ClusterCore, abort: (instant: Instant, dc: NodeCells, reason: string) => void) {
    this.#core = core;
    this.#abort = abort;
  }

  /** The attribute daemon of a node sets (or, undefined, removes) one of its transient attributes. */
  set(instant: Instant, node: NodeCells, name: string, value: string | undefined, reason: string): void {
    this.change(instant, node, new Map([[name, value]]), reason);
  }

  /** Several at once. Without a reason the DC is not told: somebody else tells it. */
  change(instant: Instant, node: NodeCells, changes: ReadonlyMap<string, string | undefined>, reason?: string): void {
    const core = this.#core;
    let attributes = instant.get(node.attributes);
    for (const [name, value] of changes) attributes = withEntry(attributes, name, value);
    if (attributes === instant.get(node.attributes)) return;
    instant.set(node.attributes, attributes);
    const from = core.isControllerUp(instant, node) ? node : undefined;
    if (!from) return;
    core.writeCib(instant, from, (cib) => withAttributes(cib, node.member.id, node.name, attributes));
    const dc = core.dcCells(instant, node);
    if (dc && reason !== undefined) this.#abort(instant, dc, reason);
  }

  /** Fail-counts and last failures of a resource (or of all) on a node are forgotten. */
  clearFailCounts(instant: Instant, node: NodeCells, resource: string | undefined): void {
    const changes = new Map<string, undefined>();
    for (const name of instant.get(node.attributes).keys())
      if (/^(fail-count|last-failure)-/.test(name)) {
        const of = name.replace(/^(fail-count|last-failure)-/, "").replace(/#.*$/, "");
        if (resource === undefined || of === resource) changes.set(name, undefined);
      }
    this.change(instant, node, changes);
  }
}
