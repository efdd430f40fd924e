import type { XmlElement } from "../../../model/cluster/cib/types.js";

/** An element that may be changed in place. */
export interface Draft {
  name: string;
  attrs: Record<string, string>;
  children: Draft[];
  line: number;
}

/** Draws that depend on the seed alone (mulberry32). */
export class Draws {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** 0 … n - 1. */
  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** What a mutation did, in a few words; undefined where the CIB holds nothing that it could change. */
export type Mutation = (root: Draft, draws: Draws) => string | undefined;

/** Element names of what the resources section holds. */
export const RESOURCES = ["primitive", "group", "clone", "master", "bundle"];

export function draft(e: XmlElement): Draft {
  return { name: e.name, attrs: { ...e.attrs }, children: e.children.map(draft), line: e.line };
}

/** Every element below (and the root itself) of these names, in document order. */
export function all(root: Draft, names: readonly string[], found: Draft[] = []): Draft[] {
  if (names.includes(root.name)) found.push(root);
  for (const c of root.children) all(c, names, found);
  return found;
}

export function pick(root: Draft | undefined, draws: Draws, ...names: string[]): Draft | undefined {
  const found = root ? all(root, names) : [];
  return found.length === 0 ? undefined : draws.of(found);
}

export function section(root: Draft, name: string): Draft | undefined {
  return all(root, [name])[0];
}

/** The constraints section, made where there is none. */
export function constraintsOf(root: Draft): Draft | undefined {
  const configuration = section(root, "configuration");
  if (!configuration) return undefined;
  return partOf(configuration, "constraints");
}

export function make(name: string, attrs: Record<string, string>, children: Draft[] = []): Draft {
  return { name, attrs, children, line: 0 };
}

/** The child of that name, made where there is none. */
export function partOf(parent: Draft, name: string, attrs: Record<string, string> = {}): Draft {
  let found = parent.children.find((c) => c.name === name);
  if (!found) {
    found = make(name, attrs);
    parent.children.push(found);
  }
  return found;
}

/** Sets a name to a value in the first plain set of a kind, which is made where there is none. */
export function setPair(parent: Draft, kind: string, name: string, value: string): void {
  for (const set of parent.children) {
    if (set.name !== kind) continue;
    set.children = set.children.filter((c) => c.attrs["name"] !== name);
  }
  let set = parent.children.find((c) => c.name === kind && !c.children.some((x) => x.name === "rule"));
  if (!set || set.attrs["id-ref"] !== undefined) {
    set = make(kind, { id: `mutated-${parent.attrs["id"] ?? parent.name}-${kind}` });
    parent.children.unshift(set);
  }
  set.children.push(make("nvpair", { id: `mutated-${parent.attrs["id"] ?? ""}-${name}`, name, value }));
}

/** Sets a transient attribute of a node_state. */
export function setTransient(node: Draft, name: string, value: string): void {
  const part = partOf(node, "transient_attributes", { id: node.attrs["id"] ?? "" });
  setPair(part, "instance_attributes", name, value);
}

/** A resource and what of the configuration could name it. */
export function idsOf(resource: Draft): string[] {
  return all(resource, RESOURCES).map((r) => r.attrs["id"]!);
}

/** The CIB's words for the roles, which its schema decides. */
export function roles(root: Draft): { promoted: string; unpromoted: string } {
  const [, major, minor] = /^pacemaker-(\d+)\.(\d+)$/.exec(root.attrs["validate-with"] ?? "") ?? [];
  const today = Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 7);
  return today ? { promoted: "Promoted", unpromoted: "Unpromoted" } : { promoted: "Master", unpromoted: "Slave" };
}
