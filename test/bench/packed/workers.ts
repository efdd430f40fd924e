import { exploreModel } from "../../../model/packed/index.js";
import { exploreWithWorkers } from "../../../scenarios/packed/index.js";
import { median, say } from "../measure.js";
import { clusterModel } from "./cluster-model.js";

const FAULTS = 12;
const RUNS = 3;

/** Two workers on one shared table against one thread, on the cluster with twelve faults, taking turns. */
export async function twoWorkers(): Promise<void> {
  const oneMs: number[] = [];
  const twoMs: number[] = [];
  let states = 0;
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now();
    states = exploreModel(clusterModel(FAULTS)).states;
    const halfMs = performance.now();
    const shared = await exploreWithWorkers(clusterModel(FAULTS), { workers: 2 });
    if (shared.states !== states) throw new Error(`${shared.states} states with two workers, ${states} with one`);
    oneMs.push(halfMs - startedMs);
    twoMs.push(performance.now() - halfMs);
  }
  const rate = (ms: number) => `${Math.round((states / ms) * 1_000).toLocaleString("en-US")} states/s`;
  say(`two workers on the three-node cluster with ${FAULTS} faults`);
  say(`  one: ${rate(median(oneMs))}, two: ${rate(median(twoMs))} (medians of ${RUNS})`);
  say(`  ratio: ${(median(oneMs) / median(twoMs)).toFixed(2)} times (aim 1.7)`);
}
