import {
  constraintsOf,
  type Draft,
  type Draws,
  type Mutation,
  make,
  pick,
  RESOURCES,
  roles,
  section,
} from "./draft.js";

const SCORES = ["INFINITY", "-INFINITY", "100", "-100"];

/** Changes of constraints, and constraints of every kind between what is there. */
export const CONSTRAINT: readonly Mutation[] = [
  function withoutConstraint(root, draws) {
    const constraints = section(root, "constraints");
    if (!constraints || constraints.children.length === 0) return undefined;
    const [gone] = constraints.children.splice(draws.below(constraints.children.length), 1);
    return `without ${gone!.name} ${gone!.attrs["id"]}`;
  },
  function otherScore(root, draws) {
    const constraint = pick(root, draws, "rsc_colocation", "rsc_location", "rule");
    if (!constraint || constraint.attrs["score"] === undefined) return undefined;
    const score = draws.of([...SCORES, "0"]);
    constraint.attrs["score"] = score;
    return `${constraint.name} ${constraint.attrs["id"]} score=${score}`;
  },
  function otherColocation(root, draws) {
    const colocation = pick(root, draws, "rsc_colocation");
    if (!colocation) return undefined;
    const { promoted, unpromoted } = roles(root);
    const [name, value] = draws.of([
      ["influence", draws.of(["true", "false"])],
      ["rsc-role", draws.of([promoted, unpromoted, "Started"])],
      ["with-rsc-role", draws.of([promoted, unpromoted, "Started"])],
      ["node-attribute", draws.of(["#kind", "#id", "rack"])],
    ] as const);
    colocation.attrs[name] = value;
    return `rsc_colocation ${colocation.attrs["id"]} ${name}=${value}`;
  },
  function otherOrder(root, draws) {
    const order = pick(root, draws, "rsc_order");
    if (!order) return undefined;
    const how = draws.below(4);
    if (how === 0) {
      order.attrs["symmetrical"] = "false";
      return `rsc_order ${order.attrs["id"]} symmetrical=false`;
    }
    if (how === 1 && order.attrs["first"] !== undefined) {
      const name = draws.of(["first-action", "then-action"]);
      order.attrs[name] = draws.of(["start", "stop", "promote", "demote"]);
      return `rsc_order ${order.attrs["id"]} ${name}=${order.attrs[name]}`;
    }
    delete order.attrs["score"];
    order.attrs["kind"] = draws.of(["Optional", "Mandatory", "Serialize"]);
    return `rsc_order ${order.attrs["id"]} kind=${order.attrs["kind"]}`;
  },
  function otherSet(root, draws) {
    const set = pick(section(root, "constraints"), draws, "resource_set");
    if (!set || set.attrs["id-ref"] !== undefined) return undefined;
    const name = draws.of(["sequential", "require-all"]);
    set.attrs[name] = draws.of(["true", "false"]);
    return `resource_set ${set.attrs["id"]} ${name}=${set.attrs[name]}`;
  },
  between,
  between,
  function betweenSets(root, draws) {
    const constraints = constraintsOf(root);
    const names = topNames(root);
    if (!constraints || names.length < 3) return undefined;
    const id = `mutated-${constraints.children.length}`;
    const shuffled = names
      .map((name) => ({ name, at: draws.below(1000) }))
      .sort((a, b) => a.at - b.at)
      .slice(0, 4);
    const half = 1 + draws.below(shuffled.length - 1);
    const set = (members: typeof shuffled, n: number): Draft =>
      make(
        "resource_set",
        { id: `${id}-${n}`, ...(draws.below(2) === 0 ? { sequential: draws.of(["true", "false"]) } : {}) },
        members.map((m) => make("resource_ref", { id: m.name })),
      );
    const sets = [set(shuffled.slice(0, half), 0), set(shuffled.slice(half), 1)];
    const name = draws.of(["rsc_order", "rsc_colocation"]);
    if (name === "rsc_order" && draws.below(3) === 0) sets[0]!.attrs["require-all"] = "false";
    const attrs: Record<string, string> =
      name === "rsc_order" ? { kind: draws.of(["Mandatory", "Optional", "Serialize"]) } : { score: draws.of(SCORES) };
    constraints.children.push(make(name, { id, ...attrs }, sets));
    return `${name} of sets ${shuffled.map((s) => s.name).join(" ")} (${half})`;
  },
  function ban(root, draws) {
    const constraints = constraintsOf(root);
    const resource = pick(section(root, "resources"), draws, ...RESOURCES);
    const node = pick(section(root, "nodes"), draws, "node");
    if (!constraints || !resource || !node) return undefined;
    const rsc = resource.attrs["id"]!;
    const score = draws.of(SCORES);
    const more: Record<string, string> = {};
    if (draws.below(4) === 0) more["resource-discovery"] = draws.of(["never", "exclusive"]);
    if (draws.below(5) === 0) more["role"] = roles(root).promoted;
    const id = `mutated-${constraints.children.length}`;
    const name = node.attrs["uname"]!;
    constraints.children.push(make("rsc_location", { id, rsc, node: name, score, ...more }));
    return `location ${rsc} on ${name} ${score} ${Object.values(more).join(" ")}`;
  },
  function rule(root, draws) {
    const constraints = constraintsOf(root);
    const resource = pick(section(root, "resources"), draws, ...RESOURCES);
    const node = pick(section(root, "nodes"), draws, "node");
    if (!constraints || !resource || !node) return undefined;
    const id = `mutated-${constraints.children.length}`;
    const [attribute, operation, value] = draws.of([
      ["#uname", draws.of(["eq", "ne"]), node.attrs["uname"]!],
      ["#kind", draws.of(["eq", "ne"]), draws.of(["remote", "container", "cluster"])],
      ["#is_dc", "eq", "true"],
      ["standby", "defined", ""],
      ["rack", "not_defined", ""],
    ] as const);
    const expression = make("expression", { id: `${id}-e`, attribute, operation, ...(value === "" ? {} : { value }) });
    const score = draws.of(SCORES);
    const attrs: Record<string, string> = { id: `${id}-r`, score };
    if (draws.below(5) === 0) attrs["role"] = roles(root).promoted;
    constraints.children.push(
      make("rsc_location", { id, rsc: resource.attrs["id"]! }, [make("rule", attrs, [expression])]),
    );
    return `location ${resource.attrs["id"]} where ${attribute} ${operation} ${value}: ${score} ${attrs["role"] ?? ""}`;
  },
  function ticket(root, draws) {
    const constraints = constraintsOf(root);
    const status = section(root, "status");
    const names = topNames(root);
    if (!constraints || !status || names.length === 0) return undefined;
    const id = `mutated-${constraints.children.length}`;
    const rsc = draws.of(names);
    const policy = draws.of(["stop", "demote", "fence", "freeze"]);
    const attrs: Record<string, string> = { id, rsc, ticket: "mutated", "loss-policy": policy };
    if (draws.below(3) === 0) attrs["rsc-role"] = roles(root).promoted;
    constraints.children.push(make("rsc_ticket", attrs));
    const state = draws.of(["granted", "revoked", "standby", "unknown"]);
    if (state !== "unknown") {
      let tickets = status.children.find((c) => c.name === "tickets");
      if (!tickets) {
        tickets = make("tickets", {});
        status.children.push(tickets);
      }
      tickets.children = tickets.children.filter((t) => t.attrs["id"] !== "mutated");
      tickets.children.push(
        make("ticket_state", {
          id: "mutated",
          granted: String(state !== "revoked"),
          ...(state === "standby" ? { standby: "true" } : {}),
          "last-granted": "1399000000",
        }),
      );
    }
    return `ticket (${state}) of ${rsc} ${attrs["rsc-role"] ?? ""} ${policy}`;
  },
  function lossPolicy(root, draws) {
    const constraint = pick(root, draws, "rsc_ticket");
    if (!constraint) return undefined;
    constraint.attrs["loss-policy"] = draws.of(["stop", "demote", "fence", "freeze"]);
    return `rsc_ticket ${constraint.attrs["id"]} loss-policy=${constraint.attrs["loss-policy"]}`;
  },
];

