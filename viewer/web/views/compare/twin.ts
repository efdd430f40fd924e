import { momentText } from "../../../text/duration.js";
import type { App } from "../../app.js";
import type { Comparison } from "../../data/compare.js";
import { type Lane, lanesOf } from "../../data/lanes.js";
import type { RunView } from "../../data/run-view.js";
import { TimeAxis } from "../../data/time-axis.js";
import { h, name, shortName, svg } from "../../ui/dom.js";
import { drawAxis, drawRow, ROW_PX, type Window, xOf } from "../timeline/draw.js";
import { table } from "./tables.js";

const LANES_MAX = 24;
const STATES_CHARACTERS = 400;
const NAMES_PX = 230;
const AXIS_PX = 34;

/** The aligned lanes with what to call them, and the same as a table. */
export function twin(picture: SVGSVGElement, a: RunView, b: RunView, { subjects }: Comparison): HTMLElement {
  const more = subjects.length - LANES_MAX;
  return h(
    "section",
    {},
    h("h2", {}, `What went otherwise: A above, B below${more > 0 ? ` (${more} more things differ)` : ""}`),
    h("div", { class: "twin scroll", tabindex: 0, role: "region", "aria-label": "Aligned timelines" }, picture),
    h(
      "details",
      {},
      h("summary", {}, "As a table"),
      table(
        ["thing", "A", "B"],
        shownOf(subjects).map((subject) => [name(subject), statesText(a, subject), statesText(b, subject)]),
      ),
    ),
  );
}

/** What something was in turn: `up, off 0:00:00.000, booting 0:00:33.030`. */
function statesText(view: RunView, subject: string): string {
  const start = view.startOf(subject) ?? "unchanged";
  const states = view.statesOf(subject).map(({ state, atMs }) => `${state} ${momentText(Math.max(0, atMs))}`);
  return shortName([start, ...states].join(", "), STATES_CHARACTERS);
}

/** Those that people felt first, then the machinery; to a bound. */
function shownOf(subjects: readonly string[]): readonly string[] {
  const felt = subjects.filter((subject) => /^(journey|service)\//.test(subject));
  const rest = subjects.filter((subject) => !/^(journey|service)\//.test(subject));
  return [...felt.slice(0, LANES_MAX / 2), ...rest].slice(0, LANES_MAX);
}

/** Both runs on one axis: for each thing that differs its lane in A and in B. */
export function drawLanes(
  app: App,
  a: RunView,
  b: RunView,
  { subjects, first }: Comparison,
): SVGSVGElement | undefined {
  const shown = shownOf(subjects);
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
