import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import type { Injections } from "../../../../model/cluster/scheduler/simulate/inject.js";
import { type OperationSpec, parseOperationSpec } from "../../../../model/cluster/scheduler/simulate/operation-spec.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";
import { unpack } from "../../../../model/cluster/scheduler/unpack/unpack.js";
import { allCases, areCasesHere, fileOf } from "../../../conformance-cases.js";
import { isProgramHere } from "../../../real-things.js";

const DATE = "2026-01-01 00:00:00Z";
const NOW = Date.parse("2026-01-01T00:00:00Z") / 1000;

interface Injection {
  readonly args: readonly string[];
  readonly injections?: Injections;
  readonly fail?: readonly OperationSpec[];
}

/** Draws an injection for a CIB's nodes and resources; each number picks one of them. */
type Draw = (nodes: readonly string[], resources: readonly string[], numbers: readonly number[]) => Injection;

const at = (list: readonly string[], n: number): string => list[n % list.length]!;

const ticket =
  (option: string, name: keyof Injections): Draw =>
  () => ({ args: [option, "T1"], injections: { [name]: ["T1"] } });

const node =
  (option: string, name: keyof Injections): Draw =>
  (nodes, _, [n]) => ({ args: [option, at(nodes, n!)], injections: { [name]: [at(nodes, n!)] } });

const operation = (nodes: readonly string[], resources: readonly string[], numbers: readonly number[]): string => {
  const task = at(["monitor_0", "start_0", "stop_0", "monitor_10000"], numbers[2]!);
  return `${at(resources, numbers[0]!)}_${task}@${at(nodes, numbers[1]!)}=${at(["0", "1", "5", "7"], numbers[3]!)}`;
};

/** The part of the drawn injections of a kind that must come out alike. */
const KINDS: readonly (readonly [string, number, Draw])[] = [
  ["--ticket-grant", 1, ticket("-g", "ticketGrant")],
  ["--ticket-revoke", 1, ticket("-r", "ticketRevoke")],
  ["--ticket-standby", 1, ticket("-b", "ticketStandby")],
  ["--ticket-activate", 1, ticket("-e", "ticketActivate")],
  ["--quorum", 1, (_n, _r, [n]) => ({ args: ["-q", at(["0", "1"], n!)], injections: { quorum: at(["0", "1"], n!) } })],
  ["--node-up", 0.75, node("-u", "nodeUp")],
  ["--node-down", 0.9, node("-d", "nodeDown")],
  ["--node-fail", 0.9, node("-f", "nodeFail")],
  [
    "--op-fail",
    0.9,
    (...drawn) => ({ args: ["-F", operation(...drawn)], fail: [parseOperationSpec(operation(...drawn))!] }),
  ],
  [
    "--op-inject",
    0.5,
    (...drawn) => ({
      args: ["-i", operation(...drawn)],
      injections: { operations: [parseOperationSpec(operation(...drawn))!] },
    }),
  ],
];

describe.skipIf(!isProgramHere("crm_simulate") || !areCasesHere())("injections into conformance cases", () => {
  test.each(KINDS)("%s: the text is crm_simulate's (at least this part of the time: %s)", (option, part, draw) => {
    let alike = 0;
    let compared = 0;
    const different: string[] = [];
    const names = allCases().map(({ name }) => name);
    const drawn = fc.sample(fc.tuple(fc.nat(names.length - 1), fc.array(fc.nat(999), { minLength: 4, maxLength: 4 })), {
      numRuns: 25,
      seed: 3,
    });
    for (const [which, numbers] of drawn) {
      const name = names[which]!;
      const cib = readCib(readFileSync(fileOf(name), "utf8"), name);
      const state = unpack(cib, NOW);
      const nodes = state.nodes.filter((n) => n.kind === "member").map((n) => n.name);
      const resources = state.allResources.filter((r) => r.variant === "primitive").map((r) => r.id);
      // A case that differs without an injection says nothing about injections.
      if (nodes.length === 0 || resources.length === 0 || !same(name, { args: [] })) continue;
      compared++;
      const injection = draw(nodes, resources, numbers);
      if (same(name, injection)) alike++;
      else different.push(`${name} ${injection.args.join(" ")}`);
    }
    expect(compared).toBeGreaterThan(15);
    expect(alike / compared, `${option} differs: ${different.join("; ")}`).toBeGreaterThanOrEqual(part);
  });
});

function same(name: string, { args, injections, fail }: Injection): boolean {
  const file = fileOf(name);
  const theirs = spawnSync("crm_simulate", ["-S", "-x", file, "-t", DATE, ...args], {
    encoding: "utf8",
    env: { ...process.env, TZ: "UTC" },
  });
  const { text } = simulate(readCib(readFileSync(file, "utf8"), name), scheduler, {
    nowEpochSeconds: Math.floor(Date.now() / 1000),
    setDatetime: DATE,
    ...(injections && { injections }),
    ...(fail && { fail }),
  });
  return comparable(text) === comparable(theirs.stdout);
}

/** The wall clock's time and the program's own numbering of actions are not to be had alike. */
function comparable(text: string): string {
  return text.replace(/(last-failure-\S+)=\d+/g, "$1").replace(/Pretending action \d+/g, "Pretending action");
}
