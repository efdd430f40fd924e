import { inOrderOfNeed } from "../../page/order-of-need.js";
import type { RunHead } from "../../page/page-data.js";
import { durationText } from "../../text/duration.js";
import { outageTexts } from "../../text/outages.js";
import type { App } from "../app.js";
import { fill, h, name } from "../ui/dom.js";
import type { Mounted, View } from "./view.js";

/** Every run of the page with its verdict: what needs a look first. */
export const runsView: View = { id: "runs", title: "Runs", key: "r", mount };

function mount(place: HTMLElement, app: App): Mounted {
  const { index } = app;
  const rows = h("tbody");
  const count = h("p", { class: "quiet", role: "status" });
  const search = h("input", { type: "search", placeholder: "find a run", "aria-label": "Find a run", oninput: draw });
  function draw() {
    const wanted = search.value.toLowerCase();
    const found = inOrderOfNeed(index.runs).filter((run) =>
      [run.name, run.title, run.standing, run.because ?? ""].some((text) => text.toLowerCase().includes(wanted)),
    );
    fill(count, `${found.length} of ${index.runs.length} runs`);
    fill(
      rows,
      found.map((run) => row(run, app)),
    );
  }
  fill(
    place,
    h(
      "div",
      { class: "pad" },
      index.report.length > 0 &&
        h(
          "section",
          { class: "card" },
          index.report.map((line) => h("p", {}, line)),
        ),
      h("div", { class: "bar" }, search, count),
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Runs" },
        h(
          "table",
          { class: "runs" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ["verdict", "run", "recovery", "who felt it, and for how long"].map((title) =>
                h("th", { scope: "col" }, title),
              ),
            ),
          ),
          rows,
        ),
      ),
    ),
  );
  draw();
  return {
    run: draw,
    update(_, changed) {
      if (changed.has("run")) draw();
    },
  };
}

function row(run: RunHead, app: App): HTMLElement {
  const isShown = app.headOf(app.state.run)?.id === run.id;
  return h(
    "tr",
    { class: isShown ? "is-selected" : "" },
    h("td", {}, standingBadge(run.standing)),
    h(
      "td",
      {},
      h(
        "button",
        {
          class: "plain title",
          ...(isShown && { "aria-current": "true" }),
          onclick: () => app.store.set({ run: run.name, at: 0, thing: "", entry: 0, view: "placement" }),
        },
        name(run.title),
      ),
      h("small", { class: "block" }, name(run.name), run.because && run.standing !== "pass" ? `: ${run.because}` : ""),
    ),
    h("td", { class: "num" }, run.recoveryMs === undefined ? "" : durationText(run.recoveryMs)),
    h("td", {}, outageTexts(run.outagesMs ?? {}).join("; ")),
  );
}

const MARKS: Readonly<Record<string, string>> = {
  pass: "✓",
  finding: "!",
  fail: "✗",
  unknown: "?",
  waived: "–",
  live: "●",
  unplayed: "▷",
};

export function standingBadge(standing: string): HTMLElement {
  return h(
    "span",
    { class: `badge ${standing}` },
    h("span", { "aria-hidden": "true" }, MARKS[standing] ?? ""),
    standing,
  );
}
