import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { discoverScenarios, readScenarioFile } from "../../../scenarios/discover.js";
import { runScenarios } from "../../../scenarios/run.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { withScores } from "../../../viewer/page/cluster-view.js";
import { PageRecorder, pageDataOf } from "../../../viewer/page/recording.js";
import { singleFile } from "../../../viewer/page/single-file.js";
import { median, say } from "../measure.js";
import { evaluate, mainThreadMs, open, until, withChromium } from "./chromium.js";

const TOPOLOGY = "fixtures/openstack-havana/topology.yaml";
const TIMES = 7;

/** The single file of the shipped scenarios: its size, and when it first shows how things stood. */
export async function report(): Promise<void> {
  const loaded = loadTopology(TOPOLOGY);
  if (!loaded.ok) throw loaded.errors[0]!;
  const { topology } = loaded;
  const scenarios = discoverScenarios(["fixtures/openstack-havana/scenarios"]).map(readScenarioFile);
  const recorder = new PageRecorder();
  const record = runScenarios(
    scenarios.map((scenario) => ({ scenario, topology })),
    { scheduler: withScores(scheduler), version: "bench", onlooker: recorder.onlooker },
  );
  const text = singleFile(pageDataOf(record, recorder));
  say(`single file of ${scenarios.length} scenarios: ${(text.length / 1e6).toFixed(2)} MB (bound 3)`);
  await withChromium(async (browser, write) => {
    const url = write(text);
    const requests = new Set<string>();
    const firstMs: number[] = [];
    const workedMs: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const { page, cdp } = await open(browser, url, NOTE_FIRST_PICTURE);
      page.on("request", (request) => requests.add(request.url()));
      await until(cdp, "window.firstPictureMs");
      firstMs.push(await evaluate(cdp, "window.firstPictureMs"));
      workedMs.push(await mainThreadMs(cdp));
      await page.context().close();
    }
    say(
      `  first picture from disk: ${median(firstMs).toFixed(0)} ms after navigation began (median of ${TIMES}; bound 1,000; slowest ${Math.max(...firstMs).toFixed(0)})`,
    );
    say(`  the page's main thread had worked for ${median(workedMs).toFixed(0)} ms of its processor time by then`);
    const foreign = [...requests].filter((address) => !/^(file|blob|data):/.test(address));
    say(`  requests to any network: ${foreign.length}`);
  });
}

/** In the page: the frame after the placement's first cells stand there. */
const NOTE_FIRST_PICTURE = `
  const watch = new MutationObserver(() => {
    if (!document.querySelector(".place svg")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.firstPictureMs = performance.now(); }));
  });
  watch.observe(document, { childList: true, subtree: true });
`;
