import type { ClusterState } from "../state/state.js";
import { F, type Replica, type Resource } from "../state/working.js";
import { bundleShape } from "../unpack/bundle-xml.js";
import type { Lines } from "./lines.js";
import { primitiveText } from "./resource-list.js";

/** A bundle: one line for each replica, named by its guest node and placed where its container runs. */
export function printBundle(state: ClusterState, bundle: Resource, lines: Lines, level: number): void {
  const image = (bundle.xml && bundleShape(bundle.xml)?.container.attrs["image"]) ?? "";
  const flags = `${bundle.is(F.Unique) ? " (unique)" : ""}${bundle.is(F.Managed) ? "" : " (unmanaged)"}`;
  const kind = bundle.replicas.length > 1 ? "Container bundle set" : "Container bundle";
  lines.heading(level, `${kind}: ${bundle.id} [${image}]${flags}:`);
  for (const replica of bundle.replicas) lines.add(level + 1, replicaText(state, replica, lines.pending));
}

function replicaText(state: ClusterState, replica: Replica, pending: boolean): string {
  const shown = replica.child ?? replica.container;
  let name = replica.remote?.id ?? replica.container.id;
  const address = replica.ip?.xml?.children[0]?.children.find((p) => p.attrs["name"] === "ip")?.attrs["value"];
  if (address !== undefined) name += ` (${address})`;
  // Where it is active more than once, the places are listed instead.
  const node = shown.runningOn.length > 1 ? undefined : replica.container.runningOn[0];
  return primitiveText(state, shown, name, node, pending);
}
