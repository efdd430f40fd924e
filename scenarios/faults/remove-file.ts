import { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";
import { restoreFile } from "./file-edit.js";

/**
 * A configuration file is gone. The process that has read it goes on; the next start fails or takes defaults.
 * Source: faults-and-promises, "a file deleted, replaced, permissions changed".
 */
export const removeFile = fault({
  name: "remove-file",
  summary: "A file is deleted.",
  params: z.object({ node: reference("node"), path: z.string().regex(/^\//, "an absolute path").max(400) }),
  subject: ({ node, path }) => `file/${node}:${path}`,
  targets: (topology) => readFiles(topology),
  inject: (instant, twin, { node, path }) => twin.files.remove(instant, node, path),
  heal: (instant, twin, { node, path }) => restoreFile(instant, twin, node, path),
});

/** Files that some service reads. */
export function readFiles(topology: Topology): readonly { node: string; path: string }[] {
  const seen = new Set<string>();
  const found: { node: string; path: string }[] = [];
  for (const { node, files } of topology.services.values())
    for (const path of files) {
      if (seen.has(`${node}:${path}`)) continue;
      seen.add(`${node}:${path}`);
      found.push({ node, path });
    }
  return found;
}
