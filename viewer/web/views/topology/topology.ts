import type { App } from "../../app.js";
import { LAYERS, type Layer } from "../../data/layers.js";
import type { RunView } from "../../data/run-view.js";
import { layOutAside } from "../../layout/lay-out-aside.js";
import { assign, fill, h, name } from "../../ui/dom.js";
import { LongTable } from "../../ui/table.js";
import type { Mounted, View } from "../view.js";
import { Canvas, type Content } from "./canvas.js";
import { Minimap } from "./minimap.js";
import { nearestItem } from "./nearest.js";
import { Scene } from "./scene.js";
import { Standings, vertexLook } from "./states.js";

/** Where everything stands and what it hangs on: nested boxes, near in detail and far gathered. */
export const topologyView: View = {
  id: "topology",
  title: "Topology",
  key: "o",
  keys: [
    { keys: ["+", "-"], says: "nearer, farther" },
    { keys: ["0", "f"], says: "fit the whole" },
    { keys: ["arrows"], says: "to the nearest thing that way" },
    { keys: ["z"], says: "zoom to the thing" },
    { keys: ["Backspace"], says: "out to what holds it" },
    { keys: ["m"], says: "as a table, as a picture" },
  ],
  applies: (app) => (app.shown?.ground.vertices.length ?? 1) > 0,
  mount: (place, app) => new Topology(place, app),
};

const NEARER = 1.4;

class Topology implements Mounted {
  readonly #app: App;
  readonly #canvas: Canvas;
  readonly #minimap: Minimap;
  readonly #search: HTMLInputElement;
  readonly #found = h("p", { class: "quiet", role: "status" });
  readonly #mode: HTMLSelectElement;
  readonly #tableButton: HTMLButtonElement;
  readonly #stage = h("div", { class: "stage" });
  readonly #table: LongTable<RunView["ground"]["vertices"][number]>;
  readonly #layers = new Set<Layer>(LAYERS);
  #view: RunView | undefined;
  #scene: Scene | undefined;
  #standings: Standings | undefined;
  #matches: readonly string[] = [];
  #match = -1;
  #isTable = false;

