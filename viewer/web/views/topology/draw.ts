import type { RunView } from "../../data/run-view.js";
import { type Look, lookOf } from "../../data/tone.js";
import { HEADER } from "../../layout/layout.js";
import { shortName, svg } from "../../ui/dom.js";
import { glyph } from "../../ui/glyph.js";
import type { Item, Line } from "./scene.js";
import type { Standing } from "./states.js";

const CHARACTER_PX = 6.6;
const NAME_CHARACTERS = 12;
/** A box that is higher on the screen than this has larger names, to a bound. */
const ROOMY_PX = 80;
const LARGER = 1.5;

/** How an item looks now: all that its drawing depends on, so that equal looks are one drawing. */
export interface ItemLook {
  readonly state: Look | undefined;
  /** What a container says of what it holds. */
  readonly count: string;
  readonly tone: string;
  readonly scale: number;
  /** Too small for a second line. */
  readonly isLow: boolean;
  readonly isSelected: boolean;
}

/** Names of what is gathered are drawn larger, so that they can be read from afar. */
export function itemLook({ vertex, box, how }: Item, { looks, below }: Standing, k: number, isSelected: boolean) {
  const state = looks.get(vertex.key);
  const sum = how === "leaf" ? undefined : below.get(vertex.key);
  const tone = state?.tone ?? (how === "gathered" && sum && sum.bad > 0 ? "bad" : "none");
  const wanted = inSteps(1 / k);
  // Where there is no room for two lines, the name stands alone.
  const isLow = how === "gathered" && Math.min(box.width / 90, box.height / 40) < wanted;
  const scale =
    how === "gathered"
      ? isLow
        ? Math.min(wanted, box.width / (nameWidth(vertex.id) + 8), box.height / 18)
        : wanted * Math.max(1, Math.min(LARGER, inSteps((box.height * k) / ROOMY_PX)))
      : how === "frame"
        ? box.header / HEADER
        : 1;
  return { state, count: sum ? countText(sum) : "", tone, scale, isLow, isSelected } satisfies ItemLook;
}

export function lookKey(item: Item, { state, count, scale, isLow, isSelected }: ItemLook): string {
  return `${item.how} ${isLow} ${isSelected} ${Math.round(scale * 1_000)} ${state?.shape} ${state?.tone} ${state?.text} ${count}`;
}

function nameWidth(text: string): number {
  return Math.min(NAME_CHARACTERS, Math.max(3, text.length)) * CHARACTER_PX;
}

/** Four steps for each doubling: a zoom does not draw every name anew at every notch. */
function inSteps(scale: number): number {
  return 2 ** (Math.round(Math.log2(scale) * 4) / 4);
}

/** One item at its place in the plane. */
export function drawItem(
  { vertex, box, how }: Item,
  { state, count, tone, scale, isLow, isSelected }: ItemLook,
): SVGGElement {
  const said = [state?.text, count].filter(Boolean).join(", ");
  const group = svg("g", {
    class: `item ${how} ${tone}${isSelected ? " is-selected" : ""}`,
    transform: `translate(${box.x} ${box.y})`,
    role: "button",
    tabindex: -1,
    "data-key": vertex.key,
  });
  group.append(
    svg("rect", { class: "box", width: box.width, height: box.height, rx: how === "leaf" ? 5 : 8 }),
    svg("title", {}, shortName(`${vertex.kind} ${vertex.id}${said ? `: ${said}` : ""}`)),
  );
  if (how === "gathered") {
    const room = Math.floor(box.width / (CHARACTER_PX * scale)) - (isLow ? 0 : 2);
    const lines = svg("g", {
      transform: `translate(${box.width / 2} ${box.height / 2}) scale(${scale})`,
    });
    lines.append(
      svg(
        "text",
        { class: "name", "text-anchor": "middle", y: isLow ? 4 : -3 },
        shortName(vertex.id, Math.max(3, room)),
      ),
    );
    if (!isLow)
      lines.append(
        svg(
          "text",
          { class: "count", "text-anchor": "middle", y: 13 },
          shortName(state?.tone === "bad" ? state.text : count, Math.max(3, room)),
        ),
      );
    group.append(lines);
    if (state && box.width / scale > 110) group.append(placed(glyph(state), 6 * scale, 6 * scale, scale));
    return group;
  }
  // A container's name fills its header.
  const room = Math.floor((box.width / scale - 34) / CHARACTER_PX);
  const text = how === "frame" ? `${vertex.kind === "group" ? "" : `${vertex.kind} `}${vertex.id}` : vertex.id;
  const label = svg("g", {
    transform: `translate(0 ${how === "frame" ? 2 : 1}) scale(${scale})`,
  });
  if (state) label.append(placed(glyph(state), 6, 5, 1));
  label.append(svg("text", { class: "name", x: state ? 27 : 9, y: 17.5 }, shortName(text, Math.max(3, room))));
  group.append(label);
  return group;
}

function placed(picture: SVGElement, x: number, y: number, scale: number): SVGElement {
  picture.setAttribute("x", String(x));
  picture.setAttribute("y", String(y));
  picture.setAttribute("width", String(16 * scale));
  picture.setAttribute("height", String(16 * scale));
  return picture;
}

function countText({ all, bad }: { readonly all: number; readonly bad: number }): string {
  return bad > 0 ? `${bad} broken` : `${all} things`;
}

export interface LineLook {
  readonly state: string | undefined;
  readonly isOwn: boolean;
}

/** A cable in its state; a line of what is selected apart from the others. */
export function lineLook({ edge }: Line, view: RunView, at: number, selected: string): LineLook {
  return {
    state: edge.subject === undefined ? undefined : view.stateAt(edge.subject, at),
    isOwn: edge.from === selected || edge.to === selected || edge.subject === selected,
  };
}

/** A line between two boxes, from edge to edge. */
export function drawLine({ from, to, edge }: Line, { state, isOwn }: LineLook): SVGPathElement {
  const a = centre(from);
  const b = centre(to);
  const start = border(from, b);
  const end = border(to, a);
  const tone = state === undefined ? "" : lookOf(state).tone;
  const bend = Math.min(60, Math.abs(end.x - start.x) / 4 + 10) * Math.sign(end.x - start.x);
  const point = ({ x, y }: Point, aside = 0) => `${(x + aside).toFixed(1)} ${y.toFixed(1)}`;
  const path = svg("path", {
    class: `line ${edge.kind === "link" ? "cable" : "relation"} ${tone} ${isOwn ? "own" : ""}`,
    d: `M${point(start)}C${point(start, bend)} ${point(end, -bend)} ${point(end)}`,
    ...(edge.subject !== undefined && { "data-key": edge.subject }),
  });
  path.append(
    svg(
      "title",
      {},
      shortName(`${edge.subject ?? `${edge.from} ${edge.kind} ${edge.to}`}${state ? `: ${state}` : ""}`),
    ),
  );
  return path;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function centre({ box }: Item): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Where a line towards a point leaves a box. */
function border(item: Item, towards: Point): Point {
  const { x, y } = centre(item);
  const [dx, dy] = [towards.x - x, towards.y - y];
  const share = Math.min(
    1,
    dx === 0 ? 1 : item.box.width / 2 / Math.abs(dx),
    dy === 0 ? 1 : item.box.height / 2 / Math.abs(dy),
  );
  return { x: x + dx * share, y: y + dy * share };
}
