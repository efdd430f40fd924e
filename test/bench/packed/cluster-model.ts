import { setup } from "xstate";
import {
  type ClosedModel,
  closedModel,
  each,
  type Facts,
  flag,
  oneOf,
  type Rule,
  range,
  type State,
} from "../../../model/packed/index.js";

/**
 * Three nodes, a database and an address that follows it. The cluster's controller (the first node that sees a
 * majority) fences nodes that it has lost, places the database on the first node that can take it, and the address
 * where the database runs. Faults come out of a budget: crashes, failed starts, stops and monitors, a partition, and
 * fencing that is refused. The same model as the Promela files that Spin is measured with.
 */
const NODES = ["n1", "n2", "n3"] as const;
type Node = (typeof NODES)[number];
const FAILURES_MAX = 3;
const REFUSALS_MAX = 3;

/** A node outside the cluster has either no power (`off`) or is up and has not joined (`booted`). */
const node = setup({
  types: { events: {} as { type: "CRASHED" | "FENCED" | "POWERED_ON" | "JOINED" } },
}).createMachine({
  id: "node",
  initial: "member",
  states: {
    off: { on: { POWERED_ON: "booted" } },
    booted: { on: { CRASHED: "off", FENCED: "off", JOINED: "member" } },
    member: { on: { CRASHED: "off", FENCED: "off" } },
  },
});

const database = setup({
  types: {
    events: {} as { type: "START" | "STARTED" | "FAILED" | "STOP" | "STOP_FAILED" | "STOPPED" | "NODE_GONE" },
  },
}).createMachine({
  id: "database",
  initial: "stopped",
  states: {
    stopped: { on: { START: "starting" } },
    starting: { on: { STARTED: "started", FAILED: "failed" } },
    started: { on: { FAILED: "failed" } },
    failed: { on: { STOP: "stopping" } },
    stopping: { on: { STOPPED: "stopped", STOP_FAILED: "failed" } },
  },
  on: { NODE_GONE: ".stopped" },
});

const address = setup({
  types: { events: {} as { type: "START" | "STARTED" | "FAILED" | "STOP" | "STOPPED" | "NODE_GONE" } },
}).createMachine({
  id: "address",
  initial: "stopped",
  states: {
    stopped: { on: { START: "starting" } },
    starting: { on: { STARTED: "started" } },
    started: { on: { FAILED: "failed", STOP: "stopping" } },
    failed: { on: { STOP: "stopping" } },
    stopping: { on: { STOPPED: "stopped" } },
  },
  on: { NODE_GONE: ".stopped" },
});

/** What the cluster believes of fencing a node. A request outlives the node's return. */
const fencing = setup({
  types: { events: {} as { type: "REQUESTED" | "REFUSED" | "CONFIRMED" | "NODE_JOINED" } },
}).createMachine({
  id: "fencing",
  initial: "none",
  states: {
    none: { on: { REQUESTED: "requested" } },
    requested: { on: { REFUSED: "none", CONFIRMED: "confirmed" } },
    confirmed: { on: { NODE_JOINED: "none" } },
  },
});

const OWNERS = [...NODES, "nobody"] as const;
const parts = (faults: number) => ({
  node: each(NODES, node),
  database: each(NODES, database),
  address: each(NODES, address),
  fencing: each(NODES, fencing),
  partitioned: flag(),
  side: each(NODES, flag()),
  failures: each(NODES, range(0, FAILURES_MAX)),
  refusals: range(0, REFUSALS_MAX),
  faults: range(0, faults, faults),
  databaseOwner: oneOf(OWNERS, "nobody"),
  addressOwner: oneOf(OWNERS, "nobody"),
});
type ClusterParts = ReturnType<typeof parts>;
type Reads = Facts<ClusterParts>;
type Writes = State<ClusterParts>;
type ClusterRule = Rule<ClusterParts>;

const isMember = (n: Node) => (s: Reads) => s.node[n].is("member");
const reaches = (s: Reads, from: Node, to: Node) => !s.partitioned || s.side[from] === s.side[to];
const sees = (s: Reads, from: Node, to: Node) => s.node[to].is("member") && reaches(s, from, to);
const earlier = (n: Node): readonly Node[] => NODES.slice(0, NODES.indexOf(n));
const faultsLeft = (s: Reads) => s.faults > 0;

