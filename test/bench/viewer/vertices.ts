import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { buildTwin } from "../../../model/twin/twin.js";
import { scenarioFromData } from "../../../scenarios/file/read-scenario.js";
import { settle } from "../../../scenarios/runner/prepare.js";
import { runScenario } from "../../../scenarios/runner/run-scenario.js";
import { withScores } from "../../../viewer/page/cluster-view.js";
import { type PageData, PageRecorder, pageDataOf } from "../../../viewer/page/recording.js";
import { loadSynthetic } from "../load-synthetic.js";
import { median, say } from "../measure.js";
import { nodeName } from "../synthetic-topology.js";
import { evaluate, nextFrame, type Opened, open, sinceNavigationMs, until, withChromium } from "./chromium.js";
import { type Frame, framesOf } from "./main-thread.js";

/** Vertices that a synthetic node brings with it: itself, its NICs, units, BMC, and its half of the pair's. */
const VERTICES_A_NODE = 10;
const TIMES = 5;
const MOVES = 60;

/** The topology view with so many vertices: its first layout, and what panning, zooming and scrubbing ask of the main thread. */
export async function vertices(count: number, frameMs: number): Promise<void> {
  const { page: data, count: found } = pageOf(count);
  say(`${found.toLocaleString("en")} vertices, ${data.grounds[0]!.edges.length.toLocaleString("en")} edges`);
  await withChromium(async (browser, write) => {
    const url = `${write(data)}#view=topology&at=5000`;
    const layoutMs: number[] = [];
    const drawnMs: number[] = [];
    let opened: Opened | undefined;
    for (let i = 0; i < TIMES; i++) {
      await opened?.page.context().close();
      opened = await open(browser, url, NOTE_LAYOUT);
      await until(opened.cdp, 'document.querySelector(".item")');
      layoutMs.push(await evaluate(opened.cdp, "window.layoutMs"));
      drawnMs.push(await sinceNavigationMs(opened.cdp));
    }
    say(
      `  first layout in the worker: ${median(layoutMs).toFixed(0)} ms (bound 1,000; its start and messages included; median of ${TIMES})`,
    );
    say(`  opened and drawn: ${median(drawnMs).toFixed(0)} ms after navigation began`);
    const { page, cdp } = opened!;
    const drawing = (await page.locator(".graph").boundingBox())!;
    const [x, y] = [drawing.x + drawing.width / 2, drawing.y + drawing.height / 2];
    const pan = async () => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let i = 1; i <= MOVES; i++) {
        await page.mouse.move(x + 4 * i * (i % 20 < 10 ? 1 : -1), y + 2 * i);
        await nextFrame(cdp);
      }
      await page.mouse.up();
    };
    const zoom = async () => {
      await page.mouse.move(x, y);
      for (let i = 0; i < MOVES; i++) {
        await page.mouse.wheel(0, i % 40 < 25 ? -120 : 120);
        await nextFrame(cdp);
      }
    };
    const scrub = async () => {
      for (let i = 0; i < MOVES; i++) {
        await page.keyboard.press(i % 40 < 30 ? "." : ",");
        await nextFrame(cdp);
      }
    };
    for (const [name, body] of Object.entries({ pan, zoom, "pan, near": pan, "step by event": scrub }))
      tell(name, await framesOf(cdp, body), frameMs);
  });
}

function tell(name: string, frames: readonly Frame[], boundMs: number): void {
  const worked = frames.filter(({ scriptMs }) => scriptMs > 0);
  const sorted = (of: (frame: Frame) => number) => worked.map(of).sort((a, b) => a - b);
  const at = (values: readonly number[], share: number) => values[Math.floor((values.length - 1) * share)]!.toFixed(1);
  const script = sorted(({ scriptMs }) => scriptMs);
  const ownScript = sorted(({ scriptMs, collectorMs }) => scriptMs - collectorMs);
  const all = sorted(({ allMs }) => allMs);
  const collected = worked.some(({ collectorMs }) => collectorMs > 0);
  const without = collected ? `, ${at(ownScript, 1)} without the engine's collector` : "";
  say(
    `  ${name}: script a frame ${at(script, 0.5)} ms, 95 % ${at(script, 0.95)}, most ${at(script, 1)}${without} (bound ${boundMs}); with style, layout and painting ${at(all, 0.5)}, ${at(all, 0.95)}, ${at(all, 1)}; ${worked.length} frames`,
  );
}

function pageOf(wanted: number): { readonly page: PageData; readonly count: number } {
  const topology = loadSynthetic(Math.round(wanted / VERTICES_A_NODE));
  const recorder = new PageRecorder();
  const twin = buildTwin(topology, { scheduler: withScores(scheduler) });
  const settled = settle(twin);
  const scenario = scenarioFromData(
    {
      name: "lose-one",
      title: "One node of many is lost",
      topology: "topology.yaml",
      timeline: [{ at: "1s", fault: "lose-node", node: nodeName(0, 0) }],
    },
    "lose-one.scenario.yaml",
  );
  const { verdict, trace } = runScenario(settled, scenario, { version: "bench", onlooker: recorder.onlooker(settled) });
  const { name, file, hash } = topology;
  const page = pageDataOf(
    { version: 1, fencepost: "bench", topology: { name, file, hash }, scenarios: [{ verdict, trace }] },
    recorder,
  );
  return { page, count: page.grounds[0]!.vertices.length };
}

/** In the page: how long the layout's worker takes from its start to its answer. */
const NOTE_LAYOUT = `
  const Real = Worker;
  window.Worker = class extends Real {
    constructor(url) {
      super(url);
      const startedMs = performance.now();
      this.addEventListener("message", () => { window.layoutMs = performance.now() - startedMs; });
    }
  };
`;
