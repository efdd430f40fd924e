import type { App } from "../../app.js";
import { nodeSays, placementLook } from "../../data/placement.js";
import type { RunView } from "../../data/run-view.js";
import { lookOf } from "../../data/tone.js";
import { fill, h, name, shortName } from "../../ui/dom.js";
import { glyph } from "../../ui/glyph.js";
import type { Live } from "./live.js";

const SHORTEST_NAME = 8;

/** A cluster's resources by its nodes. */
export function matrix(
  view: RunView,
  cluster: RunView["ground"]["clusters"][number],
  app: App,
): Live & { element: HTMLElement } {
  const cells: { refresh(atMs: number): void }[] = [];
  const head = cluster.nodes.map((node) => nodeHead(view, cluster.id, node, app, cells));
  let parent: string | undefined;
  const rows: HTMLElement[] = [];
  for (const resource of cluster.resources) {
    const outer = resource.parents.join(" in ");
    if (outer !== parent && outer !== "")
      rows.push(
        h("tr", { class: "group" }, h("th", { scope: "colgroup", colspan: cluster.nodes.length + 1 }, name(outer))),
      );
    parent = outer;
    const subject = `resource/${cluster.id}/${resource.id}`;
    const heading = h(
      "button",
      { class: "plain", "data-thing": subject, onclick: () => app.select(subject), title: resource.agent },
      name(resource.id),
    );
    rows.push(
      h(
        "tr",
        { class: outer === "" ? "" : "inner" },
        h("th", { scope: "row" }, heading),
        cluster.nodes.map((node) => placeCell(view, cluster.id, resource.id, node, app, cells)),
      ),
    );
  }
  const element = h(
    "section",
    { class: "matrix" },
    h(
      "h2",
      {},
      h("button", { class: "plain", onclick: () => app.select(`cluster/${cluster.id}`) }, "Cluster ", name(cluster.id)),
    ),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": `Resources by nodes, cluster ${cluster.id}` },
      h(
        "table",
        { class: "places" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "resource"), head)),
        h("tbody", {}, rows),
      ),
    ),
  );
  // What its columns and rows need, for the stylesheet to share out: no table is measured to be laid out.
  const { style } = element;
  style.setProperty("--name", String(Math.max(...cluster.resources.map(({ id }) => id.length), SHORTEST_NAME)));
  style.setProperty("--nodes", String(cluster.nodes.length));
  style.setProperty("--rows", String(rows.length));
  // One cell is reached by Tab, the others from there by arrow keys.
  const first = element.querySelector<HTMLElement>("td .place");
  if (first) first.tabIndex = 0;
  return {
    element,
    refresh(atMs) {
      for (const cell of cells) cell.refresh(atMs);
    },
  };
}

/** A node's column: its power, and what its cluster says of it. */
function nodeHead(view: RunView, cluster: string, node: string, app: App, cells: Live[]): HTMLElement {
  const subject = `node/${node}`;
  const button = h("button", { class: "node-head", "data-thing": subject, onclick: () => app.select(subject) });
  let shown = "";
  cells.push({
    refresh(atMs) {
      const { state, said, isTrouble } = nodeSays(view, cluster, node, atMs);
      const key = `${state} ${said.join()}`;
      if (key === shown) return;
      shown = key;
      const words = [state === "up" ? "" : state, ...said].filter(Boolean).join(" · ");
      fill(button, glyph(lookOf(state)), h("span", {}, name(node)), h("small", {}, shortName(words || "up", 120)));
      button.classList.toggle("trouble", isTrouble);
    },
  });
  return h("th", { scope: "col" }, button);
}

function placeCell(
  view: RunView,
  cluster: string,
  resource: string,
  node: string,
  app: App,
  cells: Live[],
): HTMLElement {
  const subject = `resource/${cluster}/${resource}@${node}`;
  const button = h("button", {
    class: "place",
    "data-thing": subject,
    tabindex: -1,
    onclick: () => app.select(subject),
  });
  let shown = "";
  cells.push({
    refresh(atMs) {
      const look = placementLook(view, cluster, resource, node, atMs);
      if (look.text === shown) return;
      shown = look.text;
      fill(button, glyph(look), h("span", { class: "word" }, look.text === "stopped" ? "" : look.text));
      button.className = `place ${look.tone} ${look.shape}`;
      button.setAttribute("aria-label", `${resource} on ${node}: ${look.text}`);
    },
  });
  return h("td", {}, button);
}

/** Arrow keys go from cell to cell; one cell of each table is in the tab order. */
export function moveBetweenCells(event: KeyboardEvent, tables: HTMLElement): void {
  const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = (event.target as HTMLElement).closest("td");
  const table = cell?.closest("table");
  if (!by || !cell || !table || !tables.contains(table)) return;
  const rows = [...table.tBodies[0]!.rows].filter((row) => !row.classList.contains("group"));
  const row = rows.indexOf(cell.parentElement as HTMLTableRowElement);
  const next = rows[row + by[0]!]?.cells[cell.cellIndex + by[1]!]?.querySelector("button");
  if (!next) return;
  event.preventDefault();
  for (const one of table.querySelectorAll<HTMLElement>("td .place")) one.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
