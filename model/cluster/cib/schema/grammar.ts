import type { XmlElement } from "../types.js";

/**
 * What may stand in a CIB's configuration, by Pacemaker Explained and by what Pacemaker 2.1.5's schemas took and refused
 * when each attribute, value and child was tried on each element (pacemaker-3.9).
 */

/** What an attribute may hold. */
export type Holds =
  /** Anything. */
  | "text"
  /** A name that no other element has. */
  | "id"
  /** The id of some element. */
  | "reference"
  | "score"
  | "integer"
  | "boolean"
  /** One of these words. */
  | readonly string[];

export interface ElementRule {
  readonly attributes: Readonly<Record<string, Holds>>;
  /** What must be there: an attribute or `<child>`; of several with a bar between, exactly one, with a slash, at least one. */
  readonly required: readonly string[];
  readonly children: readonly string[];
  /** What the others cannot say: what is wrong with an element, after its name. */
  readonly also?: (element: XmlElement) => string | undefined;
}

const ROLES = ["Started", "Stopped", "Promoted", "Unpromoted", "Master", "Slave"];
const ACTIONS = ["start", "promote", "demote", "stop"];
const KINDS = ["Optional", "Mandatory", "Serialize"];
const CLASSES = ["ocf", "lsb", "heartbeat", "stonith", "upstart", "service", "systemd", "nagios"];
const SETTINGS = ["instance_attributes", "meta_attributes"];

function rule(
  attributes: Readonly<Record<string, Holds>>,
  required: readonly string[] = [],
  children: readonly string[] = [],
): ElementRule {
  return { attributes, required, children };
}

/** A container that has no attributes. */
function section(...children: readonly string[]): ElementRule {
  return rule({}, [], children);
}

const PAIRS = rule({ id: "id", "id-ref": "reference", score: "score" }, ["id|id-ref"], ["rule", "nvpair"]);

const CALENDAR: Readonly<Record<string, Holds>> = {
  id: "id",
  seconds: "text",
  minutes: "text",
  hours: "text",
  monthdays: "text",
  weekdays: "text",
  yearsdays: "text",
  months: "text",
  weeks: "text",
  years: "text",
  weekyears: "text",
  moon: "text",
};

/** By the operation of a date_expression: what it needs, one of these at least, and what it may have besides. */
const MOMENTS: Readonly<Record<string, { readonly needs: readonly string[]; readonly takes: readonly string[] }>> = {
  gt: { needs: ["start"], takes: [] },
  lt: { needs: ["end"], takes: [] },
  in_range: { needs: ["start", "end"], takes: ["duration"] },
  date_spec: { needs: ["date_spec"], takes: [] },
};

function momentProblem({ attrs, children }: XmlElement): string | undefined {
  const { operation = "" } = attrs;
  const moment = Object.hasOwn(MOMENTS, operation) ? MOMENTS[operation] : undefined;
  if (!moment) return undefined;
  const there = [...["start", "end"].filter((name) => attrs[name] !== undefined), ...children.map(({ name }) => name)];
  if (!moment.needs.some((name) => there.includes(name)))
    return `lacks ${moment.needs.join(" or ")}, which the operation ${operation} needs`;
  const other = there.find((name) => !moment.needs.includes(name) && !moment.takes.includes(name));
  return other === undefined ? undefined : `has ${other}, which the operation ${operation} does not take`;
}

const CONTAINER = rule(
  {
    image: "text",
    replicas: "integer",
    "replicas-per-host": "integer",
    "promoted-max": "integer",
    masters: "integer",
    "run-command": "text",
    network: "text",
    options: "text",
  },
  ["image"],
);

const RESOURCES = ["primitive", "template", "group", "clone", "master", "bundle"];
const INSTANCES = rule(
  { id: "id", description: "text" },
  ["id", "<primitive>|<group>"],
  [...SETTINGS, "primitive", "group"],
);
const PRIMITIVE: Readonly<Record<string, Holds>> = {
  id: "id",
  class: CLASSES,
  provider: "text",
  type: "text",
  description: "text",
};
const PRIMITIVE_CHILDREN = [...SETTINGS, "operations", "utilization"];

