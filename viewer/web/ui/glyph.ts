import type { Look } from "../data/tone.js";
import { svg } from "./dom.js";

/** Each is made once, and copied: a page has hundreds. */
const made = new Map<string, SVGElement>();

/** The shape of a state, 16 × 16. Decorative: the text beside it says the same. */
export function glyph({ shape, tone }: Pick<Look, "shape" | "tone">): SVGElement {
  const key = `${shape} ${tone}`;
  let picture = made.get(key);
  if (!picture) {
    picture = svg("svg", { class: `glyph ${tone}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, parts(shape));
    made.set(key, picture);
  }
  return picture.cloneNode(true) as SVGElement;
}

function parts(shape: Look["shape"]): SVGElement[] {
  switch (shape) {
    case "filled":
      return [svg("circle", { cx: 8, cy: 8, r: 5.5, class: "body" })];
    case "diamond":
      return [svg("path", { d: "M8 1.5 14.5 8 8 14.5 1.5 8Z", class: "body" })];
    case "ring":
      return [svg("circle", { cx: 8, cy: 8, r: 4.7, class: "line" })];
    case "half":
      return [
        svg("circle", { cx: 8, cy: 8, r: 5.2, class: "line" }),
        svg("path", { d: "M8 2.8A5.2 5.2 0 0 1 8 13.2Z", class: "body" }),
      ];
    case "cross":
      return [svg("path", { d: "M3.2 3.2 12.8 12.8M12.8 3.2 3.2 12.8", class: "line thick" })];
    case "dash":
      return [svg("path", { d: "M4 8H12", class: "line" })];
    case "barred":
      return [
        svg("circle", { cx: 8, cy: 8, r: 5.2, class: "line" }),
        svg("path", { d: "M4.4 11.6 11.6 4.4", class: "line" }),
      ];
  }
}
