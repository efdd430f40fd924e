import fc from "fast-check";
import { all, constraintsOf, type Draft, make, RESOURCES, section, setPair, setTransient } from "../mutations/draft.js";

/** Something that clusters have and a plain random CIB has not, drawn with all that it needs: put into a CIB. */
export type Feature = (cib: Subject) => void;

/** The features of one family; each shrinks on its own. */
export type Family = fc.Arbitrary<Feature>;

/** A CIB that features are put into. Positions wrap around, so that what was drawn fits whatever the CIB holds. */
export class Subject {
  readonly root: Draft;
  #made = 0;

  constructor(root: Draft) {
    this.root = root;
  }

  /** An id that nothing else has. */
  id(kind: string): string {
    return `${kind}${this.#made++}`;
  }

  /** The resources section's own, without fence devices. */
  get tops(): Draft[] {
    return this.#section("resources").children.filter(
      (r) => RESOURCES.includes(r.name) && r.attrs["class"] !== "stonith",
    );
  }

  get primitives(): Draft[] {
    return this.tops.flatMap((top) => all(top, ["primitive"]));
  }

  get nodes(): Draft[] {
    return all(this.#section("nodes"), ["node"]);
  }

  /** Only of nodes that were seen. */
  get nodeStates(): Draft[] {
    return all(this.#section("status"), ["node_state"]);
  }

  /** Those of the cluster's members. */
  get memberStates(): Draft[] {
    return this.nodeStates.filter((state) => state.attrs["remote_node"] === undefined);
  }

  addNodeState(state: Draft): void {
    this.#section("status").children.push(state);
  }

  nodeName(position: number): string {
    return at(this.nodes, position).attrs["uname"]!;
  }

  /** What constraints may name: the resources section's own, and the members of its groups. */
  get constrainable(): string[] {
    const names = this.tops.map((top) => top.attrs["id"]!);
    for (const top of this.tops) {
      if (top.name === "group") names.push(...all(top, ["primitive"]).map((p) => p.attrs["id"]!));
    }
    return names;
  }

  /** The members of a group, or the group of a member: what it would be senseless to constrain to each other. */
  groupOrMembers(name: string): string[] {
    const groups = this.tops.filter((top) => top.name === "group");
    for (const group of groups) {
      const members = all(group, ["primitive"]).map((p) => p.attrs["id"]!);
      if (group.attrs["id"] === name) return members;
      if (members.includes(name)) return [group.attrs["id"]!];
    }
    return [];
  }

  /** What a node remembers of a primitive, made where it remembers nothing; undefined where it keeps no history. */
  history(node: Draft, id: string): Draft | undefined {
    const all = node.children.find((c) => c.name === "lrm")?.children.find((c) => c.name === "lrm_resources");
    if (!all) return undefined;
    let found = all.children.find((r) => r.attrs["id"] === id);
    if (!found) {
      const primitive = this.primitives.find((p) => p.attrs["id"] === id)!;
      const { class: standard, provider, type } = primitive.attrs;
      found = make("lrm_resource", { id, class: standard!, provider: provider!, type: type! });
      all.children.push(found);
    }
    return found;
  }

  /** Takes a top-level primitive out of the configuration: the nodes that know it have an orphan. Constraints on it go. */
  orphan(position: number): void {
    const lonely = this.tops.filter((top) => top.name === "primitive");
    if (lonely.length === 0 || this.tops.length < 2) return;
    const gone = at(lonely, position);
    const id = gone.attrs["id"]!;
    const resources = this.#section("resources");
    resources.children = resources.children.filter((r) => r !== gone);
    const constraints = constraintsOf(this.root)!;
    const names = (e: Draft): boolean => Object.values(e.attrs).includes(id) || e.children.some(names);
    constraints.children = constraints.children.filter((c) => !names(c));
    for (const tag of all(this.root, ["tag"])) tag.children = tag.children.filter((o) => o.attrs["id"] !== id);
  }

  constrain(element: Draft): void {
    constraintsOf(this.root)!.children.push(element);
  }

  option(name: string, value: string): void {
    setPair(this.#section("crm_config"), "cluster_property_set", name, value);
  }

  meta(resource: Draft, name: string, value: string): void {
    setPair(resource, "meta_attributes", name, value);
  }

  /** A transient attribute, where the node was seen. */
  transient(position: number, name: string, value: string): void {
    const states = this.nodeStates;
    if (states.length > 0) setTransient(at(states, position), name, value);
  }

  /** The section of a name below the configuration, made where there is none. */
  configuration(name: string): Draft {
    const parent = this.#section("configuration");
    let found = parent.children.find((c) => c.name === name);
    if (!found) {
      found = make(name, {});
      parent.children.push(found);
    }
    return found;
  }

  /** What is known of a ticket. */
  ticket(id: string, state: "granted" | "revoked" | "standby"): void {
    const status = this.#section("status");
    let tickets = status.children.find((c) => c.name === "tickets");
    if (!tickets) {
      tickets = make("tickets", {});
      status.children.push(tickets);
    }
    tickets.children = tickets.children.filter((t) => t.attrs["id"] !== id);
    const attrs: Record<string, string> = { id, granted: String(state !== "revoked"), "last-granted": "1399000000" };
    if (state === "standby") attrs["standby"] = "true";
    tickets.children.push(make("ticket_state", attrs));
  }

  #section(name: string): Draft {
    return section(this.root, name)!;
  }
}

/** Positions wrap around; the list must hold something. */
export function at<T>(list: readonly T[], position: number): T {
  return list[position % list.length]!;
}

/** Mostly not said: `often` times as often as one of the values. */
export function maybe<T>(often: number, values: readonly T[]): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: often, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
}
