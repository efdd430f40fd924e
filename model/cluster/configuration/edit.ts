import type { Cib, XmlElement } from "../cib/types.js";

/**
 * What the command line tools write into a configuration, as pure edits: ids and places are those of pcs and
 * crm_attribute. Each returns the same CIB where nothing changes.
 */

export function withOption(cib: Cib, name: string, value: string | undefined): Cib {
  return inSection(cib, "crm_config", (section) => {
    const id = "cib-bootstrap-options";
    const set = section.children.find((e) => e.attrs["id"] === id) ?? element("cluster_property_set", { id });
    return withChild(section, set, withPair(set, name, value, `${id}-${name}`));
  });
}

/** A permanent attribute of a node (standby, maintenance, or anything). */
export function withNodeAttribute(cib: Cib, node: string, name: string, value: string | undefined): Cib {
  return inSection(cib, "nodes", (section) => {
    const found = section.children.find((e) => e.name === "node" && e.attrs["uname"] === node);
    if (!found) return section;
    const id = `nodes-${found.attrs["id"] ?? node}`;
    const set = found.children.find((e) => e.name === "instance_attributes") ?? element("instance_attributes", { id });
    return withChild(section, found, withChild(found, set, withPair(set, name, value, `${id}-${name}`)));
  });
}

/** A meta attribute or a parameter of a resource; undefined where there is no such resource. */
export function withResourceAttribute(
  cib: Cib,
  resource: string,
  kind: "meta_attributes" | "instance_attributes",
  name: string,
  value: string | undefined,
): Cib | undefined {
  let found = false;
  const edit = (e: XmlElement): XmlElement => {
    if (RESOURCES.has(e.name) && e.attrs["id"] === resource) {
      found = true;
      const id = `${resource}-${kind}`;
      const holds = (set: XmlElement) => set.children.some((pair) => pair.attrs["name"] === name);
      const sets = e.children.filter((child) => child.name === kind);
      const set = sets.find(holds) ?? sets[0] ?? element(kind, { id });
      return withChild(e, set, withPair(set, name, value, `${set.attrs["id"] ?? id}-${name}`));
    }
    return mapChildren(e, edit);
  };
  const changed = inSection(cib, "resources", edit);
  return found ? changed : undefined;
}

export function withLocation(
  cib: Cib,
  location: { id: string; resource: string; node: string; score: string; role?: string },
): Cib {
  return inSection(cib, "constraints", (section) => {
    const made = element("rsc_location", {
      id: location.id,
      rsc: location.resource,
      ...(location.role !== undefined && { role: location.role }),
      node: location.node,
      score: location.score,
    });
    const others = section.children.filter((e) => e.attrs["id"] !== location.id);
    return { ...section, children: [...others, made] };
  });
}

export function withoutConstraints(cib: Cib, which: (constraint: XmlElement) => boolean): Cib {
  return inSection(cib, "constraints", (section) => {
    const children = section.children.filter((e) => !which(e));
    return children.length === section.children.length ? section : { ...section, children };
  });
}

/** Puts an element into a section, in the place of one with the same id or at its end. */
export function withElement(cib: Cib, section: string, added: XmlElement): Cib {
  return inSection(cib, section, (e) => {
    const has = e.children.some((child) => child.attrs["id"] === added.attrs["id"]);
    const children = has
      ? e.children.map((child) => (child.attrs["id"] === added.attrs["id"] ? added : child))
      : [...e.children, added];
    return Object.freeze({ ...e, children: Object.freeze(children) });
  });
}

/** Puts `edit`'s answer in the place of every element for which it has one; undefined takes it out. */
export function withEdited(cib: Cib, edit: (element: XmlElement) => XmlElement | undefined): Cib {
  const visit = (e: XmlElement): XmlElement => {
    const children = e.children.flatMap((child) => {
      const after = edit(child);
      return after === undefined ? [] : [visit(after)];
    });
    const isSame = children.length === e.children.length && children.every((child, i) => child === e.children[i]);
    return isSame ? e : Object.freeze({ ...e, children: Object.freeze(children) });
  };
  const configuration = visit(cib.configuration);
  return configuration === cib.configuration ? cib : { ...cib, configuration };
}

