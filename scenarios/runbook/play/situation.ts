import type { Reader } from "../../../model/kernel/index.js";
import type { Twin } from "../../../model/twin/twin.js";
import { primitivesOf, section } from "../../shell/pacemaker.js";
import { isStonith } from "../../shell/text/config-text.js";
import { leftovers } from "./leftovers.js";

/** Where everything is, for people: nodes, what runs where, what somebody has set. */
export type Situation = ReadonlyMap<string, string>;

export function situationOf(read: Reader, twin: Twin): Situation {
  const found = new Map<string, string>();
  const { clusters, hosts } = twin;
  for (const node of twin.topology.nodes.keys()) found.set(`node/${node}`, hosts.state(read, node));
  for (const id of clusters.ids) {
    const cib = clusters.cibOf(read, id);
    for (const element of section(cib, "resources").filter((one) => !isStonith(one)))
      for (const primitive of primitivesOf(cib, element.attrs["id"] ?? "")) {
        const places = clusters.resourceState(read, id, primitive).places.filter(({ role }) => role !== "Stopped");
        found.set(
          `resource/${id}/${primitive}`,
          places
            .map(({ node, role }) => `${role} ${node}`)
            .sort()
            .join(", ") || "Stopped",
        );
      }
  }
  for (const text of leftovers(read, twin)) found.set(text, "is so");
  return found;
}

/** What is not as it was, as sentences. */
export function differences(before: Situation, after: Situation): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [was = "is not so", is = "is not so"] = [before.get(name), after.get(name)];
    if (was === is) return [];
    return [`${name}: ${is}, it was: ${was}`];
  });
}
