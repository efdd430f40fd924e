import { App } from "./app.js";
import { LiveFollower } from "./live.js";
import { Shell } from "./shell.js";
import { ownData, servedData } from "./source.js";
import { BreakPanel } from "./ui/break/break-panel.js";
import { h } from "./ui/dom.js";
import { Inspector } from "./ui/inspector.js";
import { machinePanel } from "./ui/machine-panel.js";
import { nowPanel } from "./ui/now-panel.js";
import { runbookPanel } from "./ui/runbook-panel.js";
import { storyPanel } from "./ui/story-panel.js";
import { Transport } from "./ui/transport.js";
import { whyPanel } from "./ui/why-panel.js";
import { compareView } from "./views/compare/compare.js";
import { eventsView } from "./views/events.js";
import { placementView } from "./views/placement/placement.js";
import { runsView } from "./views/runs.js";
import { timelineView } from "./views/timeline/timeline.js";
import { topologyView } from "./views/topology/topology.js";

/** So long a page waits for its run before it draws a frame without one: to draw twice takes longer than most runs do. */
const PATIENCE_MS = 150;

/** Starts the page: reads what it holds or what its server gives, and shows the run that the address names. */
async function start(): Promise<void> {
  const source = ownData() ?? servedData();
  const app = new App(await source.index(), source);
  const transport = new Transport(app);
  const { live } = app.index;
  const follower = app.server && live !== undefined ? new LiveFollower(app, app.server, live) : undefined;
  const acts = follower ? [new BreakPanel(app, follower)] : [];
  const inspector = new Inspector(app, [storyPanel, nowPanel, whyPanel, machinePanel, ...acts, runbookPanel]);
  const shell = new Shell(
    app,
    [placementView, timelineView, topologyView, eventsView, compareView, runsView],
    transport,
    inspector,
  );
  const shown = app.showRun();
  await Promise.race([shown, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  document.body.append(shell.element);
  await shown;
  await follower?.start();
}

start().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  document.body.append(h("p", { class: "trouble-bar", role: "alert" }, `This page could not be shown: ${text}`));
});
