import {
  all,
  type Draft,
  type Draws,
  idsOf,
  type Mutation,
  make,
  pick,
  RESOURCES,
  roles,
  section,
  setPair,
} from "./draft.js";

const META: Readonly<Record<string, readonly string[]>> = {
  "target-role": ["Stopped", "Started", "Unpromoted", "Promoted"],
  "is-managed": ["false", "true"],
  maintenance: ["true"],
  "resource-stickiness": ["0", "1", "100", "INFINITY", "-10"],
  "migration-threshold": ["1", "3", "0"],
  "multiple-active": ["stop_start", "stop_only", "block", "stop_unexpected"],
  priority: ["0", "10", "100"],
  critical: ["false"],
  requires: ["nothing", "quorum", "fencing", "unfencing"],
  "failure-timeout": ["60", "1000d"],
  "allow-migrate": ["true", "false"],
  "allow-unhealthy-nodes": ["true"],
  "restart-type": ["restart"],
};

const CLONE_META: Readonly<Record<string, readonly string[]>> = {
  interleave: ["true", "false"],
  ordered: ["true", "false"],
  notify: ["true", "false"],
  "clone-max": ["1", "2", "3", "0"],
  "clone-node-max": ["1", "2"],
  "globally-unique": ["true", "false"],
  "promoted-max": ["1", "2", "0"],
  "promoted-node-max": ["1", "2"],
  "clone-min": ["1", "2"],
  promotable: ["true"],
};

