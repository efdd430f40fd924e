import { InputError } from "../../../model/errors.js";
import type { Reader } from "../../../model/kernel/index.js";
import type { Twin } from "../../../model/twin/twin.js";
import { primitivesOf, section } from "../../shell/pacemaker.js";
import { isStonith } from "../../shell/text/config-text.js";

export type Values = ReadonlyMap<string, string>;

/**
 * What a page may leave open, as it stands when the first step begins: an operator writes the names down once. By
 * cluster: `active_db` (where its first resource runs), `standby_db` (its first other member that runs), `lost_db` (its
 * first node that does not execute), `dc_db`; by address resource: `address_vip-db`. The front matter's own win.
 */
export function placeholders(read: Reader, twin: Twin, own: Readonly<Record<string, string>>): Values {
  const values = new Map<string, string>();
  const { clusters, hosts } = twin;
  for (const id of clusters.ids) {
    const nodes = clusters.nodesOf(id);
    const cib = clusters.cibOf(read, id);
    const first = section(cib, "resources").find((one) => !isStonith(one) && one.name !== "clone");
    const primitive = primitivesOf(cib, first?.attrs["id"] ?? "")[0];
    const active =
      primitive === undefined
        ? undefined
        : clusters.resourceState(read, id, primitive).places.find(({ role }) => role !== "Stopped")?.node;
    const runs = (node: string) => hosts.isRunning(read, node);
    const set = (name: string, node: string | undefined) => node !== undefined && values.set(`${name}_${id}`, node);
    set("active", active);
    set("standby", nodes.find((node) => node !== active && runs(node)) ?? nodes.find((node) => node !== active));
    set(
      "lost",
      nodes.find((node) => !runs(node)),
    );
    set("up", nodes.find(runs));
    set("dc", clusters.dcOf(read, id));
  }
  for (const { resource, address } of twin.topology.virtualAddresses.values())
    values.set(`address_${resource}`, address);
  for (const [name, text] of Object.entries(own))
    values.set(
      name,
      text.replace(PLACEHOLDER, (whole, key) => values.get(key) ?? whole),
    );
  return values;
}

const PLACEHOLDER = /\{\{\s*([\w.-]+)\s*\}\}/g;

/** Throws InputError for a name that nobody knows. */
export function filled(text: string, values: Values, file: string, line: number): string {
  return text.replace(PLACEHOLDER, (_, name) => {
    const value = values.get(name);
    if (value === undefined)
      throw new InputError({
        file,
        line,
        message: "unknown placeholder",
        value: `{{${name}}}`,
        known: [...values.keys()].sort(),
        knownAs: "placeholders",
      });
    return value;
  });
}
