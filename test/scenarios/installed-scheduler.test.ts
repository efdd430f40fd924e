import { expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { readScenarioFile } from "../../scenarios/discover.js";
import { crmSimulate } from "../../scenarios/engines/crm-simulate.js";
import { runScenarios } from "../../scenarios/run.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { hasCrmSimulate } from "../differential/decide-both.js";

const hasProgram = hasCrmSimulate();
if (process.env["CI"] === "true" && !hasProgram)
  test("crm_simulate is installed (Debian: pacemaker-cli-utils)", expect.fail);

/** A pair, a cluster of three with groups, clones and orders, and a transition that the program cannot play itself. */
const SCENARIOS = [
  ["minimal-pair", "lose-active-node"],
  ["openstack-havana", "lose-active-database"],
  ["openstack-havana", "lose-controller-ctl3"],
  ["openstack-havana", "partition-all-controllers"],
] as const;

test.skipIf(!hasProgram).each(SCENARIOS)(
  "%s, %s: with the installed crm_simulate deciding, the trace is the same line by line",
  (folder, name) => {
    const loaded = loadTopology(`fixtures/${folder}/topology.yaml`);
    if (!loaded.ok) throw loaded.errors[0];
    const { topology } = loaded;
    const scenario = readScenarioFile(`fixtures/${folder}/scenarios/${name}.scenario.yaml`);
    const traceBy = (decider: Scheduler) =>
      runScenarios([{ scenario, topology }], { scheduler: decider, version: "test", keepTraces: true }).scenarios[0]!
        .trace;
    const [ours, theirs] = [traceBy(scheduler), traceBy(crmSimulate())];
    expect(ours.some(({ kind }) => kind === "decision")).toBe(true);
    expect(theirs).toEqual(ours);
  },
);
