import { join } from "node:path";
import { expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { explore } from "../../../scenarios/explore/explore.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "balanced-pair/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const { topology } = loaded;
const covered = async (...faultNames: string[]) => coveredBy(1, faultNames);
const coveredBy = async (faults: number, faultNames: readonly string[]) =>
  (await explore(topology, { scheduler, version: "test", faults, faultNames })).coverage;

const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id).sort();
const states = (all: readonly { readonly machine: string; readonly state: string }[]) =>
  all.map(({ machine, state }) => `${machine} ${state}`);

it("a fault that nobody answers puts no constraint to use, and no line of the CIB", async () => {
  const { constraints, resources, states: of, transitions, lines } = await covered("lose-arp");
  expect(constraints.exercised).toEqual([]);
  expect(ids(constraints.unexercised)).toEqual([
    "certificates-then-haproxy",
    "fence-lb1-not-on-lb1",
    "fence-lb2-not-on-lb2",
    "haproxy-with-vip",
    "vip-then-haproxy",
  ]);
  expect(resources.exercised).toEqual([]);
  expect(states(of.exercised)).toContain("node up");
  expect(states(of.unexercised)).toContain("node off");
  expect(transitions.exercised.filter(({ machine }) => machine === "node")).toEqual([]);
  expect(lines.unexercised.some(({ file }) => file.endsWith("cib.xml"))).toBe(true);
});

it("a lost node has the address, the order and the colocation put to use, and its files read again", async () => {
  const { constraints, states: of, transitions, lines } = await covered("lose-node");
  expect(ids(constraints.exercised)).toEqual(expect.arrayContaining(["haproxy-with-vip", "vip-then-haproxy"]));
  const order = constraints.exercised.find(({ id }) => id === "vip-then-haproxy");
  expect(order).toMatchObject({ cluster: "web", element: "rsc_order", file: expect.stringMatching(/cib\.xml$/) });
  expect(states(of.exercised)).toEqual(expect.arrayContaining(["node off", "node booting", "node up"]));
  expect(transitions.exercised).toContainEqual({ machine: "node", state: "up", event: "NODE_LOST" });
  expect(transitions.unexercised).toContainEqual({ machine: "node", state: "up", event: "NODE_FROZEN" });
  expect(lines.exercised).toBeGreaterThan(0);
  expect(lines.exercised + lines.unexercised.reduce((sum, { lines: of }) => sum + of.length, 0)).toBe(lines.modelled);
  expect(lines.modelled).toBe(topology.ledger.filter(({ status }) => status === "modelled").length);
});

it("more faults exercise no less, and nothing counts as both", async () => {
  const [few, more] = [await covered("lose-node"), await covered("lose-node", "freeze-node")];
  const key = (one: object) => JSON.stringify(one);
  for (const kind of ["states", "transitions", "constraints", "resources"] as const) {
    const [before, after] = [few[kind].exercised.map(key), more[kind].exercised.map(key)];
    expect(after).toEqual(expect.arrayContaining(before));
    const unexercised = new Set(more[kind].unexercised.map(key));
    expect(after.filter((one) => unexercised.has(one))).toEqual([]);
  }
  expect(states(more.states.exercised)).toContain("node frozen");
});

it("two faults together put to use what none of them does alone: both nodes lost, all starts in order", async () => {
  const names = ["lose-node", "kill-process"];
  const [alone, pairs] = [await coveredBy(1, names), await coveredBy(2, names)];
  expect(ids(alone.constraints.unexercised)).toContain("certificates-then-haproxy");
  expect(ids(pairs.constraints.exercised)).toContain("certificates-then-haproxy");
  const key = (one: object) => JSON.stringify(one);
  expect(pairs.transitions.exercised.map(key)).toEqual(expect.arrayContaining(alone.transitions.exercised.map(key)));
  expect(pairs.transitions.exercised.length).toBeGreaterThan(alone.transitions.exercised.length);
});