  constructor(place: HTMLElement, app: App) {
    this.#app = app;
    this.#canvas = new Canvas(() => this.#content());
    this.#minimap = new Minimap((x, y) => this.#canvas.centre(x, y));
    this.#canvas.onMove = (sight) => this.#minimap.look(sight);
    this.#search = h("input", {
      type: "search",
      placeholder: "find a thing",
      "aria-label": "Find a thing",
      oninput: () => this.#find(),
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#toMatch(event.shiftKey ? -1 : 1);
    });
    this.#mode = h(
      "select",
      { "aria-label": "Lines", onchange: () => this.#canvas.draw() },
      h("option", { value: "selected" }, "lines of the selected"),
      h("option", { value: "cables" }, "and all cables"),
      h("option", { value: "all" }, "all lines"),
    );
    this.#tableButton = h("button", { "aria-pressed": "false", onclick: () => this.#toggleTable() }, "As a table");
    this.#table = this.#makeTable();
    fill(
      place,
      h(
        "div",
        { class: "topology" },
        h(
          "div",
          { class: "bar" },
          this.#search,
          this.#found,
          h(
            "fieldset",
            { class: "layers" },
            h("legend", {}, "Layers"),
            LAYERS.map((layer) => this.#layerBox(layer)),
          ),
          this.#mode,
          h("button", { onclick: () => this.#canvas.fit() }, "Fit"),
          h("button", { "aria-label": "Nearer", onclick: () => this.#canvas.by(NEARER) }, "+"),
          h("button", { "aria-label": "Farther", onclick: () => this.#canvas.by(1 / NEARER) }, "−"),
          this.#tableButton,
        ),
        this.#stage,
      ),
    );
    fill(this.#stage, this.#canvas.element, this.#minimap.element);
    const drawing = this.#canvas.element;
    drawing.addEventListener("click", (event) => this.#choose(keyAt(event.target as Element)));
    drawing.addEventListener("dblclick", (event) => this.#canvas.zoomTo(keyAt(event.target as Element)));
    drawing.addEventListener("keydown", (event) => this.#keys(event));
    new ResizeObserver(() => this.#canvas.resize(this.#stage.clientWidth, this.#stage.clientHeight)).observe(
      this.#stage,
    );
  }

  run(view: RunView): void {
    const isSame = this.#view?.ground === view.ground && this.#scene !== undefined;
    this.#view = view;
    this.#table.rows(view.ground.vertices);
    if (isSame) {
      this.#standings = new Standings(view, this.#scene!);
      this.#refresh();
      return;
    }
    void layOutAside(view.ground).then((boxes) => {
      if (this.#view !== view) return;
      this.#scene = new Scene(view.ground.vertices, view.ground.edges, boxes);
      this.#standings = new Standings(view, this.#scene);
      this.#minimap.draw(this.#scene);
      this.#canvas.resize(this.#stage.clientWidth, this.#stage.clientHeight);
      this.#canvas.fit();
    });
  }

  update(_: App["state"], changed: ReadonlySet<keyof App["state"]>): void {
    if (changed.has("at") || changed.has("thing")) this.#refresh();
  }

  key(event: KeyboardEvent): boolean {
    if (event.key === "+" || event.key === "=") this.#canvas.by(NEARER);
    else if (event.key === "-") this.#canvas.by(1 / NEARER);
    else if (event.key === "0" || event.key === "f") this.#canvas.fit();
    else if (event.key === "m") this.#toggleTable();
    else return false;
    return true;
  }

  picture(): SVGSVGElement | undefined {
    if (this.#isTable) return undefined;
    this.#canvas.drawWhole();
    return this.#canvas.element;
  }

  #content(): Content | undefined {
    const { thing, at } = this.#app.state;
    const [view, scene, standings] = [this.#view, this.#scene, this.#standings];
    if (!view || !scene || !standings || this.#isTable) return undefined;
    const mode = this.#mode.value as Content["mode"];
    const standing = standings.at(at);
    return { view, scene, standing, at, selected: vertexOf(scene, thing), layers: this.#layers, mode };
  }

  #refresh(): void {
    if (this.#isTable) this.#table.refresh();
    else this.#canvas.draw();
  }

  #layerBox(layer: Layer): HTMLElement {
    const box = h("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      if (box.checked) this.#layers.add(layer);
      else this.#layers.delete(layer);
      this.#canvas.draw();
    });
    return h("label", { class: "check" }, box, layer);
  }

  #choose(key: string): void {
    if (key !== "") this.#app.select(this.#scene?.vertices.get(key)?.subject ?? key);
  }

  #find(): void {
    const wanted = this.#search.value.toLowerCase();
    const keys = [...(this.#scene?.vertices.keys() ?? [])];
    this.#matches = wanted === "" ? [] : keys.filter((key) => key.toLowerCase().includes(wanted));
    this.#match = -1;
    fill(this.#found, wanted === "" ? "" : `${this.#matches.length} found; Enter goes to the next`);
  }

  #toMatch(by: number): void {
    const count = this.#matches.length;
    if (count === 0) return;
    this.#match = (this.#match + by + count) % count;
    const key = this.#matches[this.#match]!;
    this.#canvas.zoomTo(key);
    this.#choose(key);
  }

  /** Arrow keys go to the nearest thing that way, Enter chooses, Backspace goes out to what holds it. */
  #keys(event: KeyboardEvent): void {
    const key = keyAt(event.target as Element);
    const box = this.#scene?.boxes.get(key);
    if (!box) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") this.#choose(key);
    else if (event.key === "z") this.#canvas.zoomTo(key);
    else if (event.key === "Backspace") this.#canvas.focus(this.#scene?.vertices.get(key)?.in ?? key);
    else if (way) this.#canvas.focus(nearestItem(this.#canvas.drawn, box, way[0]!, way[1]!));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #toggleTable(): void {
    this.#isTable = !this.#isTable;
    assign(this.#tableButton, { "aria-pressed": this.#isTable ? "true" : "false" });
    if (this.#isTable) fill(this.#stage, this.#table.element);
    else fill(this.#stage, this.#canvas.element, this.#minimap.element);
    this.#refresh();
  }

  #makeTable() {
    type Row = RunView["ground"]["vertices"][number];
    const choose = (row: Row) => h("button", { class: "plain", onclick: () => this.#choose(row.key) }, name(row.id));
    const state = (row: Row) =>
      (this.#view && vertexLook(this.#view, row.key, row.kind, row.subject ?? row.key, this.#app.state.at)?.text) ?? "";
    return new LongTable<Row>("Everything in the topology", [
      { title: "kind", cell: ({ kind }) => kind },
      { title: "name", cell: choose },
      { title: "stands in", cell: (row) => row.in ?? "" },
      { title: "state", cell: state },
    ]);
  }
}

function keyAt(element: Element | null): string {
  return element?.closest("[data-key]")?.getAttribute("data-key") ?? "";
}

/** The vertex of what is selected: of a resource on a node, the resource. */
function vertexOf(scene: Scene, thing: string): string {
  if (scene.vertices.has(thing)) return thing;
  if (thing.startsWith("nic/")) return `nic/${thing.slice(4).replace("/", ".")}`;
  const resource = thing.startsWith("resource/") ? thing.slice(0, thing.lastIndexOf("@")) : "";
  return scene.vertices.has(resource) ? resource : thing;
}
