import fc from "fast-check";
import { features } from "./features/index.js";
import type { Feature } from "./features/subject.js";

/**
 * Random CIBs in the shape a cluster could be in, as plain data that fast-check shrinks to something an operator can
 * read, and their XML. Nodes are n1 … n4; the history of a resource says where it was last seen and how it fared.
 *
 * They hold no bundles, remote or guest nodes, tickets, utilization, templates, tags, rules, resource sets, migrations,
 * fencing levels or unfencing, node health, shutdown locks or expiring failures, and no operation that is under way:
 * of these, the recorded cases and what is made of them (--mutate-cases) speak.
 */
export interface RandomCib {
  readonly nodes: readonly RandomNode[];
  readonly items: readonly Item[];
  readonly constraints: readonly Constraint[];
  readonly options: Readonly<Record<string, string>>;
  readonly haveQuorum: boolean;
  /** What is put into it beyond these, in this order. */
  readonly features: readonly Feature[];
}

export interface RandomNode {
  readonly state: "online" | "offline" | "unclean" | "standby" | "maintenance" | "never-seen" | "shutting-down";
  /** One history for each primitive, by its position in document order; wraps around. */
  readonly histories: readonly History[];
}

export type History =
  | "none"
  | "absent"
  | "started"
  | "started-unmonitored"
  | "monitor-failed"
  | "start-failed"
  | "stop-failed"
  | "promoted"
  | "unpromoted"
  | "stopped";

export interface Primitive {
  readonly kind: "primitive";
  readonly meta: Readonly<Record<string, string>>;
  readonly monitorSeconds: number;
  /** on-fail of the monitor; undefined for the default. */
  readonly onFail: string | undefined;
  /** What its histories say of the parameters it ran with: those of today, others, or nothing. */
  readonly parameters: "same" | "changed" | "unknown";
}

export type Item =
  | Primitive
  | { readonly kind: "group"; readonly members: readonly Primitive[]; readonly meta: Readonly<Record<string, string>> }
  | {
      readonly kind: "clone";
      readonly of: Primitive | { readonly members: readonly Primitive[] };
      readonly promotable: boolean;
      readonly meta: Readonly<Record<string, string>>;
    };

export type Constraint =
  | { readonly kind: "location"; readonly item: number; readonly node: number; readonly score: string }
  | {
      readonly kind: "colocation";
      readonly item: number;
      readonly with: number;
      readonly score: string;
      readonly role: string | undefined;
    }
  | {
      readonly kind: "order";
      readonly first: number;
      readonly second: number;
      readonly orderKind: string;
      readonly symmetrical: string | undefined;
      readonly promote: boolean;
    };

const NODES_MAX = 4;

const scores = fc.constantFrom("INFINITY", "-INFINITY", "100", "-50", "10", "0");

const primitiveMeta = fc.record(
  {
    "target-role": fc.constantFrom("Started", "Stopped"),
    "is-managed": fc.constantFrom("true", "false"),
    "resource-stickiness": fc.constantFrom("0", "1", "100", "INFINITY"),
    "migration-threshold": fc.constantFrom("1", "3"),
    priority: fc.constantFrom("0", "5", "10"),
    "multiple-active": fc.constantFrom("stop_start", "stop_only", "block"),
  },
  { requiredKeys: [] },
);

const parameters: fc.Arbitrary<Primitive["parameters"]> = fc.oneof(
  { weight: 18, arbitrary: fc.constant("same" as const) },
  { weight: 1, arbitrary: fc.constantFrom("changed" as const, "unknown" as const) },
);

const primitive: fc.Arbitrary<Primitive> = fc.record({
  kind: fc.constant("primitive" as const),
  // Mostly plain: a cluster where everything is exceptional teaches nothing.
  meta: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: primitiveMeta }),
  monitorSeconds: fc.constantFrom(0, 10, 20),
  onFail: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom("restart", "fence", "block", "ignore", "standby", "stop") },
  ),
  parameters,
});

const cloneMeta = fc.record(
  {
    interleave: fc.constantFrom("true", "false"),
    ordered: fc.constantFrom("true", "false"),
    "clone-max": fc.constantFrom("1", "2", "3"),
    notify: fc.constantFrom("false", "true"),
    "target-role": fc.constantFrom("Started", "Stopped"),
  },
  { requiredKeys: [] },
);

const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 4, arbitrary: primitive as fc.Arbitrary<Item> },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("group" as const),
      members: fc.array(primitive, { minLength: 1, maxLength: 3 }),
      meta: fc.constant({}),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("clone" as const),
      of: fc.oneof(
        { weight: 3, arbitrary: primitive as fc.Arbitrary<Primitive | { members: Primitive[] }> },
        { weight: 1, arbitrary: fc.record({ members: fc.array(primitive, { minLength: 1, maxLength: 2 }) }) },
      ),
      promotable: fc.boolean(),
      meta: fc.oneof(fc.constant({}), cloneMeta),
    }),
  },
);

const histories: fc.Arbitrary<History> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<History>("absent", "started", "none") },
  {
    weight: 2,
    arbitrary: fc.constantFrom<History>(
      "monitor-failed",
      "start-failed",
      "stop-failed",
      "promoted",
      "unpromoted",
      "stopped",
      "started-unmonitored",
    ),
  },
);

const node: fc.Arbitrary<RandomNode> = fc.record({
  state: fc.oneof(
    { weight: 6, arbitrary: fc.constant("online" as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<RandomNode["state"]>(
        "offline",
        "unclean",
        "standby",
        "maintenance",
        "never-seen",
        "shutting-down",
      ),
    },
  ),
  histories: fc.array(histories, { minLength: 1, maxLength: 8 }),
});

const constraint: fc.Arbitrary<Constraint> = fc.oneof(
  fc.record({ kind: fc.constant("location" as const), item: fc.nat(9), node: fc.nat(NODES_MAX - 1), score: scores }),
  fc.record({
    kind: fc.constant("colocation" as const),
    item: fc.nat(9),
    with: fc.nat(9),
    score: scores,
    role: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant("Promoted") }),
  }),
  fc.record({
    kind: fc.constant("order" as const),
    first: fc.nat(9),
    second: fc.nat(9),
    orderKind: fc.constantFrom("Mandatory", "Optional", "Serialize"),
    symmetrical: fc.constantFrom(undefined, "false"),
    promote: fc.boolean(),
  }),
);

const plain = {
  nodes: fc.array(node, { minLength: 1, maxLength: NODES_MAX }),
  items: fc.array(item, { minLength: 1, maxLength: 4 }),
  constraints: fc.array(constraint, { maxLength: 4 }),
  options: fc.record(
    {
      "stonith-enabled": fc.constantFrom("true", "false"),
      "no-quorum-policy": fc.constantFrom("stop", "freeze", "ignore", "suicide", "demote"),
      "symmetric-cluster": fc.constantFrom("true", "true", "true", "false"),
      "maintenance-mode": fc.constantFrom("false", "false", "false", "true"),
      "stop-all-resources": fc.constantFrom("false", "false", "false", "true"),
      "start-failure-is-fatal": fc.constantFrom("true", "false"),
    },
    { requiredKeys: ["stonith-enabled"] },
  ),
  haveQuorum: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
};

/** Random CIBs with some features put into them. */
export const cibsWith = (some: fc.Arbitrary<readonly Feature[]>): fc.Arbitrary<RandomCib> =>
  fc.record({ ...plain, features: some });

/** With any features. */
export const randomCib = cibsWith(features);

/** With none. */
export const plainCib = cibsWith(fc.constant([]));
