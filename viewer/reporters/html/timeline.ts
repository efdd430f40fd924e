import type { TraceEntry } from "../../../model/kernel/index.js";
import { durationText, momentText } from "../../text/duration.js";
import { escapeMarkup } from "../../text/markup.js";
import { type Lane, lanesOf } from "./lanes.js";
import { PICTURE_STYLE } from "./style.js";
import { type TimeScale, timeScale } from "./time-scale.js";

const LEFT = 250;
const TOP = 34;
const ROW = 20;

/** The timeline of one scenario for a page: a lane a thing, faults as lines through all of them. */
export function timelineSvg(name: string, trace: readonly TraceEntry[], endMs: number): string {
  const { lanes, hidden } = lanesOf(trace, endMs);
  const note = hidden > 0 ? `<p class="quiet">${hidden} more things changed; the table below has them.</p>` : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="Timeline, scrolls sideways">${drawing(name, trace, endMs, lanes)}</div>${note}`;
}

/** The same as a picture of its own, of the lanes of some groups, in a light colour scheme. */
export function timelinePicture(
  name: string,
  trace: readonly TraceEntry[],
  endMs: number,
  groups: ReadonlySet<string>,
): string {
  const { lanes } = lanesOf(trace, endMs, groups);
  const shown = trace.filter(({ kind, subject }) => kind === "fault" || groups.has(subject.split("/", 1)[0]!));
  return drawing(name, shown, endMs, lanes, `<style>${PICTURE_STYLE}</style>`);
}

function drawing(
  name: string,
  trace: readonly TraceEntry[],
  endMs: number,
  lanes: readonly Lane[],
  style?: string,
): string {
  const scale = timeScale([...trace.map((entry) => entry.atMs), endMs], LEFT);
  const height = TOP + lanes.length * ROW + 8;
  const faults = trace.filter((entry) => entry.kind === "fault" || entry.kind === "heal");
  const body = [
    ...axis(scale, height),
    ...faults.map(
      (entry) =>
        `<line class="${entry.kind}" x1="${px(scale.x(entry.atMs))}" x2="${px(scale.x(entry.atMs))}" y1="${TOP - 8}" y2="${height}"/>`,
    ),
    ...lanes.flatMap((lane, row) => laneSvg(lane, TOP + row * ROW, scale)),
  ];
  const width = Math.ceil(scale.widthPx);
  const alone = style === undefined ? "" : ' xmlns="http://www.w3.org/2000/svg"';
  const background = style === undefined ? "" : `${style}<rect class="page" width="${width}" height="${height}"/>`;
  return `<svg${alone} role="img" aria-label="Timeline of ${escapeMarkup(name)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${background}${body.join("")}</svg>`;
}

function axis(scale: TimeScale, height: number): string[] {
  const ticks = scale.ticks.map((moment) => {
    const x = px(scale.x(moment));
    return `<line class="tick" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height}"/><text class="when" x="${x}" y="${TOP - 18}">${momentText(moment).replace(/^0:/, "")}</text>`;
  });
  const folds = scale.folded.map(({ fromMs, toMs }) => {
    const x = px((scale.x(fromMs) + scale.x(toMs)) / 2);
    return `<text class="fold" x="${x}" y="${TOP - 5}">⋯ ${durationText(toMs - fromMs)}<title>${durationText(toMs - fromMs)} folded here</title></text>`;
  });
  return [...ticks, ...folds];
}

function laneSvg(lane: Lane, y: number, scale: TimeScale): string[] {
  const parts = [
    `<text class="lane" x="8" y="${y + 14}">${escapeMarkup(laneName(lane))}<title>${escapeMarkup([lane.subject, ...lane.others].join(", "))}</title></text>`,
  ];
  for (const segment of lane.segments) {
    const x = scale.x(segment.fromMs);
    const width = Math.max(1.5, scale.x(segment.toMs) - x);
    const title = `${segment.label}, ${momentText(segment.fromMs)} to ${momentText(segment.toMs)} (${durationText(segment.toMs - segment.fromMs)})`;
    parts.push(
      `<rect class="${segment.tone}" x="${px(x)}" y="${y + 3}" width="${px(width)}" height="${ROW - 6}" rx="2"><title>${escapeMarkup(title)}</title></rect>`,
    );
    const room = Math.floor((width - 8) / 6.2);
    if (room >= 3)
      parts.push(`<text class="on" x="${px(x + 4)}" y="${y + 14}">${escapeMarkup(clip(segment.label, room))}</text>`);
  }
  for (const mark of lane.marks) {
    const x = scale.x(mark.atMs);
    const title = `<title>${momentText(mark.atMs)} ${escapeMarkup(mark.label)} (#${mark.entry})</title>`;
    // Shape as well as colour: a diamond is trouble, a dot is not.
    parts.push(
      mark.tone === "bad"
        ? `<path class="mark bad" d="M${px(x)} ${y + 4}l6 6l-6 6l-6 -6z">${title}</path>`
        : `<circle class="mark ${mark.tone}" cx="${px(x)}" cy="${y + 10}" r="4">${title}</circle>`,
    );
  }
  return parts;
}

function laneName({ subject, others }: Lane): string {
  if (subject === "fault/injected") return "faults and heals";
  return others.length > 0 ? `${clipMiddle(subject, 30)} +${others.length}` : clipMiddle(subject, 34);
}

/** Keeps both ends: names of a kind begin alike, and their nodes stand last. */
function clipMiddle(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const tail = Math.floor(length / 2);
  return `${characters.slice(0, length - tail - 1).join("")}…${characters.slice(-tail).join("")}`;
}

function clip(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(1, length - 1)).join("")}…`;
}

function px(value: number): string {
  return value.toFixed(1);
}
