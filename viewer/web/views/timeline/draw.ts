import type { TraceEntry } from "../../../../model/kernel/index.js";
import { durationText, momentText } from "../../../text/duration.js";
import type { Segment } from "../../data/lanes.js";
import type { TimeAxis } from "../../data/time-axis.js";
import type { Tone } from "../../data/tone.js";
import { push } from "../../data/tracks.js";
import { shortName, svg } from "../../ui/dom.js";
import type { Row } from "./rows.js";

export const ROW_PX = 24;

/** A window of positions on the axis, drawn over so many pixels. */
export interface Window {
  readonly axis: TimeAxis;
  readonly from: number;
  readonly to: number;
  readonly widthPx: number;
}

export function xOf(window: Window, atMs: number): number {
  return ((window.axis.position(atMs) - window.from) / (window.to - window.from)) * window.widthPx;
}

export function momentAt(window: Window, x: number): number {
  return window.axis.moment(window.from + (x / window.widthPx) * (window.to - window.from));
}

const CHARACTER_PX = 6.4;
/** A label begins after what marks the beginning of its bar: an event, or a knot of a chain. */
const LABEL_PX = 10;
/** Marks nearer than this are drawn as one. */
const BIN_PX = 3;
/** Marks are so wide that a reader tells no two apart that stand nearer. */
const MARK_PX = 6;
/** Bars narrower than this bear no label and are told by the moment under the pointer: one path for all of a tone. */
const NARROW_PX = 4;

/** The drawing of one row, its top at 0. Only what lies in the window; what would lie on one pixel is drawn once. */
export function drawRow(row: Row, window: Window): SVGGElement {
  const group = svg("g", { class: `row ${row.kind}` });
  if (row.kind === "promise") {
    for (const { fromMs, toMs, standing } of row.strip.spans) {
      const span = clipped(window, fromMs, toMs);
      if (!span) continue;
      group.append(svg("rect", { class: `strip ${standing}`, x: span.x, y: 8, width: span.width, height: 8, rx: 2 }));
      if (standing === "broken") group.append(svg("path", { class: "strip-mark", d: `M${span.x} 4l5 8l-5 8l-5-8z` }));
    }
    return group;
  }
  drawSegments(group, row.lane.segments, window);
  let lastBin = Number.NEGATIVE_INFINITY;
  for (const mark of row.lane.marks) {
    const x = xOf(window, mark.atMs);
    if (x < -6 || x > window.widthPx + 6) continue;
    if (x - lastBin < MARK_PX) continue;
    lastBin = x;
    // Shape as well as colour: a diamond is trouble, a dot is not.
    const shape =
      mark.tone === "bad"
        ? svg("path", { class: "mark bad", d: `M${px(x)} 5l6.5 7l-6.5 7l-6.5-7z`, "data-entry": mark.entry })
        : svg("circle", { class: `mark ${mark.tone}`, cx: px(x), cy: 12, r: 4.5, "data-entry": mark.entry });
    shape.append(svg("title", {}, shortName(`${momentText(mark.atMs)} ${mark.label}`)));
    group.append(shape);
  }
  return group;
}