/** The first member of a partition with a majority decides. */
const decides = (n: Node) => (s: Reads) =>
  s.node[n].is("member") &&
  NODES.filter((other) => sees(s, n, other)).length * 2 > NODES.length &&
  !earlier(n).some((other) => sees(s, n, other));
/** A node that n cannot see and that nobody has fenced may be doing anything. */
const isUnsafe = (n: Node, other: Node) => (s: Reads) => !s.fencing[other].is("confirmed") && !sees(s, n, other);
const isSafe = (n: Node, other: Node) => (s: Reads) => !isUnsafe(n, other)(s);
const canTake = (n: Node, other: Node) => (s: Reads) =>
  sees(s, n, other) && s.database[other].is("stopped") && s.failures[other] < FAILURES_MAX;
const cannotTake = (n: Node, other: Node) => (s: Reads) => !canTake(n, other)(s);
const isActive = (s: Reads, n: Node) =>
  !s.node[n].is("off") && (s.database[n].is("started") || s.database[n].is("stopping"));

function countFailure(s: Writes, n: Node): void {
  s.failures[n] = Math.min(FAILURES_MAX, s.failures[n] + 1);
}

/** What n's processes were is gone; `fence` and `crash` also forget the failures. */
function processesGone(s: Writes, n: Node): void {
  s.database[n].send("NODE_GONE");
  s.address[n].send("NODE_GONE");
}

function operations(n: Node): ClusterRule[] {
  const member = isMember(n);
  return [
    {
      name: `the database has started on ${n}`,
      when: [member, (s) => s.database[n].is("starting")],
      does: (s) => s.database[n].send("STARTED"),
    },
    {
      name: `the database fails to start on ${n}`,
      when: [faultsLeft, member, (s) => s.database[n].is("starting")],
      does: (s) => {
        s.faults--;
        s.database[n].send("FAILED");
        countFailure(s, n);
      },
    },
    {
      name: `the database has stopped on ${n}`,
      when: [member, (s) => s.database[n].is("stopping")],
      does: (s) => s.database[n].send("STOPPED"),
    },
    {
      name: `the database fails to stop on ${n}`,
      when: [faultsLeft, member, (s) => s.database[n].is("stopping")],
      does: (s) => {
        s.faults--;
        s.database[n].send("STOP_FAILED");
        s.fencing[n].send("REQUESTED");
      },
    },
    {
      name: `the address has started on ${n}`,
      when: [member, (s) => s.address[n].is("starting")],
      does: (s) => s.address[n].send("STARTED"),
    },
    {
      name: `the address has stopped on ${n}`,
      when: [member, (s) => s.address[n].is("stopping")],
      does: (s) => s.address[n].send("STOPPED"),
    },
  ];
}

function decisions(n: Node): ClusterRule[] {
  const calm = [decides(n), ...NODES.map((other) => isSafe(n, other))];
  return [
    ...NODES.map((other) => ({
      name: `${n} asks for ${other} to be fenced`,
      when: [
        decides(n),
        isUnsafe(n, other),
        ...earlier(other).map((first) => isSafe(n, first)),
        (s: Reads) => !s.fencing[other].is("requested"),
      ],
      does: (s: Writes) => s.fencing[other].send("REQUESTED"),
    })),
    ...NODES.map((other) => ({
      name: `${n} places the database on ${other}`,
      when: [calm, isUnowned, canTake(n, other), ...earlier(other).map((first) => cannotTake(n, first))],
      does: (s: Writes) => {
        s.databaseOwner = other;
        s.database[other].send("START");
      },
    })),
    {
      name: `${n} stops the database where it failed`,
      when: [calm, databaseIs("failed"), ownerIsNotToBeFenced],
      does: (s) => {
        if (s.databaseOwner !== "nobody") s.database[s.databaseOwner].send("STOP");
      },
    },
    {
      name: `${n} sees the database stopped`,
      when: [calm, databaseIs("stopped")],
      does: (s) => {
        s.databaseOwner = "nobody";
      },
    },
    {
      name: `${n} places the address with the database`,
      when: [calm, databaseIs("started"), (s) => s.addressOwner === "nobody"],
      does: (s) => {
        s.addressOwner = s.databaseOwner;
        if (s.databaseOwner !== "nobody") s.address[s.databaseOwner].send("START");
      },
    },
    {
      name: `${n} stops the address where it failed or the database is not`,
      when: [calm, addressIsMisplaced],
      does: (s) => {
        if (s.addressOwner !== "nobody") s.address[s.addressOwner].send("STOP");
      },
    },
    {
      name: `${n} sees the address stopped`,
      when: [calm, (s) => s.addressOwner !== "nobody" && s.address[s.addressOwner].is("stopped")],
      does: (s) => {
        s.addressOwner = "nobody";
      },
    },
  ];
}

