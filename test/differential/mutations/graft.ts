import { all, constraintsOf, type Draft, type Draws, idsOf, make, RESOURCES, section } from "./draft.js";

/**
 * Moves a resource of one CIB into another: the resource with its templates, what is configured between it and itself,
 * and what each node remembers of it, node by node in the order of the status; nodes that it brings come along.
 * Undefined where the two have ids in common.
 */
export function graft(root: Draft, donor: Draft, draws: Draws): string | undefined {
  const theirs = section(donor, "resources");
  const ours = section(root, "resources");
  const status = section(root, "status");
  const candidates = theirs?.children.filter((r) => RESOURCES.includes(r.name)) ?? [];
  if (!ours || !status || candidates.length === 0) return undefined;
  const weighed = [...candidates, ...candidates.filter(isRare), ...candidates.filter(isRare)];
  const resource = structuredClone(draws.of(weighed));
  const ids = new Set(idsOf(resource));
  const known = new Set(all(root, [...RESOURCES, "node", "node_state", "lrm_resource"]).map((e) => e.attrs["id"]));
  if ([...ids].some((id) => known.has(id))) return undefined;
  const templates = new Set(all(resource, ["primitive"]).map((p) => p.attrs["template"]));
  for (const template of theirs!.children) {
    if (template.name !== "template" || !templates.has(template.attrs["id"])) continue;
    if (all(root, ["template"]).some((t) => t.attrs["id"] === template.attrs["id"])) return undefined;
    ours.children.push(structuredClone(template));
  }
  for (const p of all(resource, ["operations", "meta_attributes", "instance_attributes"])) {
    if (p.attrs["id-ref"] !== undefined) return undefined;
  }
  ours.children.splice(draws.below(ours.children.length + 1), 0, resource);
  graftConstraints(root, donor, ids);
  graftStatus(root, donor, ids, resource.name === "bundle" ? resource.attrs["id"] : undefined);
  return `${resource.name} ${resource.attrs["id"]} grafted`;
}

function isRare(resource: Draft): boolean {
  return (
    resource.name === "bundle" ||
    resource.attrs["type"] === "remote" ||
    all(resource, ["nvpair"]).some((p) => p.attrs["name"] === "remote-node")
  );
}

function graftConstraints(root: Draft, donor: Draft, ids: ReadonlySet<string>): void {
  const constraints = constraintsOf(root);
  const nodes = all(section(root, "nodes") ?? make("nodes", {}), ["node"]).map((n) => n.attrs["uname"]!);
  if (!constraints || nodes.length === 0) return;
  const have = new Set(constraints.children.map((c) => c.attrs["id"]));
  const theirNodes = all(section(donor, "nodes") ?? make("nodes", {}), ["node"]).map((n) => n.attrs["uname"]!);
  for (const c of section(donor, "constraints")?.children ?? []) {
    if (have.has(c.attrs["id"])) continue;
    const names = ["rsc", "with-rsc", "first", "then"].map((a) => c.attrs[a]).filter((n) => n !== undefined);
    if (names.length === 0 || !names.every((n) => ids.has(n!))) continue;
    const copy = structuredClone(c);
    const at = theirNodes.indexOf(copy.attrs["node"] ?? "");
    if (at >= 0) copy.attrs["node"] = nodes[at % nodes.length]!;
    constraints.children.push(copy);
  }
}

function graftStatus(root: Draft, donor: Draft, ids: ReadonlySet<string>, bundle: string | undefined): void {
  const status = section(root, "status")!;
  const ours = members(root);
  if (ours.length === 0) return;
  const concerns = (id: string): boolean =>
    ids.has(id.replace(/:\d+$/, "")) ||
    (bundle !== undefined && new RegExp(`^${bundle}-(\\d+$|docker-|podman-|rkt-|ip-)`).test(id));
  const names = new Map(members(donor).map((n, i) => [n.attrs["uname"], ours[i % ours.length]!.attrs["uname"]]));
  members(donor).forEach((from, i) => {
    const to = all(ours[i % ours.length]!, ["lrm_resources"])[0];
    if (!to) return;
    for (const r of all(from, ["lrm_resource"])) {
      const id = r.attrs["id"] ?? "";
      if (!concerns(id) || to.children.some((x) => x.attrs["id"] === id)) continue;
      const copy = structuredClone(r);
      for (const op of copy.children) {
        for (const end of ["on_node", "migrate_source", "migrate_target"]) {
          const name = names.get(op.attrs[end]);
          if (op.attrs[end] !== undefined && name !== undefined) op.attrs[end] = name;
        }
      }
      to.children.push(copy);
    }
  });
  for (const state of all(donor, ["node_state"])) {
    if (state.attrs["remote_node"] === undefined) continue;
    const name = state.attrs["uname"] ?? state.attrs["id"] ?? "";
    if (concerns(name) && !all(root, ["node_state"]).some((n) => n.attrs["id"] === state.attrs["id"]))
      status.children.push(structuredClone(state));
  }
}

function members(root: Draft): Draft[] {
  return all(root, ["node_state"]).filter((n) => n.attrs["remote_node"] === undefined);
}
