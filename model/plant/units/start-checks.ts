import { InputError } from "../../errors.js";
import { importFile } from "../../importers/index.js";
import type { Reader } from "../../kernel/index.js";
import type { Topology } from "../../topology/types.js";
import type { NodeId } from "../../twin/parts.js";
import type { FilesPart } from "../files/index.js";

/**
 * A file that its service could not parse fails its start. The topology's own files were read when it was loaded, so
 * only those that changed since are looked at. What is well-formed and wrong is found by whoever uses it.
 */
export function parsesItsFiles(topology: Topology, files: FilesPart) {
  return (read: Reader, node: NodeId, unit: string): string | undefined => {
    const changes = files.changes(read, node);
    if (changes.size === 0) return undefined;
    for (const path of topology.services.get(`${unit}@${node}`)?.files ?? []) {
      const text = changes.get(path);
      const reason = text === undefined || text === null ? undefined : whyUnreadable(path, text);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

const remembered = new Map<string, string | undefined>();
const REMEMBERED_MAX = 500;

function whyUnreadable(path: string, text: string): string | undefined {
  const key = `${path}\n${text}`;
  if (remembered.has(key)) return remembered.get(key);
  let reason: string | undefined;
  try {
    importFile(path, text, path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    reason = error.message;
  }
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(key, reason);
  return reason;
}
