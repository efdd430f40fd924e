import { InputError } from "../../model/errors.js";
import { META_ATTRIBUTES, PROPERTIES, PROPERTIES_APART } from "../../model/importers/cib-known.js";
import { expectedInstead } from "../../model/importers/cib-values.js";
import type { Topology } from "../../model/topology/types.js";

/**
 * An edit of a cluster's CIB before the start:
 * - `db/g-mysql:target-role=Stopped` sets a meta attribute (an empty value removes it);
 * - `db/fence-mysql1@delay=15` sets a parameter;
 * - `db/:stonith-enabled=false` sets a cluster property;
 * - `-lb/colocation-vip-api` removes a constraint or a fence device.
 * Where the topology has one cluster only, its name may be left out: `keystone-clone:target-role=Started`.
 */
export interface Edit {
  readonly kind: "meta" | "parameter" | "property" | "remove";
  readonly cluster: string;
  /** A resource's id, a constraint's id; empty for a property. */
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

const FORMS = [
  "CLUSTER/RESOURCE:META=VALUE",
  "CLUSTER/RESOURCE@PARAMETER=VALUE",
  "CLUSTER/:PROPERTY=VALUE",
  "-CLUSTER/ID",
];

const NAMES = { meta: [...META_ATTRIBUTES], property: [...PROPERTIES, ...PROPERTIES_APART.keys()] };

/** Throws InputError at `file:line`. */
export function readEdit(text: string, topology: Topology, file: string, line: number): Edit {
  const refuse = (message: string, known: readonly string[], knownAs: string) =>
    new InputError({ file, line, message, value: text, known, knownAs });
  const match = /^(-?)(?:([^/@:=]+)\/)?([^/@:=]*)(?:([:@])([^=]+)=(.*))?$/.exec(text);
  if (!match) throw refuse("this is no edit", FORMS, "edits");
  const [, minus, named, id, separator, name, value] = match;
  const clusters = [...topology.clusters.keys()];
  const cluster = named ?? (clusters.length === 1 ? clusters[0]! : undefined);
  if (cluster === undefined) throw refuse("an edit names its cluster where there are several", clusters, "clusters");
  if (!clusters.includes(cluster)) throw refuse("unknown cluster in", clusters, "clusters");
  const base = { cluster, id: id!, name: name ?? "", value: value ?? "", text };
  if (minus === "-" && separator === undefined && id !== "") return { ...base, kind: "remove" };
  if (minus === "" && separator === ":") {
    const kind = id === "" ? "property" : "meta";
    const known = NAMES[kind];
    // Pacemaker takes any name and acts by none that it does not know: that is a slip, not an edit. Taking one out is.
    if (value !== "" && !known.includes(base.name))
      throw new InputError({
        file,
        line,
        message: `unknown ${kind === "meta" ? "meta-attribute" : "cluster property"}`,
        value: base.name,
        known,
        knownAs: kind === "meta" ? "meta-attributes" : "cluster properties",
      });
    const expected = value === "" ? undefined : expectedInstead(kind, base.name, base.value);
    if (expected)
      throw new InputError({
        file,
        line,
        message: `no value of ${base.name}:`,
        value: base.value,
        known: expected,
        knownAs: "values",
      });
    return { ...base, kind };
  }
  if (minus === "" && separator === "@" && id !== "") return { ...base, kind: "parameter" };
  throw refuse("this is no edit", FORMS, "edits");
}
