import type { Blueprint, Cell, Instant, Reader } from "../../kernel/index.js";
import type { Topology } from "../../topology/types.js";
import type { Files, NodeId } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import { must } from "../unknown-name.js";

/** What differs from the topology's files: the new text, or null where a file was removed. Compared by identity. */
export type FileChanges = ReadonlyMap<string, string | null>;

export interface FilesPart extends Files {
  /**
   * Gives a path its own cell (while building), so that whoever reads it is woken by it alone. For files that processes
   * write while they run, such as a Dummy's state file.
   */
  declare(node: NodeId, path: string): void;
  /** All that differs now; a service keeps it as the configuration that it has read. */
  changes(read: Reader, node: NodeId): FileChanges;
  /** The text at a path under such a set of changes. */
  textUnder(changes: FileChanges, node: NodeId, path: string): string | undefined;
}

const NONE: FileChanges = new Map();

/** Gone with a boot: memory file systems, and what RHEL 6 clears. */
const VOLATILE = /^\/(run|tmp|dev\/shm)\//;

/** /var/run and /var/lock are the same places as /run and /run/lock. */
export function canonicalPath(path: string): string {
  return path.replace(/^\/var\/(run|lock)(?=\/|$)/, (_, name) => (name === "run" ? "/run" : "/run/lock"));
}

/** A file system in memory for each node: the topology's files, and what changed since. */
export function buildFiles(blueprint: Blueprint, topology: Topology, hosts: HostsPart): FilesPart {
  const changed = new Map(hosts.nodes.map((id) => [id, blueprint.cell<FileChanges>(`files/${id}`, NONE)]));
  const declared = new Map<NodeId, Map<string, Cell<string | null | undefined>>>();

  const cellOf = (node: NodeId) => must(changed, node, "node", "nodes");
  const original = (node: NodeId, path: string) => topology.nodes.get(node)?.files.get(path)?.text;

  function put(instant: Instant, node: NodeId, given: string, text: string | null): void {
    const path = canonicalPath(given);
    const own = declared.get(node)?.get(path);
    if (own !== undefined) {
      instant.set(own, text);
      return;
    }
    const next = new Map(instant.get(cellOf(node)));
    // Back to what the topology says: no difference is left.
    if (text === (original(node, path) ?? null)) next.delete(path);
    else next.set(path, text);
    instant.set(cellOf(node), next.size > 0 ? next : NONE);
  }

  hosts.onLost((instant, node) => {
    for (const [path, cell] of declared.get(node) ?? []) if (VOLATILE.test(path)) instant.set(cell, null);
    const before = instant.get(cellOf(node));
    const after = new Map([...before].filter(([path]) => !VOLATILE.test(path)));
    if (after.size < before.size) instant.set(cellOf(node), after.size > 0 ? after : NONE);
  });

  const files: FilesPart = {
    read(read, node, given) {
      const path = canonicalPath(given);
      const own = declared.get(node)?.get(path);
      if (own === undefined) return files.textUnder(read.get(cellOf(node)), node, path);
      const text = read.get(own);
      return text === undefined ? original(node, path) : (text ?? undefined);
    },
    list(read, node) {
      const paths = new Set(topology.nodes.get(node)?.files.keys() ?? []);
      for (const [path, text] of read.get(cellOf(node))) text === null ? paths.delete(path) : paths.add(path);
      for (const [path, cell] of declared.get(node) ?? []) {
        const text = read.get(cell);
        if (text === null) paths.delete(path);
        else if (text !== undefined) paths.add(path);
      }
      return [...paths].sort();
    },
    write: put,
    remove: (instant, node, path) => put(instant, node, path, null),
    declare(node, given) {
      const path = canonicalPath(given);
      const own = declared.get(node) ?? new Map<string, Cell<string | null | undefined>>();
      declared.set(node, own);
      if (!own.has(path)) own.set(path, blueprint.cell(`file/${node}:${path}`, undefined));
    },
    changes: (read, node) => read.get(cellOf(node)),
    textUnder(changes, node, path) {
      const text = changes.get(path);
      return text === undefined ? original(node, path) : (text ?? undefined);
    },
  };
  return files;
}
