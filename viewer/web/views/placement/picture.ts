import { momentText } from "../../../text/duration.js";
import { nodeSays, placementLook } from "../../data/placement.js";
import type { RunView } from "../../data/run-view.js";
import { lookOf } from "../../data/tone.js";
import { shortName, svg } from "../../ui/dom.js";
import { aside } from "../../ui/export.js";
import { glyph } from "../../ui/glyph.js";

const NAMES_PX = 210;
const COLUMN_PX = 180;
const ROW_PX = 24;
const TITLE_PX = 34;
const HEAD_PX = 40;
const GAP_PX = 22;
const NAME_CHARACTERS = 30;
const WORD_CHARACTERS = 22;

/** The tables as one picture, for a file: every cluster's resources by its nodes at a moment. */
export function placementPicture(view: RunView, atMs: number): SVGSVGElement {
  const { clusters } = view.ground;
  const columns = Math.max(1, ...clusters.map(({ nodes }) => nodes.length));
  const parts: SVGElement[] = [
    svg(
      "text",
      { class: "title", x: 12, y: 22 },
      shortName(`${view.run.title}, at ${momentText(Math.round(atMs))}`, 120),
    ),
  ];
  let y = TITLE_PX;
  for (const cluster of clusters) {
    const group = svg(
      "g",
      { transform: `translate(12 ${y})` },
      svg("text", { class: "name", y: 16 }, `Cluster ${shortName(cluster.id, 40)}`),
    );
    cluster.nodes.forEach((node, i) => {
      const { state, said } = nodeSays(view, cluster.id, node, atMs);
      const x = NAMES_PX + i * COLUMN_PX;
      const words = [state, ...said].join(" · ");
      group.append(
        at(glyph(lookOf(state)), x + 4, 4),
        svg("text", { class: "name", x: x + 24, y: 16 }, shortName(node, WORD_CHARACTERS)),
        svg("text", { class: "count", x: x + 4, y: 31 }, shortName(words, WORD_CHARACTERS + 5)),
      );
    });
    cluster.resources.forEach(({ id }, row) => {
      const top = HEAD_PX + row * ROW_PX;
      group.append(svg("text", { y: top + 16 }, shortName(id, NAME_CHARACTERS)));
      cluster.nodes.forEach((node, i) => {
        const look = placementLook(view, cluster.id, id, node, atMs);
        const x = NAMES_PX + i * COLUMN_PX;
        if (look.tone !== "idle")
          group.append(
            svg("rect", { class: look.tone, x, y: top + 1, width: COLUMN_PX - 6, height: ROW_PX - 3, rx: 5 }),
          );
        group.append(
          at(glyph(look), x + 4, top + 4),
          svg(
            "text",
            { class: `on ${look.tone}`, x: x + 24, y: top + 16 },
            look.shape === "dash" ? "" : shortName(look.text, WORD_CHARACTERS),
          ),
        );
      });
    });
    parts.push(group);
    y += HEAD_PX + cluster.resources.length * ROW_PX + GAP_PX;
  }
  const width = NAMES_PX + columns * COLUMN_PX + 24;
  const picture = svg("svg", { class: "lanes item picture", width, height: y }, parts);
  return aside(picture);
}

function at(shape: SVGElement, x: number, y: number): SVGElement {
  for (const [key, value] of Object.entries({ x, y, width: 16, height: 16 })) shape.setAttribute(key, String(value));
  return shape;
}
