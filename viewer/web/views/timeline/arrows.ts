import type { TraceEntry } from "../../../../model/kernel/index.js";
import type { RunView } from "../../data/run-view.js";
import { entryText } from "../../ui/chain.js";
import { svg } from "../../ui/dom.js";
import { px, type Window, xOf } from "./draw.js";

const EFFECTS_MAX = 60;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Causes as arrows: the chain from the fault to the event told of, and fainter what it led to at once. An end whose lane
 * a filter left out is skipped, so that the arrow goes from the cause before it. Choosing an arrow chooses where it ends.
 */
export function drawArrows(
  view: RunView,
  told: TraceEntry,
  window: Window,
  rowY: (subject: string, isDone: boolean) => number | undefined,
): SVGGElement {
  const point = (one: TraceEntry): Point | undefined => {
    const y = rowY(one.subject, /^(fault|heal|operator)$/.test(one.kind));
    return y === undefined ? undefined : { x: xOf(window, one.atMs), y };
  };
  const group = svg("g", { class: "arrows" });
  const from = point(told);
  for (const effect of from ? view.causes.effectsOf(told.id).slice(0, EFFECTS_MAX) : []) {
    const to = point(effect);
    if (to && effect.subject !== told.subject) group.append(arrow(from!, to, "effect", effect));
  }
  let before: Point | undefined;
  for (const one of view.causes.backFrom(told.id)) {
    const here = point(one);
    if (!here) continue;
    if (before && (before.x !== here.x || before.y !== here.y)) group.append(arrow(before, here, "cause", one));
    group.append(svg("circle", { class: "knot", cx: px(here.x), cy: px(here.y), r: one === told ? 8 : 6 }));
    before = here;
  }
  return group;
}

function arrow(from: Point, to: Point, kind: string, entry: TraceEntry): SVGGElement {
  const bend = Math.max(14, Math.abs(to.x - from.x) / 2);
  const down = to.y >= from.y ? 1 : -1;
  const end = to.y === from.y ? { x: to.x - 7, y: to.y } : { x: to.x, y: to.y - 7 * down };
  const curve =
    to.y === from.y
      ? `M${px(from.x)} ${px(from.y)}L${px(end.x)} ${px(end.y)}`
      : `M${px(from.x)} ${px(from.y)}C${px(from.x + bend)} ${px(from.y)} ${px(to.x)} ${px(to.y - down * Math.max(24, Math.abs(to.y - from.y) / 2))} ${px(end.x)} ${px(end.y)}`;
  const head = to.y === from.y ? `M${px(to.x)} ${px(to.y)}l-7 -4v8z` : `M${px(to.x)} ${px(to.y)}l-4 ${-7 * down}h8z`;
  const hit = svg("path", { class: "hit", d: curve, "data-entry": entry.id });
  hit.append(svg("title", {}, entryText(entry)));
  return svg(
    "g",
    { class: kind },
    svg("path", { class: "curve", d: curve }),
    svg("path", { class: "head", d: head }),
    hit,
  );
}
