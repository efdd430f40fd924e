import { all, type Draft, type Draws, type Mutation } from "./draft.js";

/** Values as slips write them; some are right for some names. */
const ODD = ["maybe", "", " true", "TRUE", "2", "-1", "Stoped", "started", "10x", "1.5", "+5", "none", "-infinity"];
const ODD_TIMES = ["", "abc", "0", "-5", "10 s", "5x", "30S", "PT30S", "2min", "1.5"];

/** Sets whose names decide what the cluster does. */
const SETS = ["meta_attributes", "cluster_property_set", "utilization"];

/** Values that nobody knows: the schema lets them through, and Pacemaker takes something for them. */
export const VALUE: readonly Mutation[] = [
  function pair(root, draws) {
    return misspell(
      all(root, SETS).flatMap(({ children }) => children.filter(({ name }) => name === "nvpair")),
      "value",
      ODD,
      draws,
    );
  },
  function operation(root, draws) {
    const attribute = draws.of(["timeout", "interval", "start-delay", "enabled", "on-fail", "role"]);
    return misspell(
      all(root, ["op"]),
      attribute,
      /^(?:enabled|on-fail|role)$/.test(attribute) ? ODD : ODD_TIMES,
      draws,
    );
  },
  function nodeAttribute(root, draws) {
    const sets = all(root, ["node", "transient_attributes"]).flatMap((holder) => all(holder, ["instance_attributes"]));
    return misspell(
      sets.flatMap(({ children }) => children.filter(({ name }) => name === "nvpair")),
      "value",
      ODD,
      draws,
    );
  },
];

function misspell(
  of: readonly Draft[],
  attribute: string,
  values: readonly string[],
  draws: Draws,
): string | undefined {
  if (of.length === 0) return undefined;
  const found = draws.of(of);
  const value = draws.of(values);
  const was = found.attrs[attribute];
  found.attrs[attribute] = value;
  return `${found.attrs["name"] ?? found.attrs["id"]} ${attribute} "${was ?? ""}" -> "${value}"`;
}