const isUnowned = (s: Reads) => s.databaseOwner === "nobody";
const databaseIs = (state: "failed" | "stopped" | "started") => (s: Reads) =>
  s.databaseOwner !== "nobody" && s.database[s.databaseOwner].is(state);
const ownerIsNotToBeFenced = (s: Reads) => s.databaseOwner !== "nobody" && !s.fencing[s.databaseOwner].is("requested");
const addressIsMisplaced = (s: Reads) => {
  if (s.addressOwner === "nobody") return false;
  const held = s.address[s.addressOwner];
  return held.is("failed") || (s.addressOwner !== s.databaseOwner && held.is("started"));
};

function fencingOf(n: Node): ClusterRule[] {
  const requested = (s: Reads) => s.fencing[n].is("requested");
  return [
    {
      name: `${n} is fenced`,
      when: requested,
      does: (s) => {
        s.node[n].send("FENCED");
        s.fencing[n].send("CONFIRMED");
        processesGone(s, n);
        s.failures[n] = 0;
        if (s.databaseOwner === n) s.databaseOwner = "nobody";
        if (s.addressOwner === n) s.addressOwner = "nobody";
      },
    },
    {
      name: `fencing ${n} is refused`,
      when: [requested, faultsLeft, (s) => s.refusals < REFUSALS_MAX],
      does: (s) => {
        s.faults--;
        s.refusals++;
        s.fencing[n].send("REFUSED");
      },
    },
  ];
}

function faultsAndReturns(n: Node): ClusterRule[] {
  return [
    {
      name: `${n} crashes`,
      when: [faultsLeft, (s) => !s.node[n].is("off")],
      does: (s) => {
        s.faults--;
        s.node[n].send("CRASHED");
        processesGone(s, n);
        s.failures[n] = 0;
      },
    },
    {
      name: `the database fails on ${n}`,
      when: [faultsLeft, isMember(n), (s) => s.database[n].is("started")],
      does: (s) => {
        s.faults--;
        s.database[n].send("FAILED");
        countFailure(s, n);
      },
    },
    {
      name: `the address fails on ${n}`,
      when: [faultsLeft, isMember(n), (s) => s.address[n].is("started")],
      does: (s) => {
        s.faults--;
        s.address[n].send("FAILED");
      },
    },
    {
      name: `a partition cuts ${n} off`,
      when: [faultsLeft, (s) => !s.partitioned],
      does: (s) => {
        s.faults--;
        s.partitioned = true;
        s.side[n] = true;
      },
    },
    {
      name: `${n} is on the other side as well`,
      when: (s) => s.partitioned && !s.side[n],
      does: (s) => {
        s.side[n] = true;
      },
    },
    {
      name: `${n} is powered on after fencing`,
      when: [(s) => s.node[n].is("off"), (s) => s.fencing[n].is("confirmed")],
      does: (s) => s.node[n].send("POWERED_ON"),
    },
    {
      name: `${n} joins`,
      when: (s) => s.node[n].is("booted"),
      does: (s) => {
        s.node[n].send("JOINED");
        s.fencing[n].send("NODE_JOINED");
        processesGone(s, n);
      },
    },
  ];
}

const heals: ClusterRule = {
  name: "the partition heals",
  when: (s) => s.partitioned,
  does: (s) => {
    s.partitioned = false;
    for (const n of NODES) s.side[n] = false;
  },
};

export function clusterModel(faults: number): ClosedModel<ClusterParts> {
  return closedModel(`cluster of three nodes, ${faults} faults`, parts(faults), {
    rules: [
      ...NODES.flatMap((n) => [...operations(n), ...decisions(n), ...fencingOf(n), ...faultsAndReturns(n)]),
      heals,
    ],
    always: { "the database runs at most once": (s) => NODES.filter((n) => isActive(s, n)).length <= 1 },
    mayEnd: () => true,
  });
}