/** Changes of resources and of their operations. */
export const RESOURCE: readonly Mutation[] = [
  meta,
  meta,
  function defaults(root, draws) {
    const configuration = section(root, "configuration");
    if (!configuration) return undefined;
    let part = section(configuration, "rsc_defaults");
    if (!part) {
      part = make("rsc_defaults", {});
      configuration.children.push(part);
    }
    const name = draws.of(Object.keys(META));
    const value = draws.of(META[name]!);
    setPair(part, "meta_attributes", name, value);
    return `default ${name}=${value}`;
  },
  function cloneMeta(root, draws) {
    const clone = pick(section(root, "resources"), draws, "clone", "master");
    if (!clone) return undefined;
    const name = draws.of(Object.keys(CLONE_META));
    const value = draws.of(CLONE_META[name]!);
    setPair(clone, "meta_attributes", name, value);
    return `meta ${clone.attrs["id"]} ${name}=${value}`;
  },
  function bundle(root, draws) {
    const container = pick(section(root, "resources"), draws, "docker", "podman", "rkt");
    if (!container) return undefined;
    const [name, value] = draws.of([
      ["replicas", draws.of(["1", "2", "3", "4"])],
      ["replicas-per-host", draws.of(["1", "2"])],
      ["promoted-max", draws.of(["0", "1", "2"])],
    ] as const);
    container.attrs[name] = value;
    if (name === "promoted-max") delete container.attrs["masters"];
    return `bundle's ${container.name} ${name}=${value}`;
  },
  function wrap(root, draws) {
    const resources = section(root, "resources");
    const plain = resources?.children.filter((r) => r.name === "primitive" || r.name === "group") ?? [];
    if (!resources || plain.length === 0) return undefined;
    const inner = draws.of(plain);
    if (inner.attrs["class"] === "stonith" || inner.attrs["type"] === "remote") return undefined;
    const clone = make("clone", { id: `mutated-clone-${inner.attrs["id"]}` }, [inner]);
    resources.children[resources.children.indexOf(inner)] = clone;
    if (draws.below(3) === 0) setPair(clone, "meta_attributes", "promotable", "true");
    return `${inner.name} ${inner.attrs["id"]} cloned`;
  },
  function group(root, draws) {
    const resources = section(root, "resources");
    const at = resources?.children.findIndex((r, i) => i >= draws.below(4) && r.name === "primitive") ?? -1;
    const next = resources?.children[at + 1];
    if (!resources || at < 0 || next?.name !== "primitive") return undefined;
    const members = resources.children.splice(at, 2);
    resources.children.splice(at, 0, make("group", { id: `mutated-group-${members[0]!.attrs["id"]}` }, members));
    return `group of ${members.map((m) => m.attrs["id"]).join(" and ")}`;
  },
  function withoutResource(root, draws) {
    const resources = section(root, "resources");
    if (!resources || resources.children.length < 2) return undefined;
    const candidates = resources.children.filter((r) => RESOURCES.includes(r.name));
    if (candidates.length === 0) return undefined;
    const gone = draws.of(candidates);
    resources.children.splice(resources.children.indexOf(gone), 1);
    const names = idsOf(gone);
    const constraints = section(root, "constraints");
    if (constraints) {
      const mentions = (e: Draft): boolean =>
        Object.entries(e.attrs).some(([key, value]) => key !== "id" && names.includes(value)) ||
        e.children.some((c) => (c.name === "resource_ref" ? names.includes(c.attrs["id"]!) : mentions(c)));
      constraints.children = constraints.children.filter((c) => !mentions(c));
    }
    return `without ${gone.name} ${gone.attrs["id"]}`;
  },
  function onFail(root, draws) {
    const op = pick(root, draws, "op");
    if (!op) return undefined;
    op.attrs["on-fail"] = draws.of(["ignore", "block", "stop", "restart", "standby", "fence", "demote"]);
    return `op ${op.attrs["id"]} on-fail=${op.attrs["on-fail"]}`;
  },
  function moreOperations(root, draws) {
    const primitive = pick(section(root, "resources"), draws, "primitive");
    if (!primitive) return undefined;
    let operations = primitive.children.find((c) => c.name === "operations");
    if (!operations) {
      operations = make("operations", {});
      primitive.children.push(operations);
    }
    if (operations.attrs["id-ref"] !== undefined) return undefined;
    const name = draws.of(["monitor", "monitor", "start", "stop", "promote", "demote"]);
    const { promoted, unpromoted } = roles(root);
    const attrs: Record<string, string> = {
      id: `mutated-op-${primitive.attrs["id"]}-${operations.children.length}`,
      name,
      interval: name === "monitor" ? draws.of(["7s", "11s"]) : "0",
    };
    if (name === "monitor" && draws.below(2) === 0)
      attrs["role"] = draws.of(["Stopped", "Started", promoted, unpromoted]);
    if (draws.below(2) === 0) attrs["on-fail"] = draws.of(["ignore", "block", "stop", "restart", "standby", "fence"]);
    operations.children.push(make("op", attrs));
    return `op ${Object.values(attrs).join(" ")}`;
  },
  function operation(root, draws) {
    const op = pick(root, draws, "op");
    if (!op) return undefined;
    const { promoted, unpromoted } = roles(root);
    const [name, value] = draws.of([
      ["interval", draws.of(["7s", "0"])],
      ["role", draws.of(["Stopped", promoted, unpromoted])],
      ["enabled", "false"],
      ["timeout", "17s"],
      ["record-pending", draws.of(["false", "true"])],
    ] as const);
    op.attrs[name] = value;
    return `op ${op.attrs["id"]} ${name}=${value}`;
  },
  function parameter(root, draws) {
    const primitive = pick(section(root, "resources"), draws, "primitive");
    if (!primitive) return undefined;
    setPair(primitive, "instance_attributes", "mutated", "1");
    return `parameters of ${primitive.attrs["id"]} changed`;
  },
  function utilization(root, draws) {
    const nodes = all(section(root, "nodes") ?? make("nodes", {}), ["node"]);
    const primitives = all(section(root, "resources") ?? make("resources", {}), ["primitive"]);
    const config = section(root, "crm_config");
    if (nodes.length === 0 || primitives.length === 0 || !config) return undefined;
    for (const node of nodes) setPair(node, "utilization", "cpu", draws.of(["1", "2", "4", "4"]));
    for (const primitive of primitives)
      if (draws.below(2) === 0) setPair(primitive, "utilization", "cpu", draws.of(["1", "2"]));
    const strategy = draws.of(["utilization", "minimal", "balanced"]);
    for (const set of config.children)
      set.children = set.children.filter((c) => c.attrs["name"] !== "placement-strategy");
    setPair(config, "cluster_property_set", "placement-strategy", strategy);
    return `utilization everywhere, ${strategy}`;
  },
];

function meta(root: Draft, draws: Draws): string | undefined {
  const resource = pick(section(root, "resources"), draws, ...RESOURCES);
  if (!resource) return undefined;
  const name = draws.of(Object.keys(META));
  const value = draws.of(META[name]!);
  setPair(resource, "meta_attributes", name, value);
  return `meta ${resource.attrs["id"]} ${name}=${value}`;
}
