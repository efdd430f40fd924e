import { z } from "zod";
import { InputError } from "../../model/errors.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";
import { restoreFile, textOn } from "./file-edit.js";

/**
 * A line of a configuration file is changed. Nothing follows until the service that reads it starts or reloads: an edit
 * without a restart is a failure that waits for the next one. Source: DESIGN, "Each fact has one home"; the metadata
 * table, "agent not restarted after the edit".
 */
export const editFile = fault({
  name: "edit-file",
  summary: "A text in a file is replaced.",
  params: z.object({
    node: reference("node"),
    path: z.string().regex(/^\//, "an absolute path").max(400),
    find: z.string().min(1).max(2_000).describe("A text that must be there; its first occurrence is replaced."),
    replace: z.string().max(10_000),
    restart: reference("unit", "A unit to restart after the edit.").optional(),
  }),
  subject: ({ node, path }) => `file/${node}:${path}`,
  targets: () => [],
  inject: (instant, twin, { node, path, find, replace, restart }) => {
    const text = textOn(instant, twin, node, path);
    const at = text.indexOf(find);
    if (at < 0)
      throw new InputError({ file: `${node}:${path}`, line: 0, message: "the file does not contain", value: find });
    twin.files.write(instant, node, path, text.slice(0, at) + replace + text.slice(at + find.length));
    if (restart !== undefined) twin.units.restart(instant, node, restart);
  },
  heal: (instant, twin, { node, path, restart }) => {
    restoreFile(instant, twin, node, path);
    if (restart !== undefined) twin.units.restart(instant, node, restart);
  },
});
