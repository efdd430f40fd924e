import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { InputError } from "../../model/errors.js";
import { faults } from "../../scenarios/faults/index.js";
import { checkNames } from "../../scenarios/file/check-names.js";
import { scenarioJsonSchema } from "../../scenarios/file/json-schema.js";
import { readScenario } from "../../scenarios/file/read-scenario.js";
import { operatorActions } from "../../scenarios/operator/index.js";
import { Twins } from "../../scenarios/run.js";
import { runScenario } from "../../scenarios/runner/run-scenario.js";
import { referenceTopology } from "./reference.js";

const whole = `name: lose-mysql1
title: The active database node is lost
topology: ../topology.yaml
timeline:
  - at: 10s
    fault: lose-node
    node: mysql1
    as: lost
  - after: 5m
    heal: lost
  - after: 1m
    operator: standby
    node: mysql2
expect:
  within:
    - within: 90s
      of: lost
      resource: db/g-mysql
      is: started
      on: mysql2
  served:
    - { journey: get-token, outage: 90s }
  sometimes:
    - { subject: node/mysql1, what: FENCED }
`;

function refusal(text: string): string {
  try {
    readScenario(text, "x.scenario.yaml");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "no error";
}

test("a scenario's steps get their times from the timeline and their definitions from the registries", () => {
  const { steps, expect: expected } = readScenario(whole, "x.scenario.yaml");
  expect(steps.map(({ kind, atMs, label }) => [kind, atMs, label])).toEqual([
    ["fault", 10_000, "lost"],
    ["heal", 310_000, "heal-lost"],
    ["operator", 370_000, "standby"],
  ]);
  expect(steps[0]).toMatchObject({ params: { node: "mysql1" } });
  expect(expected.within[0]).toMatchObject({ within: 90_000, of: "lost", on: "mysql2" });
  expect(expected.served[0]?.outage).toBe(90_000);
});

test.each([
  ["an unknown key", ["title:", "titel:"], /^x\.scenario\.yaml:\d+: .*title/],
  [
    "an unknown key deep down",
    ["outage: 90s", "outtage: 90s"],
    'x.scenario.yaml:22: unknown key at expect.served.0 "outtage"; keys: journey, service, outage',
  ],
  [
    "an unknown key in what has several forms",
    ["is: started", "iss: started"],
    /^x\.scenario\.yaml:19: unknown key at expect\.within\.0 "iss"; keys: within, of, .*is, on/,
  ],
  [
    "a kind of entry that no trace holds, which would never be seen",
    ["subject: node/mysql1,", "kind: fencing, never: true,"],
    /^x\.scenario\.yaml:24: unknown value at expect\.sometimes\.0\.kind "fencing"; .*fence/,
  ],
  ["a number for text", ["title: The", "title: 5 #"], /^x\.scenario\.yaml:2: expected text at title "5"/],
  ["an unknown fault", ["lose-node", "loose-node"], 'x.scenario.yaml:6: unknown fault "loose-node"; faults: '],
  [
    "an unknown command",
    ["operator: standby", "operator: stand-by"],
    'x.scenario.yaml:12: unknown operator command "stand-by"',
  ],
  [
    "a parameter that the fault does not have",
    ["node: mysql1\n    as", "nod: mysql1\n    as"],
    /^x\.scenario\.yaml:\d: /,
  ],
  [
    "a heal of nothing",
    ["heal: lost", "heal: last"],
    'x.scenario.yaml:10: no earlier fault is called "last"; faults: lost',
  ],
  ["a deadline from no step", ["of: lost", "of: last"], 'x.scenario.yaml:17: no step is called "last"'],
  ["a duration without unit", ["at: 10s", "at: 10"], /^x\.scenario\.yaml:5: /],
  [
    "a step that goes back in time",
    ["after: 5m", "at: 5s"],
    "x.scenario.yaml:9: timeline.1 comes before the step above it",
  ],
  [
    "a step that does nothing",
    ["    heal: lost", "    hail: lost"],
    "x.scenario.yaml:9: timeline.1 does nothing; steps: fault, heal, operator",
  ],
])("%s is refused with its place", (_, [from, to], message) => {
  const text = refusal(whole.replace(from!, to!));
  if (typeof message === "string") expect(text.startsWith(message), text).toBe(true);
  else expect(text).toMatch(message);
});

test("a hostile text is refused within a second and touches no prototype", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghij"].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefghij"[i]}`).join(",")}]`).join("\n")}`;
  const started = performance.now();
  for (const text of [
    bomb,
    "x".repeat(2_000_000),
    `${whole}__proto__: { polluted: 1 }\n`,
    "[".repeat(20_000),
    ": : :",
    "",
  ])
    expect(refusal(text)).not.toBe("no error");
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("every fault and command is in the JSON Schema under its own name", () => {
  const text = JSON.stringify(scenarioJsonSchema());
  for (const name of [...faults.keys(), ...operatorActions.keys()]) expect(text).toContain(`"const":"${name}"`);
});

test("every fault and command is registered under its file's name", () => {
  for (const [folder, registry] of [
    ["faults", faults],
    ["operator", operatorActions],
  ] as const) {
    const files = readdirSync(`scenarios/${folder}`).map((file) => file.replace(/\.ts$/, ""));
    for (const name of registry.keys()) expect(files).toContain(name);
  }
});

test("a step that fits nothing where it is played is bad input with its place, not a crash", () => {
  const text = `name: x\ntitle: x\ntopology: t\ntimeline:\n  - { fault: kill-process, node: nfs1, unit: openstack-keystone }\n`;
  const topology = referenceTopology();
  const scenario = readScenario(text, "x.scenario.yaml");
  checkNames(scenario, topology);
  const settled = new Twins({ scheduler }).for(topology, scenario);
  expect(() => runScenario(settled, scenario, { version: "test" })).toThrow(
    /^x\.scenario\.yaml:5: kill-process: unknown unit/,
  );
});

test("a name that the topology does not know is refused with its place and the known names", () => {
  const topology = referenceTopology();
  const check = (line: string) => () =>
    checkNames(readScenario(`name: x\ntitle: x\ntopology: t\ntimeline:\n  - ${line}\n`, "x.scenario.yaml"), topology);
  expect(check("{ fault: lose-node, node: mysql9 }")).toThrow(
    /^x\.scenario\.yaml:5: unknown node "mysql9"; nodes: .*mysql1/,
  );
  expect(check("{ fault: lose-switch, switch: sw }")).toThrow(/unknown switch "sw"; switches: sw-mgmt/);
  const never = (subject: string) =>
    checkNames(
      readScenario(whole.replace("subject: node/mysql1,", `never: true, subject: "${subject}",`), "x.scenario.yaml"),
      topology,
    );
  expect(() => never("node/mysql9")).toThrow(/^x\.scenario\.yaml:24: unknown node "mysql9"; nodes: /);
  expect(() => never("resource/db/mysqll@mysql1")).toThrow(/unknown resource "db\/mysqll"; resources: /);
  expect(() => never("resource/db/mysqld@mysql9")).toThrow(/unknown node "mysql9"/);
  for (const subject of ["node/*", "resource/db/*@mysql1", "resource/db/mysqld@*", "mount/mysql1:/var/lib/mysql"])
    expect(() => never(subject)).not.toThrow();
  expect(check("{ operator: move, resource: db/g-mysqll }")).toThrow(/unknown resource "db\/g-mysqll"; resources: /);
});