/** Agents of the OCF have a provider, others have none. */
function providerProblem({ attrs: { class: of, provider } }: XmlElement): string | undefined {
  if (of === "ocf") return provider === undefined ? "lacks provider, which an agent of class ocf has" : undefined;
  return provider === undefined ? undefined : "has a provider, which only agents of class ocf have";
}

/** By the element's name; each means the same wherever it may stand. */
export const GRAMMAR: Readonly<Record<string, ElementRule>> = {
  configuration: rule(
    {},
    ["<crm_config>", "<nodes>", "<resources>", "<constraints>"],
    [
      "crm_config",
      "rsc_defaults",
      "op_defaults",
      "nodes",
      "resources",
      "constraints",
      "fencing-topology",
      "acls",
      "tags",
      "alerts",
    ],
  ),
  crm_config: section("cluster_property_set"),
  rsc_defaults: section("meta_attributes"),
  op_defaults: section("meta_attributes"),
  cluster_property_set: PAIRS,
  instance_attributes: PAIRS,
  meta_attributes: PAIRS,
  utilization: PAIRS,
  nvpair: rule({ id: "id", "id-ref": "reference", name: "text", value: "text" }, ["id|id-ref", "name/id-ref"]),

  rule: rule(
    {
      id: "id",
      "id-ref": "reference",
      score: "score",
      "score-attribute": "text",
      "boolean-op": ["and", "or"],
      role: "text",
    },
    ["id|id-ref"],
    ["expression", "date_expression", "rsc_expression", "op_expression", "rule"],
  ),
  expression: rule(
    {
      id: "id",
      attribute: "text",
      operation: ["lt", "gt", "lte", "gte", "eq", "ne", "defined", "not_defined"],
      value: "text",
      type: ["string", "integer", "number", "version"],
      "value-source": ["literal", "param", "meta"],
    },
    ["id", "attribute", "operation"],
  ),
  date_expression: {
    ...rule(
      { id: "id", operation: Object.keys(MOMENTS), start: "text", end: "text" },
      ["id", "operation"],
      ["date_spec", "duration"],
    ),
    also: momentProblem,
  },
  date_spec: rule({ ...CALENDAR, yeardays: "text" }, ["id"]),
  duration: rule({ ...CALENDAR, days: "text" }, ["id"]),
  rsc_expression: rule({ id: "id", class: "text", provider: "text", type: "text" }, ["id"]),
  op_expression: rule({ id: "id", name: "text", interval: "text" }, ["id", "name"]),

  nodes: section("node"),
  node: rule(
    { id: "text", uname: "text", type: ["member", "ping", "remote"], description: "text", score: "score" },
    ["id", "uname"],
    ["instance_attributes", "utilization"],
  ),

  resources: section(...RESOURCES),
  primitive: {
    ...rule({ ...PRIMITIVE, template: "reference" }, ["id", "class|template", "type|template"], PRIMITIVE_CHILDREN),
    also: providerProblem,
  },
  template: { ...rule(PRIMITIVE, ["id", "class", "type"], PRIMITIVE_CHILDREN), also: providerProblem },
  operations: rule({ id: "id", "id-ref": "reference" }, [], ["op"]),
  op: rule(
    {
      id: "id",
      name: "text",
      interval: "text",
      description: "text",
      "start-delay": "text",
      "interval-origin": "text",
      timeout: "text",
      enabled: "boolean",
      "record-pending": "boolean",
      role: ROLES,
      "on-fail": ["ignore", "block", "demote", "stop", "restart", "standby", "fence", "restart-container"],
    },
    ["id", "name", "interval"],
    SETTINGS,
  ),
  group: rule({ id: "id", description: "text" }, ["id", "<primitive>"], [...SETTINGS, "primitive"]),
  clone: INSTANCES,
  master: INSTANCES,
  bundle: rule(
    { id: "id", description: "text" },
    ["id", "<docker>|<podman>|<rkt>"],
    [...SETTINGS, "docker", "podman", "rkt", "network", "storage", "primitive"],
  ),
  docker: CONTAINER,
  podman: CONTAINER,
  rkt: CONTAINER,
  network: rule(
    {
      "ip-range-start": "text",
      "control-port": "integer",
      "host-interface": "text",
      "host-netmask": "integer",
      "add-host": "boolean",
    },
    [],
    ["port-mapping"],
  ),
  "port-mapping": rule({ id: "id", port: "integer", "internal-port": "integer", range: "text" }, ["id", "port|range"]),
  storage: section("storage-mapping"),
  "storage-mapping": rule(
    { id: "id", "source-dir": "text", "source-dir-root": "text", "target-dir": "text", options: "text" },
    ["id", "source-dir|source-dir-root", "target-dir"],
  ),

  constraints: section("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket"),
  rsc_location: rule(
    {
      id: "id",
      rsc: "reference",
      "rsc-pattern": "text",
      role: ROLES,
      node: "text",
      score: "score",
      "resource-discovery": ["always", "never", "exclusive"],
    },
    ["id", "rsc|rsc-pattern|<resource_set>", "node|<rule>", "score|<rule>"],
    ["rule", "resource_set", "lifetime"],
  ),
  lifetime: section("rule"),
  resource_set: rule(
    {
      id: "id",
      "id-ref": "reference",
      sequential: "boolean",
      "require-all": "boolean",
      ordering: ["group", "listed"],
      action: ACTIONS,
      role: ROLES,
      score: "score",
      kind: KINDS,
    },
    ["id|id-ref", "<resource_ref>|id-ref"],
    ["resource_ref"],
  ),
  resource_ref: rule({ id: "reference" }, ["id"]),
  rsc_colocation: rule(
    {
      id: "id",
      rsc: "reference",
      "rsc-role": ROLES,
      "with-rsc": "reference",
      "with-rsc-role": ROLES,
      "node-attribute": "text",
      score: "score",
      influence: "text",
    },
    ["id", "rsc|<resource_set>", "with-rsc|<resource_set>"],
    ["resource_set", "lifetime"],
  ),
  rsc_order: rule(
    {
      id: "id",
      first: "reference",
      "first-action": ACTIONS,
      // biome-ignore lint/suspicious/noThenProperty: the attribute's name
      then: "reference",
      "then-action": ACTIONS,
      kind: KINDS,
      score: "score",
      symmetrical: "boolean",
      "require-all": "boolean",
    },
    ["id", "first|<resource_set>", "then|<resource_set>"],
    ["resource_set", "lifetime"],
  ),
  rsc_ticket: rule(
    {
      id: "id",
      rsc: "reference",
      "rsc-role": ROLES,
      ticket: "text",
      "loss-policy": ["stop", "demote", "fence", "freeze"],
    },
    ["id", "ticket", "rsc|<resource_set>"],
    ["resource_set"],
  ),

  "fencing-topology": section("fencing-level"),
  "fencing-level": rule(
    {
      id: "id",
      target: "text",
      "target-pattern": "text",
      "target-attribute": "text",
      "target-value": "text",
      index: "integer",
      devices: "text",
    },
    ["id", "target|target-pattern|target-attribute", "index", "devices"],
  ),

  acls: section("acl_target", "acl_group", "acl_role"),
  acl_target: rule({ id: "text", name: "text" }, ["id"], ["role"]),
  acl_group: rule({ id: "id", name: "text" }, ["id"], ["role"]),
  role: rule({ id: "reference" }, ["id"]),
  acl_role: rule({ id: "id", description: "text" }, ["id"], ["acl_permission"]),
  acl_permission: rule(
    {
      id: "id",
      kind: ["read", "write", "deny"],
      xpath: "text",
      reference: "reference",
      "object-type": "text",
      attribute: "text",
      description: "text",
    },
    ["id", "kind", "xpath|reference|object-type"],
  ),

  tags: section("tag"),
  tag: rule({ id: "id" }, ["id", "<obj_ref>"], ["obj_ref"]),
  obj_ref: rule({ id: "text" }, ["id"]),

  alerts: section("alert"),
  alert: rule({ id: "id", description: "text", path: "text" }, ["id", "path"], [...SETTINGS, "select", "recipient"]),
  select: section("select_nodes", "select_fencing", "select_resources", "select_attributes"),
  select_nodes: section(),
  select_fencing: section(),
  select_resources: section(),
  select_attributes: section("attribute"),
  attribute: rule({ id: "id", name: "text" }, ["id", "name"]),
  recipient: rule({ id: "id", description: "text", value: "text" }, ["id", "value"], SETTINGS),
};