function drawSegments(group: SVGGElement, segments: readonly Segment[], window: Window): void {
  let drawnTo = Number.NEGATIVE_INFINITY;
  let badTo = Number.NEGATIVE_INFINITY;
  const narrow = new Map<Tone, string[]>();
  for (const segment of segments) {
    const span = clipped(window, segment.fromMs, segment.toMs);
    // What is bad is not hidden by what only lies on the same pixel.
    const isBad = segment.tone === "bad";
    if (!span || span.x + span.width < (isBad ? badTo : drawnTo) + 0.5) continue;
    drawnTo = span.x + span.width;
    if (isBad) badTo = drawnTo;
    if (span.width < NARROW_PX) {
      push(narrow, segment.tone, `M${px(span.x)} 4h${px(span.width)}v${ROW_PX - 8}h-${px(span.width)}z`);
      continue;
    }
    const length = durationText(segment.toMs - segment.fromMs);
    const isOut = segment.label === "not-served";
    const rect = svg("rect", {
      class: segment.tone,
      x: px(span.x),
      y: 4,
      // A hair between neighbours, which may look alike.
      width: px(Math.max(1.5, span.width - 1)),
      height: ROW_PX - 8,
      rx: 2,
      "data-from": segment.fromMs,
    });
    rect.append(
      svg(
        "title",
        {},
        shortName(`${segment.label}, ${momentText(segment.fromMs)} to ${momentText(segment.toMs)} (${length})`),
      ),
    );
    group.append(rect);
    const room = Math.floor((span.width - LABEL_PX - 5) / CHARACTER_PX);
    const text = isOut ? `out ${length}` : segment.label;
    if (room >= Math.min(text.length, 6))
      group.append(
        svg("text", { class: `on ${segment.tone}`, x: px(span.x + LABEL_PX), y: 16 }, cut(text, Math.max(2, room))),
      );
  }
  for (const [tone, parts] of narrow) group.append(svg("path", { class: `narrow ${tone}`, d: parts.join("") }));
}

/** The beginning of a text: that is where a bar's label says what it is. */
function cut(text: string, characters: number): string {
  const all = [...shortName(text)];
  return all.length <= characters ? all.join("") : `${all.slice(0, characters - 1).join("")}…`;
}

function clipped(window: Window, fromMs: number, toMs: number): { x: number; width: number } | undefined {
  const left = Math.max(-4, xOf(window, fromMs));
  const right = Math.min(window.widthPx + 4, xOf(window, toMs));
  if (right < 0 || left > window.widthPx) return undefined;
  return { x: left, width: Math.max(1.5, right - left) };
}

/** Labels, lines and folded quiet along the top, and the faults' lines through everything below. */
export function drawAxis(window: Window, heightPx: number): SVGGElement {
  const { axis, from, to, widthPx } = window;
  const group = svg("g", { class: "axis" });
  for (const moment of axis.ticks(from, to, ((to - from) * 100) / widthPx)) {
    const x = xOf(window, moment);
    if (x > widthPx - 40) continue;
    group.append(
      svg("line", { class: "tick", x1: px(x), x2: px(x), y1: 20, y2: heightPx }),
      svg(
        "text",
        { class: "when", x: px(x), y: 14, "text-anchor": x < 30 ? "start" : "middle" },
        momentText(moment).replace(/^0:/, ""),
      ),
    );
  }
  for (const { fromMs, toMs } of axis.folds()) {
    const left = xOf(window, fromMs);
    const right = xOf(window, toMs);
    if (right < 0 || left > widthPx || right - left < BIN_PX) continue;
    const text = `⋯ ${durationText(toMs - fromMs)}`;
    const shown = svg("rect", {
      class: "fold-area",
      x: px(left),
      y: 20,
      width: px(Math.max(1, right - left)),
      height: heightPx,
    });
    shown.append(svg("title", {}, `${durationText(toMs - fromMs)} of quiet, folded`));
    group.append(shown);
    if (right - left > text.length * CHARACTER_PX + 4)
      group.append(svg("text", { class: "fold", x: px((left + right) / 2), y: 29 }, text));
  }
  return group;
}

/** A line through everything below for each fault, heal and command; those on the same pixels once. */
export function drawFaults(
  faults: readonly TraceEntry[],
  window: Window,
  topPx: number,
  heightPx: number,
): readonly SVGLineElement[] {
  const lastOf = new Map<string, number>();
  return faults.flatMap(({ kind, atMs }) => {
    const x = xOf(window, atMs);
    if (x < 0 || x > window.widthPx || x - (lastOf.get(kind) ?? Number.NEGATIVE_INFINITY) < BIN_PX) return [];
    lastOf.set(kind, x);
    return [svg("line", { class: `through ${kind}`, x1: px(x), x2: px(x), y1: topPx, y2: heightPx })];
  });
}

export function px(value: number): string {
  return value.toFixed(1);
}
