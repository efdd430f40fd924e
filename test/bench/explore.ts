import { scheduler } from "../../model/cluster/scheduler/index.js";
import { explore } from "../../scenarios/explore/explore.js";
import type { CombinationCounts, ExplorationReport } from "../../scenarios/explore/report.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { say } from "./measure.js";

const TOPOLOGY = "fixtures/openstack-havana/topology.yaml";
const THREADS = 2;
/** One of so many first faults is played by `pairs-sample`. */
const SAMPLE = 260;

/** All single faults of the reference architecture, and each gone by itself at each of its moments. */
export async function singleFaults(): Promise<void> {
  await measured(1, "all single faults (aim: under 10 s)");
}

/** All pairs. Takes as long as it takes: nothing is left out. */
export async function pairs(): Promise<void> {
  await measured(2, "all pairs of faults (aim: under 10 min)");
}

/** The pairs that begin with some faults, dealt out over the vocabulary, and what that comes to for all of them. */
export async function pairsSample(): Promise<void> {
  const { report, seconds } = await measured(2, `pairs of faults that begin with one of ${SAMPLE}`, SAMPLE);
  const counts = report.counts.combinations.find(({ faults }) => faults === 2);
  if (counts) say(`  for all, about: ${counted(counts, SAMPLE)}; ${Math.round((seconds * SAMPLE) / 60)} min at most`);
}

async function measured(faults: number, title: string, of?: number) {
  const loaded = loadTopology(TOPOLOGY);
  if (!loaded.ok) throw loaded.errors[0]!;
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const report = await explore(loaded.topology, {
    scheduler,
    version: "bench",
    faults,
    threads: THREADS,
    ...(of !== undefined && { shard: { index: Math.ceil(of / 2), of } }),
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  say(
    `${title}: ${seconds.toFixed(1)} s on ${THREADS} threads (${cpuSeconds.toFixed(1)} s of processor time), everything included`,
  );
  tell(report);
  return { report, seconds };
}

function tell({ counts, verdict }: ExplorationReport): void {
  say(`  ${counts.instances} fault instances, ${counts.moments} moments; verdict ${verdict}`);
  for (const one of counts.combinations) say(`  ${one.what}: ${counted(one)}`);
  say(
    `  ${counts.worlds} timelines and ${counts.events} events played, ${counts.met} timelines met another one's world; ` +
      `${counts.checked} of what was skipped played all the same, ${counts.disagreements.length} came out otherwise; ` +
      `${counts.recurring} went round, ${counts.notJudged} not judged, ${counts.cut} cut by a bound`,
  );
}

function counted({ total, run, independent, equal, impossible, left }: CombinationCounts, times = 1): string {
  const [all, ...rest] = [total, run, independent, equal, impossible, left].map((count) => count * times);
  const words = ["run", "proven independent", "the same situation", "impossible", "left"];
  return `${all} combinations: ${rest.map((count, i) => `${count} ${words[i]}`).join(", ")}`;
}