function topNames(root: Draft): string[] {
  const resources = section(root, "resources");
  return (resources?.children ?? []).filter((r) => RESOURCES.includes(r.name)).map((r) => r.attrs["id"]!);
}

/** An order or a colocation between two of what is there, members of groups among them. */
function between(root: Draft, draws: Draws): string | undefined {
  const constraints = constraintsOf(root);
  const resources = section(root, "resources");
  const names = topNames(root);
  for (const member of resources?.children ?? []) {
    if (member.name === "group")
      names.push(...member.children.filter((c) => c.name === "primitive").map((c) => c.attrs["id"]!));
  }
  if (!constraints || names.length < 2) return undefined;
  const a = draws.of(names);
  const b = draws.of(names.filter((n) => n !== a));
  const id = `mutated-${constraints.children.length}`;
  const { promoted } = roles(root);
  if (draws.below(2) === 0) {
    const attrs: Record<string, string> = { kind: draws.of(["Optional", "Mandatory", "Mandatory", "Serialize"]) };
    if (draws.below(4) === 0) attrs["first-action"] = draws.of(["promote", "stop", "demote", "start"]);
    if (draws.below(4) === 0) attrs["then-action"] = draws.of(["promote", "stop", "demote", "start"]);
    // biome-ignore lint/suspicious/noThenProperty: the attribute of rsc_order is called that
    constraints.children.push(make("rsc_order", { id, first: a, then: b, ...attrs }));
    return `order ${a} then ${b} ${Object.values(attrs).join(" ")}`;
  }
  const attrs: Record<string, string> = { score: draws.of(["INFINITY", ...SCORES]) };
  if (draws.below(4) === 0) attrs["with-rsc-role"] = promoted;
  if (draws.below(6) === 0) attrs["rsc-role"] = promoted;
  constraints.children.push(make("rsc_colocation", { id, rsc: a, "with-rsc": b, ...attrs }));
  return `colocation ${a} with ${b} ${Object.values(attrs).join(" ")}`;
}
