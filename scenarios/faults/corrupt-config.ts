import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";
import { restoreFile, textOn } from "./file-edit.js";
import { readFiles } from "./remove-file.js";

/**
 * A configuration file is cut off in the middle: a full disk, a crashed editor. A reload of a service with a bad
 * configuration keeps the old one or fails (HAProxy refuses to start), so that the error shows at the next failover.
 * Source: faults-and-promises, "Bad config on reload".
 */
export const corruptConfig = fault({
  name: "corrupt-config",
  summary: "A configuration file is cut off in the middle of a line.",
  params: z.object({ node: reference("node"), path: z.string().regex(/^\//, "an absolute path").max(400) }),
  subject: ({ node, path }) => `file/${node}:${path}`,
  targets: (topology) => readFiles(topology),
  inject: (instant, twin, { node, path }) => {
    const text = textOn(instant, twin, node, path);
    const half = text.slice(0, text.length >> 1);
    twin.files.write(instant, node, path, `${half.slice(0, half.lastIndexOf("\n") + 1)}<<<<<<< no such thing\n`);
  },
  heal: (instant, twin, { node, path }) => restoreFile(instant, twin, node, path),
});