/** Without a resource, what it holds, and the constraints and fencing levels that name any of it. */
export function withoutResource(cib: Cib, id: string): Cib {
  const found = findResource(cib, id);
  if (!found) return cib;
  const gone = new Set(resourcesIn(found));
  // A group or clone that held nothing else goes with it.
  const isEmptied = (e: XmlElement): boolean => {
    const inner = e.children.filter((child) => RESOURCES.has(child.name));
    return (
      RESOURCES.has(e.name) &&
      inner.length > 0 &&
      inner.every((one) => gone.has(one.attrs["id"] ?? "") || isEmptied(one))
    );
  };
  return withEdited(cib, (e) => {
    if (RESOURCES.has(e.name) && (gone.has(e.attrs["id"] ?? "") || isEmptied(e))) {
      for (const one of resourcesIn(e)) gone.add(one);
      return undefined;
    }
    const named = ["rsc", "with-rsc", "first", "then"].map((name) => e.attrs[name]);
    const isAbout = e.name.startsWith("rsc_") && named.some((name) => name !== undefined && gone.has(name));
    return isAbout || (e.name === "resource_ref" && gone.has(e.attrs["id"] ?? "")) ? undefined : e;
  });
}

/** Without a resource where it stands, nor the group or clone that it leaves empty; constraints stay. */
export function withoutElementOf(cib: Cib, id: string): Cib {
  return withEdited(cib, (e) => {
    if (RESOURCES.has(e.name) && e.attrs["id"] === id) return undefined;
    const inner = e.children.filter((child) => RESOURCES.has(child.name));
    const isEmptied = RESOURCES.has(e.name) && inner.length > 0 && inner.every((one) => one.attrs["id"] === id);
    return isEmptied ? undefined : e;
  });
}

/** Ids of a resource and of every resource in it. */
export function resourcesIn(e: XmlElement): readonly string[] {
  return [e.attrs["id"] ?? "", ...e.children.flatMap((child) => (RESOURCES.has(child.name) ? resourcesIn(child) : []))];
}

export function isResourceElement(e: XmlElement): boolean {
  return RESOURCES.has(e.name);
}

/** The element of a resource or of what it is part of. */
export function findResource(cib: Cib, id: string): XmlElement | undefined {
  const search = (e: XmlElement): XmlElement | undefined => {
    if (RESOURCES.has(e.name) && e.attrs["id"] === id) return e;
    for (const child of e.children) {
      const found = search(child);
      if (found) return found;
    }
    return undefined;
  };
  const section = cib.configuration.children.find((e) => e.name === "resources");
  return section && search(section);
}

/** Ids of the primitives in a resource; itself for a primitive. */
export function primitivesIn(e: XmlElement): readonly string[] {
  if (e.name === "primitive") return [e.attrs["id"] ?? ""];
  return e.children.flatMap((child) => (RESOURCES.has(child.name) ? primitivesIn(child) : []));
}

const RESOURCES = new Set(["primitive", "group", "clone", "master", "bundle"]);

function inSection(cib: Cib, name: string, edit: (section: XmlElement) => XmlElement): Cib {
  const { configuration } = cib;
  const section = configuration.children.find((e) => e.name === name);
  const before = section ?? element(name, {});
  const after = edit(before);
  if (after === before) return cib;
  const children = section
    ? configuration.children.map((e) => (e === section ? after : e))
    : [...configuration.children, after];
  return { ...cib, configuration: Object.freeze({ ...configuration, children: Object.freeze(children) }) };
}

function mapChildren(e: XmlElement, edit: (child: XmlElement) => XmlElement): XmlElement {
  let changed = false;
  const children = e.children.map((child) => {
    const after = edit(child);
    if (after !== child) changed = true;
    return after;
  });
  return changed ? Object.freeze({ ...e, children: Object.freeze(children) }) : e;
}

/** Replaces a child set, or adds it where it is new and holds something. */
function withChild(parent: XmlElement, before: XmlElement, after: XmlElement): XmlElement {
  const present = parent.children.includes(before);
  if (present && before === after) return parent;
  if (!present && after.children.length === 0) return parent;
  const children = present ? parent.children.map((e) => (e === before ? after : e)) : [...parent.children, after];
  return Object.freeze({ ...parent, children: Object.freeze(children) });
}

function withPair(set: XmlElement, name: string, value: string | undefined, id: string): XmlElement {
  const found = set.children.find((e) => e.name === "nvpair" && e.attrs["name"] === name);
  if (value === undefined) {
    if (!found) return set;
    return Object.freeze({ ...set, children: Object.freeze(set.children.filter((e) => e !== found)) });
  }
  if (found?.attrs["value"] === value) return set;
  const pair = element("nvpair", { id: found?.attrs["id"] ?? id, name, value });
  const children = found ? set.children.map((e) => (e === found ? pair : e)) : [...set.children, pair];
  return Object.freeze({ ...set, children: Object.freeze(children) });
}

function element(name: string, attrs: Readonly<Record<string, string>>): XmlElement {
  return Object.freeze({ name, attrs: Object.freeze(attrs), children: Object.freeze([]), line: 0 });
}
