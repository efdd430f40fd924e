import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { readScenarioFile } from "../../../scenarios/discover.js";
import { runScenarios } from "../../../scenarios/run.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { withScores } from "../../../viewer/page/cluster-view.js";
import type { RunData } from "../../../viewer/page/page-data.js";
import { type PageData, PageRecorder, pageDataOf } from "../../../viewer/page/recording.js";
import { say } from "../measure.js";
import { evaluate, mainThreadMs, nextFrame, open, sinceNavigationMs, withChromium } from "./chromium.js";
import { type Frame, framesOf } from "./main-thread.js";

const HAVANA = "fixtures/openstack-havana";
const EVENTS = 100_000;
const BOUND_MS = 50;
const STEPS = 40;

/** A trace of 100,000 events: what one step of scrubbing asks of the main thread, in every view. */
export async function longTrace(): Promise<void> {
  const page = longPage();
  const [run] = page.runs;
  say(`a trace of ${run!.trace.length.toLocaleString("en")} events`);
  await withChromium(async (browser, write) => {
    const { cdp } = await open(browser, `${write(page)}#thing=journey/horizon-login`);
    say(
      `  opened and drawn: ${(await sinceNavigationMs(cdp)).toFixed(0)} ms after navigation began, ${(await mainThreadMs(cdp)).toFixed(0)} ms of them the main thread's work`,
    );
    for (const view of ["placement", "timeline", "topology", "events"]) {
      await evaluate(cdp, `location.hash = "thing=journey/horizon-login&view=${view}"`);
      await nextFrame(cdp, 1_000);
      const steps: Frame[] = [];
      for (let i = 0; i < STEPS; i++) {
        const to = 200 + ((i * 3_571) % 9_600);
        const frames = await framesOf(cdp, async () => {
          await evaluate(
            cdp,
            `{
            const slider = document.querySelector("input[aria-label=Moment]");
            slider.value = ${to};
            slider.dispatchEvent(new Event("input"));
          }`,
          );
          await nextFrame(cdp, 30);
        });
        steps.push({
          scriptMs: frames.reduce((sum, { scriptMs }) => sum + scriptMs, 0),
          collectorMs: frames.reduce((sum, { collectorMs }) => sum + collectorMs, 0),
          allMs: frames.reduce((sum, { allMs }) => sum + allMs, 0),
        });
      }
      const sorted = (of: (step: Frame) => number) => steps.map(of).sort((a, b) => a - b);
      const at = (values: readonly number[], share: number) =>
        values[Math.floor((values.length - 1) * share)]!.toFixed(1);
      const [script, all] = [sorted(({ scriptMs }) => scriptMs), sorted(({ allMs }) => allMs)];
      say(
        `  ${view}: script a step ${at(script, 0.5)} ms, 95 % ${at(script, 0.95)}, most ${at(script, 1)}; with style, layout and painting ${at(all, 0.5)}, ${at(all, 0.95)}, ${at(all, 1)} (bound ${BOUND_MS})`,
      );
    }
  });
}

/** A real failover again and again, one after the other, until the trace is long enough. */
function longPage(): PageData {
  const loaded = loadTopology(`${HAVANA}/topology.yaml`);
  if (!loaded.ok) throw loaded.errors[0]!;
  const scenario = readScenarioFile(`${HAVANA}/scenarios/lose-active-database.scenario.yaml`);
  const recorder = new PageRecorder();
  const record = runScenarios([{ scenario, topology: loaded.topology }], {
    scheduler: withScores(scheduler),
    version: "bench",
    onlooker: recorder.onlooker,
  });
  const page = pageDataOf(record, recorder);
  return { ...page, runs: page.runs.map((run) => repeated(run, Math.ceil(EVENTS / run.trace.length))) };
}

function repeated(run: RunData, times: number): RunData {
  const ids = run.trace.reduce((most, { id }) => Math.max(most, id), 0);
  const rounds = Array.from({ length: times }, (_, round) => ({ laterMs: round * run.endMs, after: round * ids }));
  const entry = (id: number, after: number) => (id > 0 ? id + after : 0);
  const again = <T extends { readonly atMs: number }>(
    list: readonly T[],
    more: (item: T, after: number, hops: number) => object,
  ) =>
    rounds.flatMap(({ laterMs, after }, round) =>
      list.map((item): T => ({ ...item, atMs: item.atMs + laterMs, ...more(item, after, round * run.hops.length) })),
    );
  return {
    ...run,
    trace: again(run.trace, ({ id, cause }, after) => ({ id: id + after, cause: entry(cause, after) })),
    places: again(run.places, () => ({})),
    nodes: again(run.nodes, () => ({})),
    decisions: again(run.decisions, (decision, after) => ({ entry: entry(decision.entry, after) })),
    paths: again(run.paths, ({ hops }, _, before) => ({ hops: hops.map((hop) => hop + before) })),
    hops: rounds.flatMap(({ after }) => run.hops.map((hop) => ({ ...hop, cause: entry(hop.cause, after) }))),
    endMs: run.endMs * times,
  };
}
