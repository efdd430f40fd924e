import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { Cib } from "../cib/types.js";
import type { NodeCells } from "../core.js";
import type { ClusterRuntime } from "../index.js";

/** A node that somebody types on, and its cluster. */
export interface Found {
  readonly runtime: ClusterRuntime;
  readonly node: NodeCells;
}

/** A command as it is told in the trace. */
export interface Command {
  readonly subject: string;
  readonly what: string;
  /** What somebody types. */
  readonly text: string;
}

/** How commands come to the clusters: told in the trace, and carried out on its account. */
export class Commands {
  readonly #runtimes: ReadonlyMap<string, ClusterRuntime>;

  constructor(runtimes: ReadonlyMap<string, ClusterRuntime>) {
    this.#runtimes = runtimes;
  }

  find(name: NodeId): Found {
    for (const runtime of this.#runtimes.values()) {
      const node = runtime.core.byName.get(name);
      if (node) return { runtime, node };
    }
    throw new Error(`"${name}" is a node of no cluster`);
  }

  /** The cluster of a node, as a subject of the trace. */
  clusterOf(at: NodeId): string {
    return `cluster/${this.find(at).runtime.core.id}`;
  }

  /** A resource of a node's cluster, as a subject of the trace. */
  resourceOf(at: NodeId, resource: string): string {
    return `resource/${this.find(at).runtime.core.id}/${resource}`;
  }

  /** Tells the command and, where the tools can reach the cluster from there, carries it out on its account. */
  run(
    instant: Instant,
    at: NodeId,
    { subject, what, text }: Command,
    body: (found: Found, entry: number) => void,
  ): number {
    const found = this.find(at);
    const { core } = found.runtime;
    const reaches = core.isControllerUp(instant, found.node) && core.isAwake(instant, found.node);
    const why = reaches ? "" : `: could not connect, the cluster does not run on ${at}`;
    const entry = instant.note({ kind: "operator", subject, what, text: `${text}${why}` });
    if (reaches) instant.because(entry, () => body(found, entry));
    return entry;
  }

  /** Tells what somebody does to a node's own processes and does it, whether a cluster can be reached or not. */
  onNode(instant: Instant, name: NodeId, what: string, text: string, body: (found: Found) => void): number {
    const found = this.find(name);
    const entry = instant.note({ kind: "operator", subject: `node/${name}`, what, text });
    instant.because(entry, () => body(found));
    return entry;
  }
}

/** Changes the configuration and has the DC look. */
export function configure(instant: Instant, { runtime, node }: Found, change: (cib: Cib) => Cib, why: string): void {
  if (!runtime.core.writeCib(instant, node, change, true)) return;
  const dc = runtime.core.dcCells(instant, node);
  // Maintenance makes the DC rewrite the state of every node.
  if (dc) runtime.controller.abort(instant, dc, why, { updatesPending: /^maintenance/.test(why) });
}
