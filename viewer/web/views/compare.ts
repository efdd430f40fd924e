import type { TraceEntry } from "../../../model/kernel/index.js";
import { durationText, momentText } from "../../text/duration.js";
import { type App, inOrderOfNeed } from "../app.js";
import { type Comparison, compareRuns } from "../data/compare.js";
import { type Lane, lanesOf } from "../data/lanes.js";
import type { RunView } from "../data/run-view.js";
import { TimeAxis } from "../data/time-axis.js";
import { entryText } from "../ui/chain.js";
import { fill, h, name, shortName, svg } from "../ui/dom.js";
import { drawAxis, drawRow, ROW_PX, type Window, xOf } from "./timeline/draw.js";
import type { Mounted, View } from "./view.js";

/** Two runs side by side: what differs, from where on, and what it cost. */
export const compareView: View = {
  id: "compare",
  title: "Compare",
  key: "c",
  applies: (app) => app.index.runs.length > 1,
  mount,
};

const LANES_MAX = 24;
const NAMES_PX = 230;
const AXIS_PX = 34;

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
      fill(body, h("p", { class: "quiet" }, "Choose the run to compare with."));
      return;
    }
    const found = compareRuns(a, b);
    picture = drawLanes(app, a, b, found);
    fill(body, h("div", { class: "pad" }, summary(app, a, b, found), tables(found), picture && twin(picture, found)));
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
        ? `The first difference comes after ${found.same} equal events`
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

function delta(aMs: number, bMs: number): HTMLElement {
  const by = bMs - aMs;
  if (by === 0) return h("span", { class: "quiet" }, " (the same)");
  return h(
    "span",
    { class: by > 0 ? "grew" : "shrank" },
    ` (B ${by > 0 ? "▲ longer" : "▼ shorter"} by ${durationText(Math.abs(by))})`,
  );
}

function tables({ outages, promises }: Comparison): HTMLElement {
  const table = (label: string, heads: readonly string[], rows: readonly (readonly (Node | string)[])[]) =>
    h(
      "section",
      {},
      h("h2", {}, label),
      rows.length === 0
        ? h("p", { class: "quiet" }, "None differs.")
        : h(
            "div",
            { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
            h(
              "table",
              { class: "card" },
              h(
                "thead",
                {},
                h(
                  "tr",
                  {},
                  heads.map((head) => h("th", { scope: "col" }, head)),
                ),
              ),
              h(
                "tbody",
                {},
                rows.map((row) =>
                  h(
                    "tr",
                    {},
                    row.map((cell) => h("td", {}, cell)),
                  ),
                ),
              ),
            ),
          ),
    );
  return h(
    "div",
    { class: "diff" },
    table(
      "Outages that differ",
      ["who", "A", "B", ""],
      alike(outages).map(({ subjects, aMs, bMs }) => [
        h(
          "span",
          { title: shortName(subjects.join(", ")) },
          name(subjects[0]!),
          subjects.length > 1 ? ` +${subjects.length - 1}` : "",
        ),
        durationText(aMs),
        durationText(bMs),
        delta(aMs, bMs),
      ]),
    ),
    table(
      "Promises that differ",
      ["promise", "A", "B"],
      promises.map((one) => [name(one.name), one.a, one.b]),
    ),
  );
}

/** Who was out equally long in both, told together. */
function alike(outages: Comparison["outages"]) {
  const groups = new Map<string, { subjects: string[]; aMs: number; bMs: number }>();
  for (const { subject, aMs, bMs } of outages) {
    const group = groups.get(`${aMs} ${bMs}`) ?? { subjects: [], aMs, bMs };
    group.subjects.push(subject);
    groups.set(`${aMs} ${bMs}`, group);
  }
  return [...groups.values()];
}

function twin(picture: SVGSVGElement, { subjects }: Comparison): HTMLElement {
  const more = subjects.length - LANES_MAX;
  return h(
    "section",
    {},
    h("h2", {}, `What went otherwise: A above, B below${more > 0 ? ` (${more} more things differ)` : ""}`),
    h("div", { class: "twin scroll", tabindex: 0, role: "region", "aria-label": "Aligned timelines" }, picture),
  );
}

/** Both runs on one axis: for each thing that differs its lane in A and in B. */
function drawLanes(app: App, a: RunView, b: RunView, { subjects, first }: Comparison): SVGSVGElement | undefined {
  const felt = subjects.filter((subject) => /^(journey|service)\//.test(subject));
  const rest = subjects.filter((subject) => !/^(journey|service)\//.test(subject));
  const shown = [...felt.slice(0, LANES_MAX / 2), ...rest].slice(0, LANES_MAX);
  if (shown.length === 0) return undefined;
  const moments = [...new Set([...a.moments, ...b.moments])].sort((x, y) => x - y);
  const window: Window = { axis: new TimeAxis(moments), from: 0, to: 1, widthPx: 820 };
  const lane = (view: RunView, subject: string): Lane =>
    lanesOf(view).find((one) => one.subject === subject || one.others.includes(subject)) ?? steady(view, subject);
  const heightPx = AXIS_PX + shown.length * (2 * ROW_PX + 8) + 8;
  const picture = svg("svg", {
    class: "lanes picture",
    viewBox: `0 0 ${NAMES_PX + window.widthPx + 30} ${heightPx}`,
    role: "img",
    "aria-label": `Timelines of ${shown.length} things that differ`,
  });
  const stage = svg("g", { transform: `translate(${NAMES_PX} 0)` }, drawAxis(window, heightPx));
  shown.forEach((subject, i) => {
    const top = AXIS_PX + i * (2 * ROW_PX + 8);
    picture.append(
      svg("text", { x: 10, y: top + 17 }, shortName(subject, 32)),
      svg("text", { class: "when", x: NAMES_PX - 18, y: top + 17 }, "A"),
      svg("text", { class: "when", x: NAMES_PX - 18, y: top + ROW_PX + 14 }, "B"),
    );
    [a, b].forEach((view, k) => {
      const row = drawRow(
        { kind: "lane", key: subject, title: subject, lane: lane(view, subject), pinned: false },
        window,
      );
      row.setAttribute("transform", `translate(0 ${top + k * (ROW_PX - 3)})`);
      stage.append(row);
    });
  });
  const atMs = first?.a?.atMs ?? first?.b?.atMs;
  if (atMs !== undefined) {
    const x = xOf(window, Math.max(0, atMs));
    stage.append(svg("line", { class: "playhead", x1: x, x2: x, y1: 18, y2: heightPx }));
  }
  picture.append(stage);
  picture.addEventListener("click", (event) => {
    const entry = Number((event.target as Element).getAttribute("data-entry"));
    if (entry > 0) app.store.set({ entry });
  });
  return picture;
}

/** What did not change in one of the two. */
function steady(view: RunView, subject: string): Lane {
  const label = view.startOf(subject) ?? "unchanged";
  const segments = [{ fromMs: 0, toMs: view.run.endMs, label, tone: "idle" as const }];
  return { subject, others: [], group: subject.slice(0, subject.indexOf("/")), segments, marks: [] };
}
