import type { Node } from "./working.js";

/** A node's value of an attribute, #uname, #id and #kind among them. */
export function nodeAttribute(node: Node, name: string): string | undefined {
  switch (name) {
    case "#uname":
      return node.name;
    case "#id":
      return node.id;
    case "#kind":
      return node.kind === "guest" ? "container" : node.kind === "remote" ? "remote" : "cluster";
    default:
      return node.attributes.get(name);
  }
}
