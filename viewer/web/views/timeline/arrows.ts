import type { TraceEntry } from "../../../../model/kernel/index.js";
import type { RunView } from "../../data/run-view.js";
import { svg } from "../../ui/dom.js";
import { px, type Window, xOf } from "./draw.js";

const EFFECTS_MAX = 60;

/**
 * Causes as arrows: the chain from the fault to the event chosen, and fainter what it led to at once. An end whose lane
 * a filter left out is skipped, so that the arrow goes from the cause before it.
 */
export function drawArrows(
  view: RunView,
  chosen: number,
  window: Window,
  rowY: (subject: string, isDone: boolean) => number | undefined,
): SVGGElement | undefined {
  const entry = view.causes.entry(chosen);
  if (!entry) return undefined;
  const point = (one: TraceEntry) => {
    const y = rowY(one.subject, /^(fault|heal|operator)$/.test(one.kind));
    return y === undefined ? undefined : { x: xOf(window, one.atMs), y };
  };
  const group = svg("g", { class: "arrows" });
  for (const effect of view.causes.forwardFrom(chosen).slice(0, EFFECTS_MAX)) {
    if (effect.cause !== chosen) continue;
    const from = point(entry);
    const to = point(effect);
    if (from && to && effect.subject !== entry.subject) group.append(arrow(from, to, "effect"));
  }
  let before: { x: number; y: number } | undefined;
  for (const one of view.causes.backFrom(chosen)) {
    const here = point(one);
    if (!here) continue;
    if (before && (before.x !== here.x || before.y !== here.y)) group.append(arrow(before, here, "cause"));
    group.append(svg("circle", { class: "knot", cx: px(here.x), cy: px(here.y), r: one === entry ? 8 : 6 }));
    before = here;
  }
  return group;
}

function arrow(from: { x: number; y: number }, to: { x: number; y: number }, kind: string): SVGGElement {
  const bend = Math.max(14, Math.abs(to.x - from.x) / 2);
  const down = to.y >= from.y ? 1 : -1;
  const end = to.y === from.y ? { x: to.x - 7, y: to.y } : { x: to.x, y: to.y - 7 * down };
  const curve =
    to.y === from.y
      ? `M${px(from.x)} ${px(from.y)}L${px(end.x)} ${px(end.y)}`
      : `M${px(from.x)} ${px(from.y)}C${px(from.x + bend)} ${px(from.y)} ${px(to.x)} ${px(to.y - down * Math.max(24, Math.abs(to.y - from.y) / 2))} ${px(end.x)} ${px(end.y)}`;
  const head = to.y === from.y ? `M${px(to.x)} ${px(to.y)}l-7 -4v8z` : `M${px(to.x)} ${px(to.y)}l-4 ${-7 * down}h8z`;
  return svg("g", { class: kind }, svg("path", { class: "curve", d: curve }), svg("path", { class: "head", d: head }));
}
