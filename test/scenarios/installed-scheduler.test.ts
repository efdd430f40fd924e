import { expect, test } from "vitest";
import { writeCib } from "../../model/cluster/cib/write.js";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import type { Decision, Scheduler } from "../../model/cluster/scheduler/interface.js";
import { buildTwin } from "../../model/twin/twin.js";
import { readScenarioFile } from "../../scenarios/discover.js";
import { crmSimulate } from "../../scenarios/engines/crm-simulate.js";
import { Explorer } from "../../scenarios/explore/explorer.js";
import { DEFAULT_LIMITS } from "../../scenarios/explore/limits.js";
import { rememberingScheduler } from "../../scenarios/explore/remembering-scheduler.js";
import { runScenarios } from "../../scenarios/run.js";
import { settle } from "../../scenarios/runner/prepare.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { isProgramHere } from "../real-things.js";

const hasProgram = isProgramHere("crm_simulate");

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

/** What a controller goes by; of what is no operation of a resource, the program's graph says no time-out. */
const goneBy = (decision: Decision) => ({
  actions: decision.actions
    .map(({ key, node, kind, timeoutMs, priority, canFail, targetRc, fenceAction, inputs }) => ({
      ...{ key, node, kind, priority, canFail, targetRc, fenceAction },
      timeoutMs: kind === "rsc" ? timeoutMs : undefined,
      inputs: inputs.map((id) => `${decision.actions[id]!.key} ${decision.actions[id]!.node}`).sort(),
    }))
    .sort((a, b) => (`${a.key} ${a.node}` < `${b.key} ${b.node}` ? -1 : 1)),
  summary: decision.summary,
  stuck: decision.stuck,
  recheckByEpochSeconds: decision.recheckByEpochSeconds,
});

test.skipIf(!hasProgram).each([
  ["minimal-pair", 1],
  ["openstack-havana-mended", 60],
] as const)(
  "%s: what is decided under single faults (every %dth fault) is what crm_simulate decides",
  (folder, every) => {
    const loaded = loadTopology(`fixtures/${folder}/topology.yaml`);
    if (!loaded.ok) throw loaded.errors[0];
    const installed = crmSimulate();
    let compared = 0;
    const both: Scheduler = {
      name: "both",
      decide(cib, options) {
        const ours = scheduler.decide(cib, options);
        expect(goneBy(ours), writeCib(cib)).toEqual(goneBy(installed.decide(cib, options)));
        compared++;
        return ours;
      },
    };
    const settled = settle(buildTwin(loaded.topology, { scheduler: rememberingScheduler(both) }), { seed: 0 });
    const explorer = new Explorer(settled, DEFAULT_LIMITS, 0);
    for (const { index } of explorer.instances) if (index % every === 0) explorer.single(index);
    expect(compared).toBeGreaterThan(20);
  },
);
