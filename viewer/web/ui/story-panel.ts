import { momentText } from "../../text/duration.js";
import { outageTexts } from "../../text/outages.js";
import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import { type Felt, type Move, storyOf } from "../data/story.js";
import { chainList, entryText } from "./chain.js";
import { fill, h, name, shortName } from "./dom.js";
import { folded } from "./folded.js";
import type { Panel } from "./inspector.js";
import { momentButton } from "./things.js";

const NODES_MAX = 24;
const DONE_MAX = 12;
const FELT_MAX = 6;
const MOVED_MAX = 8;

/** What happened, for somebody who sees the run for the first time: what was done, who felt it, what it waited for, what moved. */
export const storyPanel: Panel = {
  id: "story",
  title: "What happened",
  isStill: true,
  applies: (_app, _view, thing) => thing === "",
  draw(place, app, view) {
    const { verdict, runbook } = view.run;
    if (app.isLive && view.faults.length === 0) {
      fill(place, invitation(app, view));
      return;
    }
    const because = verdict?.finding ?? verdict?.because ?? runbook?.because;
    fill(
      place,
      because !== undefined && h("p", {}, name(because)),
      done(app, view),
      felt(app, view),
      waited(app, view),
      moved(app, view),
      broken(app, view),
      verdict && leanedOn(verdict.assumptions),
      h(
        "p",
        { class: "quiet" },
        "Choose a resource, a node, a service or an event: here stands what it is, why, and what can become of it.",
      ),
    );
  },
};

/** A twin that nobody has touched yet. */
function invitation(app: App, { ground }: RunView): HTMLElement {
  const nodes = ground.vertices.filter(({ kind }) => kind === "node");
  const button = ({ key, id }: (typeof nodes)[number]) =>
    h("li", {}, h("button", { class: "chip", onclick: () => app.store.set({ thing: key, panel: "break" }) }, name(id)));
  return h(
    "section",
    {},
    h(
      "p",
      {},
      "Everything runs, and nothing was done yet. Choose a node, a resource, a link or a service: Break it has the faults that apply, with what they would lead to.",
    ),
    h("h3", {}, "Break a node"),
    h("ul", { class: "chips" }, nodes.slice(0, NODES_MAX).map(button)),
    app.index.runs.length > 1 &&
      h(
        "p",
        {},
        "Or see a scenario: ",
        h("button", { onclick: () => app.store.set({ view: "runs" }) }, `Runs (${app.index.runs.length - 1})`),
      ),
  );
}

function done(app: App, { faults }: RunView): HTMLElement {
  return h(
    "section",
    {},
    h("h3", {}, faults.length === 0 ? "Nothing was done to it" : "What was done"),
    h(
      "ol",
      { class: "told" },
      faults
        .slice(0, DONE_MAX)
        .map((entry) => h("li", {}, momentButton(app, entry.atMs, momentText(entry.atMs)), name(entryText(entry)))),
    ),
    faults.length > DONE_MAX && h("p", { class: "quiet" }, `and ${faults.length - DONE_MAX} more; Events has them all`),
  );
}

/** Bars on one scale: how long who was out. */
function felt(app: App, view: RunView): HTMLElement {
  const all = storyOf(view).felt;
  const longestMs = Math.max(1, ...all.map(({ fromMs, toMs }) => toMs - fromMs));
  const bar = ({ subjects, fromMs, toMs, open }: Felt) => {
    const line = h("span", { class: "bar-of" });
    line.style.width = `${Math.max(2, ((toMs - fromMs) / longestMs) * 100)}%`;
    const lengths = Object.fromEntries(subjects.map((subject) => [subject, toMs - fromMs]));
    return h(
      "li",
      {},
      h(
        "button",
        {
          class: "felt",
          title: shortName(subjects.join(", ")),
          onclick: () => app.store.set({ at: fromMs, thing: subjects[0]!, entry: 0, playing: false }),
        },
        h("span", { dir: "auto" }, shortName(outageTexts(lengths)[0]!, 120), open ? ", to the end" : ""),
        line,
        h("small", {}, `${momentText(fromMs)} to ${open ? "the end" : momentText(toMs)}`),
      ),
    );
  };
  return h(
    "section",
    {},
    h("h3", {}, all.length === 0 ? "Nobody noticed" : "Who was out"),
    h("ol", { class: "felt-list" }, all.slice(0, FELT_MAX).map(bar)),
    all.length > FELT_MAX && h("p", { class: "quiet" }, `and ${all.length - FELT_MAX} shorter outages`),
  );
}

/** The chain from the fault to the end of the last outage, or to the outage that has no end. */
function waited(app: App, view: RunView): HTMLElement | undefined {
  const { turn } = storyOf(view);
  if (!turn) return undefined;
  const { outage, entry } = turn;
  const title = outage.open ? "Why it is still out at the end" : "What it waited for, until all were served again";
  return h("section", {}, h("h3", {}, title), chainList(app, view.causes.backFrom(entry.id), entry.id));
}

function moved(app: App, view: RunView): HTMLElement | undefined {
  const { moved: moves } = storyOf(view);
  if (view.ground.clusters.length === 0) return undefined;
  const nodes = (list: readonly string[]) => (list.length === 0 ? "nowhere" : list.join(", "));
  const line = ({ cluster, resources, from, to }: Move) =>
    h(
      "li",
      {},
      h(
        "button",
        { class: "plain", onclick: () => app.select(`resource/${cluster}/${resources[0]}`) },
        name(shortName(resources.join(", "), 90)),
      ),
      h("small", { class: "block" }, name(`${nodes(from)} → ${nodes(to)}`)),
    );
  return h(
    "section",
    {},
    h("h3", {}, moves.length === 0 ? "At the end everything runs where it did" : "What runs elsewhere at the end"),
    h("ul", { class: "moved" }, moves.slice(0, MOVED_MAX).map(line)),
    moves.length > MOVED_MAX && h("p", { class: "quiet" }, `and ${moves.length - MOVED_MAX} more`),
  );
}

function broken(app: App, { run }: RunView): HTMLElement | undefined {
  const those = run.promises.filter(({ status }) => status === "broken");
  if (those.length === 0) return undefined;
  return h(
    "section",
    {},
    h("h3", {}, those.length === 1 ? "The promise that broke" : `${those.length} promises broke`),
    h(
      "ul",
      { class: "told" },
      those.map(({ name: promise, atMs, evidence }) =>
        h(
          "li",
          {},
          atMs === undefined ? undefined : momentButton(app, atMs, momentText(atMs)),
          name(evidence === undefined ? promise : `${promise}: ${evidence}`),
        ),
      ),
    ),
  );
}

function leanedOn(assumptions: readonly string[]): HTMLElement | undefined {
  if (assumptions.length === 0) return undefined;
  return folded("assumptions", `The verdict leans on ${assumptions.length} assumptions`, () =>
    h(
      "ul",
      { class: "moved" },
      assumptions.map((text) => h("li", {}, name(text))),
    ),
  );
}
