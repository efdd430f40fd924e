import type { Cib, XmlElement } from "../../model/cluster/cib/types.js";
import { parseXml } from "../../model/cluster/cib/xml.js";
import { options, pick } from "./command-options.js";
import type { CommandWorld } from "./command-world.js";

/** `cibadmin`: creates, changes, replaces or removes elements of the configuration. */
export function cibadmin(world: CommandWorld, args: readonly string[]): boolean {
  const { values } = options(
    args,
    new Set([
      "-C",
      "--create",
      "-M",
      "--modify",
      "-R",
      "--replace",
      "-D",
      "--delete",
      "-Q",
      "--query",
      "-c",
      "--allow-create",
      "-V",
      "-f",
    ]),
  );
  const has = (...names: readonly string[]) => names.some((name) => values.has(name));
  if (has("-Q", "--query")) return true;
  const xml = pick(values, "-X", "--xml-text");
  const section = pick(values, "-o", "--scope", "--obj_type");
  if (xml === undefined) return false;
  const e = parseXml(xml, "cibadmin");
  const text = `cibadmin ${args.join(" ")}`;
  const edit = (change: (cib: Cib) => Cib) => world.clusters.operator.edit(world.instant, world.node, text, change);
  if (has("-D", "--delete")) edit((cib) => editTree(cib, (found) => (matches(found, e) ? undefined : found)));
  else if (has("-M", "--modify", "-R", "--replace"))
    edit((cib) => editTree(cib, (found) => (matches(found, e) ? merged(found, e, has("-R", "--replace")) : found)));
  else if (has("-C", "--create") && section !== undefined)
    edit((cib) =>
      editTree(cib, (found) => (found.name === section ? { ...found, children: [...found.children, e] } : found)),
    );
  else return false;
  return true;
}

function matches(found: XmlElement, wanted: XmlElement): boolean {
  if (found.name !== wanted.name) return false;
  if (wanted.attrs["id"] !== undefined) return found.attrs["id"] === wanted.attrs["id"];
  return Object.entries(wanted.attrs).every(([name, value]) => found.attrs[name] === value);
}

function merged(found: XmlElement, e: XmlElement, replace: boolean): XmlElement {
  return replace ? e : { ...found, attrs: { ...found.attrs, ...e.attrs } };
}

/** A configuration with each element replaced or (undefined) removed; children first. */
function editTree(cib: Cib, change: (e: XmlElement) => XmlElement | undefined): Cib {
  const walk = (e: XmlElement): XmlElement | undefined => {
    const children = e.children.map(walk).filter((child) => child !== undefined);
    const same = children.length === e.children.length && children.every((child, i) => child === e.children[i]);
    return change(same ? e : { ...e, children });
  };
  const configuration = walk(cib.configuration) ?? cib.configuration;
  return configuration === cib.configuration ? cib : { ...cib, configuration };
}

/** `crm_attribute --type rsc_defaults` (or op_defaults). */
export function withDefault(
  cib: Cib,
  section: "rsc_defaults" | "op_defaults",
  name: string,
  value: string | undefined,
): Cib {
  const id = `${section}-options`;
  const present = cib.configuration.children.find((e) => e.name === section);
  const holder: XmlElement = present ?? { name: section, attrs: {}, children: [], line: 0 };
  const set: XmlElement = holder.children[0] ?? { name: "meta_attributes", attrs: { id }, children: [], line: 0 };
  const others = set.children.filter((pair) => pair.attrs["name"] !== name);
  const pair: XmlElement = {
    name: "nvpair",
    attrs: { id: `${id}-${name}`, name, value: value ?? "" },
    children: [],
    line: 0,
  };
  const changed = { ...set, children: value === undefined ? others : [...others, pair] };
  const made = { ...holder, children: [changed, ...holder.children.slice(1)] };
  const children = present
    ? cib.configuration.children.map((e) => (e === present ? made : e))
    : [...cib.configuration.children, made];
  return { ...cib, configuration: { ...cib.configuration, children } };
}
