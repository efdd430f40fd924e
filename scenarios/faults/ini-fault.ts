import { z } from "zod";
import { reference } from "../file/reference.js";
import { type Fault, fault } from "./fault.js";
import { restoreFile, setIniKey, textOn } from "./file-edit.js";

const params = z.object({
  node: reference("node"),
  restart: z
    .boolean()
    .default(true)
    .describe("Whether the service is restarted after the edit; without, nothing changes."),
});

/** A wrong setting in a service's ini file on one node. */
export function iniFault(
  name: string,
  summary: string,
  edit: {
    readonly path: string;
    readonly section: string;
    readonly key: string;
    readonly value: string;
    readonly unit: string;
  },
): Fault {
  return fault({
    name,
    summary,
    params,
    subject: ({ node }) => `file/${node}:${edit.path}`,
    targets: (topology) =>
      [...topology.nodes.values()]
        .filter(({ id, files }) => files.has(edit.path) && topology.services.has(`${edit.unit}@${id}`))
        .map(({ id }) => ({ node: id })),
    inject: (instant, twin, { node, restart }) => {
      const text = textOn(instant, twin, node, edit.path);
      twin.files.write(instant, node, edit.path, setIniKey(text, edit.section, edit.key, edit.value));
      if (restart) twin.units.restart(instant, node, edit.unit);
    },
    heal: (instant, twin, { node }) => {
      restoreFile(instant, twin, node, edit.path);
      twin.units.restart(instant, node, edit.unit);
    },
  });
}
