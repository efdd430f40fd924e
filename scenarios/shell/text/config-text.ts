import type { Cib, XmlElement } from "../../../model/cluster/cib/types.js";
import { section } from "../pacemaker.js";

/** `pcs config`: resources, constraints and properties, in the older manner of pcs. */
export function configText(cluster: string, cib: Cib): string {
  const nodes = section(cib, "nodes").map((one) => one.attrs["uname"] ?? "");
  return [
    `Cluster Name: ${cluster}`,
    "Corosync Nodes:",
    ` ${nodes.join(" ")}`,
    "Pacemaker Nodes:",
    ` ${nodes.join(" ")}`,
    "",
    "Resources:",
    ...section(cib, "resources")
      .filter((one) => !isStonith(one))
      .flatMap((one) => resourceText(one, 1)),
    "",
    "Stonith Devices:",
    ...section(cib, "resources")
      .filter(isStonith)
      .flatMap((one) => resourceText(one, 1)),
    "",
    ...constraintsText(cib),
    "",
    "Cluster Properties:",
    ...propertyLines(cib),
    "",
  ].join("\n");
}

export function isStonith(element: XmlElement): boolean {
  return element.name === "primitive" && element.attrs["class"] === "stonith";
}

/** One resource with what it holds: ` Resource: vip (class=ocf provider=heartbeat type=IPaddr2)`. */
export function resourceText(element: XmlElement, depth: number): string[] {
  const { id = "", class: agentClass, provider, type } = element.attrs;
  const pad = " ".repeat(depth);
  const word = { group: "Group", clone: "Clone", master: "Master", bundle: "Bundle" }[element.name] ?? "Resource";
  const kind =
    element.name === "primitive"
      ? ` (class=${agentClass}${provider === undefined ? "" : ` provider=${provider}`} type=${type})`
      : "";
  const lines = [`${pad}${word}: ${id}${kind}`];
  const attributes = pairs(element, "instance_attributes");
  if (attributes !== "") lines.push(`${pad} Attributes: ${attributes}`);
  const meta = pairs(element, "meta_attributes");
  if (meta !== "") lines.push(`${pad} Meta Attrs: ${meta}`);
  const operations = element.children.find((one) => one.name === "operations")?.children ?? [];
  for (const [i, op] of operations.entries()) {
    const timeout = op.attrs["timeout"] === undefined ? "" : ` timeout=${op.attrs["timeout"]}`;
    const head = i === 0 ? "Operations: " : "            ";
    lines.push(`${pad} ${head}${op.attrs["name"]} interval=${op.attrs["interval"]}${timeout} (${op.attrs["id"]})`);
  }
  for (const child of element.children)
    if (["primitive", "group"].includes(child.name)) lines.push(...resourceText(child, depth + 1));
  return lines;
}

function pairs(element: XmlElement, kind: string): string {
  const set = element.children.filter((one) => one.name === kind);
  return set
    .flatMap((one) => one.children.map((pair) => `${pair.attrs["name"]}=${pair.attrs["value"] ?? ""}`))
    .join(" ");
}

/** ` name: value`, sorted. */
export function propertyLines(cib: Cib): string[] {
  return section(cib, "crm_config")
    .flatMap((set) => set.children.map((pair) => ` ${pair.attrs["name"]}: ${pair.attrs["value"] ?? ""}`))
    .sort();
}

/** `pcs constraint [--full]`: with the constraints' ids. */
export function constraintsText(cib: Cib, full = true): string[] {
  const all = section(cib, "constraints");
  const id = (one: XmlElement) => (full ? ` (id:${one.attrs["id"]})` : "");
  const byResource = new Map<string, XmlElement[]>();
  for (const one of all)
    if (one.name === "rsc_location" && one.attrs["rsc"] !== undefined)
      byResource.set(one.attrs["rsc"], [...(byResource.get(one.attrs["rsc"]) ?? []), one]);
  const locations = [...byResource].flatMap(([resource, its]) => [
    `  Resource: ${resource}`,
    ...its.map((one) => {
      const isOff = one.attrs["score"]?.startsWith("-");
      const score = one.attrs["score"] ?? "";
      const role = one.attrs["role"] === undefined ? "" : ` (role:${one.attrs["role"]})`;
      return `    ${isOff ? "Disabled" : "Enabled"} on: ${one.attrs["node"]} (score:${score})${role}${id(one)}`;
    }),
  ]);
  const orders = all
    .filter((one) => one.name === "rsc_order" && one.attrs["first"] !== undefined)
    .map((one) => {
      const kind = one.attrs["kind"] ?? (one.attrs["score"] === "0" ? "Optional" : "Mandatory");
      return `  ${one.attrs["first-action"] ?? "start"} ${one.attrs["first"]} then ${one.attrs["then-action"] ?? "start"} ${one.attrs["then"]} (kind:${kind})${id(one)}`;
    });
  const colocations = all
    .filter((one) => one.name === "rsc_colocation" && one.attrs["rsc"] !== undefined)
    .map(
      (one) =>
        `  ${one.attrs["rsc"]} with ${one.attrs["with-rsc"]} (score:${one.attrs["score"] ?? "INFINITY"})${id(one)}`,
    );
  return [
    "Location Constraints:",
    ...locations,
    "Ordering Constraints:",
    ...orders,
    "Colocation Constraints:",
    ...colocations,
  ];
}
