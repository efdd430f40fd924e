import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { restoreFile } from "../faults/file-edit.js";
import { reference } from "../file/reference.js";

/** A person replaces a file's text, or puts back what the topology says. Nothing reads it before a start or reload. */
export const writeFile = operatorAction({
  name: "write-file",
  summary: "A file is written by hand.",
  params: z.object({
    node: reference("node"),
    path: z.string().regex(/^\//, "an absolute path").max(400),
    text: z.string().max(100_000).optional().describe("Without it, the file is put back as the topology has it."),
  }),
  subject: ({ node, path }) => `file/${node}:${path}`,
  command: ({ path }) => `vi ${path}`,
  perform: (instant, twin, { node, path, text }) => {
    if (text === undefined) restoreFile(instant, twin, node, path);
    else twin.files.write(instant, node, path, text);
  },
});
