import type { XmlElement } from "../../model/cluster/cib/types.js";
import { element } from "../../model/cluster/cib/xml.js";

/** `name=value` words, in their order. */
export type Pairs = ReadonlyMap<string, string>;

/** A resource as people type it, to pcs or to crmsh. */
export interface TypedResource {
  readonly id: string;
  readonly agentClass: string;
  readonly provider: string | undefined;
  readonly type: string;
  readonly parameters: Pairs;
  readonly meta: Pairs;
  readonly operations: readonly { readonly name: string; readonly options: Pairs }[];
}

/** `ocf:heartbeat:IPaddr2`, `systemd:haproxy`; a bare `IPaddr2` is the agent of that name that heartbeat provides. */
export function agentOf(text: string): Pick<TypedResource, "agentClass" | "provider" | "type"> | undefined {
  const parts = text.split(":");
  if (parts.some((part) => !/^[\w.@-]+$/.test(part))) return undefined;
  const [first = "", second = "", third = ""] = parts;
  if (parts.length === 3) return { agentClass: first, provider: second, type: third };
  if (parts.length === 2)
    return first === "ocf"
      ? { agentClass: "ocf", provider: "heartbeat", type: second }
      : { agentClass: first, provider: undefined, type: second };
  return parts.length === 1 ? { agentClass: "ocf", provider: "heartbeat", type: first } : undefined;
}

/** Splits `name=value`; undefined where a word is none. */
export function pairsOf(words: readonly string[]): Pairs | undefined {
  const found = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf("=");
    if (at <= 0) return undefined;
    found.set(word.slice(0, at), word.slice(at + 1));
  }
  return found;
}

/** The ids are those that pcs gives. */
export function primitiveElement(typed: TypedResource): XmlElement {
  const { id, agentClass, provider, type } = typed;
  const children = [pairSet(id, "instance_attributes", typed.parameters), pairSet(id, "meta_attributes", typed.meta)];
  const operations = typed.operations.map(({ name, options }) => operationElement(id, name, options));
  return element("primitive", { id, class: agentClass, ...(provider !== undefined && { provider }), type }, [
    ...children.filter((set) => set !== undefined),
    ...(operations.length > 0 ? [element("operations", {}, operations)] : []),
  ]);
}

export function operationElement(resource: string, name: string, options: Pairs): XmlElement {
  const interval = options.get("interval") ?? (name === "monitor" ? "60s" : "0s");
  const role = options.has("role") ? `-role-${options.get("role")}` : "";
  const { interval: _, ...others } = Object.fromEntries(options);
  return element("op", { id: `${resource}-${name}-interval-${interval}${role}`, interval, name, ...others });
}

export function pairSet(owner: string, kind: string, pairs: Pairs): XmlElement | undefined {
  if (pairs.size === 0) return undefined;
  const id = `${owner}-${kind}`;
  return element(
    kind,
    { id },
    [...pairs].map(([name, value]) => element("nvpair", { id: `${id}-${name}`, name, value })),
  );
}

export function cloneElement(inner: XmlElement, meta: Pairs, id = `${inner.attrs["id"]}-clone`): XmlElement {
  const set = pairSet(id, "meta_attributes", meta);
  return element("clone", { id }, [inner, ...(set ? [set] : [])]);
}

/** An end of an order or a colocation: a resource, perhaps with what it does or is. */
export interface ConstraintEnd {
  readonly resource: string;
  readonly action?: string;
  readonly role?: string;
}

export function orderElement(first: ConstraintEnd, then: ConstraintEnd, options: Pairs): XmlElement {
  const { id: given, ...rest } = Object.fromEntries(options);
  const kind = (options.get("kind") ?? (options.get("score") === "0" ? "Optional" : "Mandatory")).toLowerCase();
  const attrs: [string, string | undefined][] = [
    ["id", given ?? `order-${first.resource}-${then.resource}-${kind}`],
    ["first", first.resource],
    ["first-action", first.action],
    ["then", then.resource],
    ["then-action", then.action],
  ];
  return element("rsc_order", { ...Object.fromEntries(attrs), ...rest });
}

export function colocationElement(one: ConstraintEnd, other: ConstraintEnd, score: string, options: Pairs): XmlElement {
  const { id: given, ...rest } = Object.fromEntries(options);
  return element("rsc_colocation", {
    id: given ?? `colocation-${one.resource}-${other.resource}-${score}`,
    rsc: one.resource,
    "with-rsc": other.resource,
    score,
    ...(one.role !== undefined && { "rsc-role": one.role }),
    ...(other.role !== undefined && { "with-rsc-role": other.role }),
    ...rest,
  });
}
