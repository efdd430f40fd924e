import type { Cib, XmlElement } from "../../model/cluster/cib/types.js";
import { element } from "../../model/cluster/cib/xml.js";
import type { Edit } from "./edit-text.js";

const RESOURCES = /^(primitive|group|clone|master|bundle|template)$/;

/** A CIB with one edit made; undefined where the edit's id is not in it. */
export function editCib(cib: Cib, edit: Edit): Cib | undefined {
  const configuration =
    edit.kind === "property"
      ? withProperty(cib.configuration, edit)
      : edit.kind === "remove"
        ? without(cib.configuration, edit.id)
        : withAttribute(cib.configuration, edit);
  return configuration && { ...cib, configuration };
}

/** What an edit may name, for its error. */
export function editableIds(cib: Cib, kind: Edit["kind"]): readonly string[] {
  const found: string[] = [];
  const walk = (at: XmlElement) => {
    if (at.attrs["id"] !== undefined && (kind === "remove" ? isRemovable(at) : RESOURCES.test(at.name)))
      found.push(at.attrs["id"]);
    for (const child of at.children) walk(child);
  };
  walk(cib.configuration);
  return found;
}

/** Constraints and fence devices; what services stand on stays, or the topology would say something else. */
function isRemovable(at: XmlElement): boolean {
  return at.name.startsWith("rsc_") || (at.name === "primitive" && at.attrs["class"] === "stonith");
}

function without(at: XmlElement, id: string): XmlElement | undefined {
  const index = at.children.findIndex((child) => child.attrs["id"] === id && isRemovable(child));
  if (index >= 0) return { ...at, children: at.children.filter((_, i) => i !== index) };
  return replaceFirst(at, (child) => without(child, id));
}

function withAttribute(at: XmlElement, edit: Edit): XmlElement | undefined {
  if (RESOURCES.test(at.name) && at.attrs["id"] === edit.id) {
    const set = edit.kind === "meta" ? "meta_attributes" : "instance_attributes";
    return (edit.kind === "meta" && withChildsOwn(at, edit)) || withPair(at, set, edit);
  }
  return replaceFirst(at, (child) => withAttribute(child, edit));
}

/**
 * A clone's child that has the attribute itself would not hear its parent: the child is edited instead, as crm_resource
 * does ("A value for 'target-role' already exists in child, performing update on that instead").
 */
function withChildsOwn(at: XmlElement, edit: Edit): XmlElement | undefined {
  if (at.name !== "clone" && at.name !== "master") return undefined;
  return replaceFirst(at, (child) =>
    RESOURCES.test(child.name) && hasMeta(child, edit.name)
      ? withPair(child, "meta_attributes", { ...edit, id: child.attrs["id"] ?? edit.id })
      : undefined,
  );
}

function hasMeta(at: XmlElement, name: string): boolean {
  return at.children.some(
    (set) => set.name === "meta_attributes" && set.children.some((pair) => pair.attrs["name"] === name),
  );
}

function withProperty(configuration: XmlElement, edit: Edit): XmlElement {
  const found = replaceFirst(configuration, (child) =>
    child.name === "crm_config" ? withPair(child, "cluster_property_set", { ...edit, id: "cib-bootstrap" }) : undefined,
  );
  if (found) return found;
  const section = withPair(element("crm_config"), "cluster_property_set", { ...edit, id: "cib-bootstrap" });
  return { ...configuration, children: [section, ...configuration.children] };
}

/** Sets a name-value pair in the first set of a kind; an empty value takes it out of every one. */
function withPair(at: XmlElement, set: string, { id, name, value }: Pick<Edit, "id" | "name" | "value">): XmlElement {
  let isSet = value === "";
  const children = at.children.map((child) => {
    if (child.name !== set) return child;
    const others = child.children.filter((pair) => pair.attrs["name"] !== name);
    if (isSet) return others.length === child.children.length ? child : { ...child, children: others };
    isSet = true;
    const pair = element("nvpair", { id: `${child.attrs["id"] ?? id}-${name}`, name, value });
    return { ...child, children: [...others, pair] };
  });
  if (isSet) return { ...at, children };
  const setId = `${id}-${set}`;
  const pair = element("nvpair", { id: `${setId}-${name}`, name, value });
  return { ...at, children: [...children, element(set, { id: setId }, [pair])] };
}

function replaceFirst(at: XmlElement, change: (child: XmlElement) => XmlElement | undefined): XmlElement | undefined {
  for (const [i, child] of at.children.entries()) {
    const changed = change(child);
    if (changed) return { ...at, children: at.children.with(i, changed) };
  }
  return undefined;
}
