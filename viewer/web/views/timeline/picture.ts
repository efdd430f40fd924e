import { shortName, svg } from "../../ui/dom.js";
import { aside } from "../../ui/export.js";
import { drawAxis, drawRow, ROW_PX, type Window } from "./draw.js";
import type { Row } from "./rows.js";

/** The part at the top that holds the axis. */
export const AXIS_PX = 34;

const NAMES_PX = 260;
const LANES_PX = 1_100;
const ROWS_MAX = 150;

/** All rows (to a bound) with their names, for a file. */
export function timelinePicture(all: readonly Row[], shown: Window): SVGSVGElement {
  const rows = all.slice(0, ROWS_MAX);
  const window = { ...shown, widthPx: LANES_PX };
  const heightPx = AXIS_PX + rows.length * ROW_PX + 8;
  const picture = svg("svg", { class: "lanes picture", width: NAMES_PX + LANES_PX + 20, height: heightPx });
  picture.append(
    svg("g", { transform: `translate(${NAMES_PX} 0)` }, drawAxis(window, heightPx)),
    ...rows.map((row, i) =>
      svg(
        "g",
        { transform: `translate(0 ${AXIS_PX + i * ROW_PX})` },
        svg("text", { class: "lane-name", x: 8, y: 16 }, shortName(row.title, 42)),
        svg("g", { transform: `translate(${NAMES_PX} 0)` }, drawRow(row, window)),
      ),
    ),
  );
  return aside(picture);
}
