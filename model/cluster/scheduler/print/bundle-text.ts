import type { ClusterState } from "../state/state.js";
import { F, type Replica, type Resource } from "../state/working.js";
import { bundleShape } from "../unpack/bundle-xml.js";
import { isDisabled } from "./counts.js";
import type { Lines } from "./lines.js";
import { inParentheses, primitiveText } from "./resource-list.js";

/** A bundle: one line for each replica, named by its guest node and placed where its container runs. */
export function printBundle(state: ClusterState, bundle: Resource, lines: Lines, level: number): void {
  const image = (bundle.xml && bundleShape(bundle.xml)?.container.attrs["image"]) ?? "";
  const flags: string[] = [];
  if (bundle.is(F.Unique)) flags.push("unique");
  if (!bundle.is(F.Managed)) flags.push("unmanaged");
  if (isDisabled(bundle)) flags.push("disabled");
  const kind = bundle.replicas.length > 1 ? "Container bundle set" : "Container bundle";
  lines.heading(level, `${kind}: ${bundle.id} [${image}]${inParentheses(flags)}:`);
  for (const replica of bundle.replicas) lines.add(level + 1, replicaText(state, replica, lines.pending));
}

function replicaText(state: ClusterState, replica: Replica, pending: boolean): string {
  const shown = replica.child ?? replica.container;
  let name = replica.remote?.id ?? replica.container.id;
  const address = replica.ip?.xml?.children[0]?.children.find((p) => p.attrs["name"] === "ip")?.attrs["value"];
  if (address !== undefined) name += ` (${address})`;
  return primitiveText(state, shown, name, replica.container.runningOn[0], pending);
}
