import { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import type { Storage } from "../../model/twin/parts.js";
import { reference } from "../file/reference.js";
import { type Fault, fault } from "./fault.js";

type ExportState = Parameters<Storage["setExport"]>[2];

const params = z.object({
  node: reference("node", "The NFS server: all of its exports.").optional(),
  export: reference("export", "One export, as NODE:/PATH.").optional(),
});

/** A fault of an NFS export, or of all that a server has. */
export function exportFault(name: string, summary: string, state: ExportState): Fault {
  return fault({
    name,
    summary,
    params,
    subject: (it) => (it.export ? `export/${it.export}` : `node/${it.node ?? "?"}`),
    targets: (topology) => [
      ...servers(topology).map((node) => ({ node })),
      ...[...topology.exports.keys()].map((id) => ({ export: id })),
    ],
    inject: (instant, twin, it) => {
      for (const id of exportsOf(twin.topology, it)) twin.storage.setExport(instant, id, state);
    },
    heal: (instant, twin, it) => {
      for (const id of exportsOf(twin.topology, it)) twin.storage.setExport(instant, id, "served");
    },
  });
}

function servers(topology: Topology): readonly string[] {
  return [...new Set([...topology.exports.values()].map(({ node }) => node))];
}

function exportsOf(topology: Topology, it: z.output<typeof params>): readonly string[] {
  if (it.export !== undefined) return [it.export];
  return [...topology.exports.values()].filter(({ node }) => node === it.node).map(({ id }) => id);
}
