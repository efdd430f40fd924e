import { scheduler } from "../../model/cluster/scheduler/index.js";
import { Run } from "../../model/kernel/index.js";
import { buildTwin } from "../../model/twin/twin.js";
import { discoverScenarios, readScenarioFile } from "../../scenarios/discover.js";
import { runScenarios, Twins } from "../../scenarios/run.js";
import { settle } from "../../scenarios/runner/prepare.js";
import { runScenario } from "../../scenarios/runner/run-scenario.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { median, medianMs, say } from "./measure.js";

const TOPOLOGY = "fixtures/openstack-havana/topology.yaml";
const RUNS = 5;

/**
 * Scenarios a second on one core. Each timed run has other seeds, builds the twin anew and lets it settle, so that
 * nothing is remembered between runs; the second figure leaves out building and settling.
 */
export function scenariosPerSecond(): void {
  const loaded = loadTopology(TOPOLOGY);
  if (!loaded.ok) throw loaded.errors[0]!;
  const { topology } = loaded;
  const scenarios = discoverScenarios(["fixtures/openstack-havana/scenarios"]).map(readScenarioFile);
  const pairs = scenarios.map((scenario) => ({ scenario, topology }));

  const wholeMs = medianMs(RUNS, (run) => {
    runScenarios(pairs, { scheduler, version: "bench", seed: 1_000 + run, keepTraces: false });
  });
  const eachMs: number[] = [];
  let events = 0;
  for (let run = 0; run < RUNS; run++) {
    const twins = new Twins({ scheduler, seed: 2_000 + run });
    const settled = pairs.map(({ scenario }) => twins.for(topology, scenario));
    events = 0;
    const startedMs = performance.now();
    scenarios.forEach((scenario, i) => {
      events += runScenario(settled[i]!, scenario, { version: "bench", seed: 2_000 + run, keepTrace: false }).verdict
        .events;
    });
    eachMs.push(performance.now() - startedMs);
  }
  const onlyMs = median(eachMs);
  const rate = (ms: number) => `${((scenarios.length / ms) * 1_000).toFixed(0)} scenarios/s`;
  say(`scenarios of the reference architecture: ${scenarios.length}, ${events} events in all`);
  say(`  from a settled twin: ${rate(onlyMs)} (median of ${RUNS}; aim 1,000)`);
  say(`  building and settling every twin included: ${rate(wholeMs)}`);
}

/** What an idle day costs over an idle minute: the twin sleeps, so they should be alike. */
export function idleDay(): void {
  const loaded = loadTopology(TOPOLOGY);
  if (!loaded.ok) throw loaded.errors[0]!;
  const settled = settle(buildTwin(loaded.topology, { scheduler }));
  const idle = (ms: number) => {
    let events = 0;
    const took = medianMs(15, () => {
      events = new Run(settled.base).advanceTo(settled.base.nowMs + ms);
    });
    return { took, events };
  };
  const minute = idle(60_000);
  const day = idle(86_400_000);
  say(
    `an idle day over an idle minute: ${(day.took / minute.took).toFixed(2)} times the time (${minute.took.toFixed(2)} ms and ${day.took.toFixed(2)} ms), ${minute.events} and ${day.events} events`,
  );
}
