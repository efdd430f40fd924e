import type { App } from "../../app.js";
import type { RunView } from "../../data/run-view.js";
import { fill, h } from "../../ui/dom.js";
import type { Mounted, View } from "../view.js";
import type { Live } from "./live.js";
import { matrix, moveBetweenCells } from "./matrix.js";
import { placementPicture } from "./picture.js";
import { changedStrip, legend, servedStrip } from "./strips.js";

const KEYS = [
  { keys: ["←", "→", "↑", "↓"], says: "from cell to cell of a cluster's table" },
  { keys: ["Enter"], says: "choose the resource on that node" },
];

/** Home: resources by nodes at the moment shown; who is out; what else is not as it was. */
export const placementView: View = { id: "placement", title: "Placement", key: "p", keys: KEYS, mount };

function mount(place: HTMLElement, app: App): Mounted {
  const served = h("section", { class: "served", "aria-label": "Services and journeys" });
  const tables = h("div", { class: "matrices" });
  const changed = h("section", { class: "changed", "aria-label": "Not as it was at the start" });
  fill(place, h("div", { class: "pad" }, served, tables, changed, legend()));
  let live: Live[] = [];
  let view: RunView | undefined;
  const refresh = () => {
    for (const one of live) one.refresh(app.state.at);
    mark();
  };
  const mark = () => {
    for (const one of place.querySelectorAll(".is-selected")) one.classList.remove("is-selected");
    const { thing } = app.state;
    if (thing === "") return;
    for (const one of place.querySelectorAll(`[data-thing="${CSS.escape(thing)}"]`)) one.classList.add("is-selected");
  };
  tables.addEventListener("keydown", (event) => moveBetweenCells(event, tables));
  return {
    run(next) {
      view = next;
      live = [servedStrip(served, next, app), changedStrip(changed, next, app)];
      const found = next.ground.clusters.map((cluster) => matrix(next, cluster, app));
      fill(
        tables,
        found.length > 0
          ? found.map(({ element }) => element)
          : h("p", { class: "quiet" }, "This page knows no clusters: it was made from traces alone."),
      );
      live.push(...found);
      refresh();
    },
    picture: () => view && placementPicture(view, app.state.at),
    update(_, changes) {
      if (!view) return;
      if (changes.has("at")) refresh();
      else if (changes.has("thing")) mark();
    },
  };
}
