import type { XmlElement } from "../../cib/types.js";
import { element, withChildren } from "../../cib/xml.js";
import type { Unpacking } from "../state/unpacking.js";

/**
 * A primitive with its template's parts: attributes of its own go before the template's, its sets before those of
 * equal score (by standing last), and an operation of its own replaces the template's of the same name and role.
 * Undefined where the template does not exist.
 */
export function mergeTemplate(unpacking: Unpacking, e: XmlElement): XmlElement | undefined {
  const name = e.attrs["template"];
  if (name === undefined) return e;
  const template = unpacking.templates.get(name);
  if (!template || name === e.attrs["id"]) return undefined;
  const own = operationKeys(e);
  const children: XmlElement[] = [];
  for (const part of template.children) {
    if (part.name !== "operations" || own.size === 0) children.push(part);
    else {
      const inherited = part.children.filter((op) => !own.has(operationKey(op)));
      children.push(withChildren(part, inherited));
    }
  }
  children.push(...e.children);
  return element("primitive", { ...template.attrs, ...e.attrs }, children, e.line);
}

function operationKeys(e: XmlElement): Set<string> {
  const keys = new Set<string>();
  for (const part of e.children) {
    if (part.name === "operations") for (const op of part.children) keys.add(operationKey(op));
  }
  return keys;
}

function operationKey(op: XmlElement): string {
  const role = op.attrs["role"];
  const plain = role === undefined || role === "Started" || role === "Unpromoted" || role === "Slave";
  return `${op.attrs["name"] ?? ""} ${plain ? "" : role === "Master" ? "Promoted" : role}`;
}
