import type { TraceEntry } from "../../../../model/kernel/index.js";
import { inOrderOfNeed } from "../../../page/order-of-need.js";
import { durationText, momentText } from "../../../text/duration.js";
import type { App } from "../../app.js";
import { type Comparison, compareRuns } from "../../data/compare.js";
import type { RunView } from "../../data/run-view.js";
import { entryText } from "../../ui/chain.js";
import { fill, h, name, shortName } from "../../ui/dom.js";
import type { Mounted, View } from "../view.js";
import { delta, tables } from "./tables.js";
import { drawLanes, twin } from "./twin.js";

/** Two runs side by side: what differs, from where on, and what it cost. */
export const compareView: View = {
  id: "compare",
  title: "Compare",
  key: "c",
  applies: (app) => app.index.runs.length > 1,
  mount,
};

function mount(place: HTMLElement, app: App): Mounted {
  const other = h("select", { "aria-label": "Compare with", onchange: () => app.store.set({ with: other.value }) });
  const body = h("div", { class: "compare-body" });
  let a: RunView | undefined;
  let b: RunView | undefined;
  let picture: SVGSVGElement | undefined;
  let asked = 0;
  fill(
    place,
    h(
      "div",
      { class: "compare" },
      h(
        "div",
        { class: "bar" },
        h("b", {}, "A"),
        h("span", { class: "a-name" }),
        h("label", { class: "check" }, h("b", {}, "B"), other),
      ),
      body,
    ),
  );
  const draw = () => {
    fill(body);
    picture = undefined;
    if (!a) return;
    fill(place.querySelector(".a-name")!, name(a.run.title));
    if (!b) {
      fill(body, h("p", { class: "quiet pad" }, "Choose the run to compare with."));
      return;
    }
    const found = compareRuns(a, b);
    picture = drawLanes(app, a, b, found);
    fill(
      body,
      h("div", { class: "pad" }, summary(app, a, b, found), tables(found), picture && twin(picture, a, b, found)),
    );
  };
  const load = async () => {
    const wanted = ++asked;
    b = undefined;
    const head = app.state.with === "" ? undefined : app.headOf(app.state.with);
    try {
      const loaded = head && (await app.load(head.id));
      if (wanted !== asked) return;
      b = loaded;
    } catch (error) {
      app.onTrouble(error instanceof Error ? error.message : String(error));
    }
    draw();
  };
  const options = () => {
    const runs = inOrderOfNeed(app.index.runs).filter(({ id }) => id !== app.headOf(app.state.run)?.id);
    fill(
      other,
      h("option", { value: "" }, "choose a run"),
      runs.map((run) =>
        h("option", { value: run.name, selected: run.name === app.state.with }, shortName(run.title, 80)),
      ),
    );
  };
  return {
    run(view) {
      a = view;
      options();
      void load();
    },
    update(_, changed) {
      if (changed.has("with")) void load();
    },
    picture: () => picture,
  };
}

function summary(app: App, a: RunView, b: RunView, found: Comparison): HTMLElement {
  const part = (label: string, entry: TraceEntry | undefined) =>
    h(
      "li",
      {},
      h("b", {}, `${label} `),
      entry
        ? h(
            "button",
            { class: "plain", onclick: () => app.store.set({ at: Math.max(0, entry.atMs), thing: entry.subject }) },
            `${momentText(entry.atMs)}  `,
            name(entryText(entry)),
          )
        : "has ended",
    );
  const ms = (value: number | undefined) => (value === undefined ? "never" : durationText(value));
  const { aMs, bMs } = found.recovery;
  return h(
    "section",
    { class: "card" },
    h(
      "h2",
      {},
      found.first
        ? found.same === 0
          ? "The two runs differ from the first event on"
          : `The first difference comes after ${found.same} equal events`
        : "The two runs are the same, event for event",
    ),
    found.first && h("ul", {}, part("A", found.first.a), part("B", found.first.b)),
    (a.run.verdict || b.run.verdict) &&
      h(
        "p",
        {},
        "Recovery: A ",
        h("b", {}, ms(aMs)),
        ", B ",
        h("b", {}, ms(bMs)),
        aMs !== undefined && bMs !== undefined && delta(aMs, bMs),
      ),
  );
}
