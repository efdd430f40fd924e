import { select, type ZoomTransform, zoom, zoomIdentity } from "d3";
import type { App } from "../../app.js";
import { LAYERS, type Layer } from "../../data/layers.js";
import type { RunView } from "../../data/run-view.js";
import { layOutAside } from "../../layout/lay-out-aside.js";
import { assign, fill, h, name, svg } from "../../ui/dom.js";
import { LongTable } from "../../ui/table.js";
import type { Mounted, View } from "../view.js";
import { drawItem, drawLine } from "./draw.js";
import { type Item, Scene, type Sight } from "./scene.js";
import { type Standing, standingAt, vertexLook } from "./states.js";

/** Where everything stands and what it hangs on: nested boxes, near in detail and far gathered. */
export const topologyView: View = {
  id: "topology",
  title: "Topology",
  key: "o",
  applies: (app) => (app.shown?.ground.vertices.length ?? 1) > 0,
  mount: (place, app) => new Topology(place, app),
};

const REDRAW_MS = 90;
const MINIMAP_DEPTH = 2;

class Topology implements Mounted {
  readonly #app: App;
  readonly #drawing = svg("svg", { class: "graph", role: "group", "aria-label": "Topology" });
  readonly #plane = svg("g");
  readonly #lines = svg("g", { class: "lines" });
  readonly #items = svg("g", { class: "items" });
  readonly #minimap = svg("svg", { class: "minimap", "aria-hidden": "true" });
  readonly #eye = svg("rect", { class: "eye" });
  readonly #search: HTMLInputElement;
  readonly #found = h("p", { class: "quiet", role: "status" });
  readonly #mode: HTMLSelectElement;
  readonly #stage = h("div", { class: "stage" });
  readonly #table: LongTable<RunView["ground"]["vertices"][number]>;
  readonly #layers = new Set<Layer>(LAYERS);
  readonly #zoom = zoom<SVGSVGElement, unknown>().scaleExtent([0.02, 4]);
  #view: RunView | undefined;
  #scene: Scene | undefined;
  #standing: Standing | undefined;
  #transform: ZoomTransform = zoomIdentity;
  #drawnItems: readonly Item[] = [];
  #matches: readonly string[] = [];
  #match = -1;
  #timer = 0;
  #isTable = false;
  /** Nobody has moved it yet: it follows the size of the window. */
  #isFitted = true;

  constructor(place: HTMLElement, app: App) {
    this.#app = app;
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
      { "aria-label": "Lines", onchange: () => this.#draw() },
      h("option", { value: "selected" }, "lines of the selected"),
      h("option", { value: "cables" }, "and all cables"),
      h("option", { value: "all" }, "all lines"),
    );
    const layers = LAYERS.map((layer) => {
      const box = h("input", { type: "checkbox", checked: true });
      box.addEventListener("change", () => {
        if (box.checked) this.#layers.add(layer);
        else this.#layers.delete(layer);
        this.#draw();
      });
      return h("label", { class: "check" }, box, layer);
    });
    const tableButton = h(
      "button",
      { "aria-pressed": "false", onclick: () => this.#toggleTable(tableButton) },
      "As a table",
    );
    this.#table = this.#makeTable();
    this.#plane.append(this.#lines, this.#items);
    this.#drawing.append(this.#plane);
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
          h("fieldset", { class: "layers" }, h("legend", {}, "Layers"), layers),
          this.#mode,
          h("button", { onclick: () => this.#fit() }, "Fit"),
          h("button", { "aria-label": "Nearer", onclick: () => this.#by(1.4) }, "+"),
          h("button", { "aria-label": "Farther", onclick: () => this.#by(1 / 1.4) }, "−"),
          tableButton,
        ),
        this.#stage,
      ),
    );
    fill(this.#stage, this.#drawing, this.#minimap);
    this.#zoom.extent(() => {
      const { width, height } = this.#sight();
      return [
        [0, 0],
        [width, height],
      ];
    });
    this.#zoom.on("zoom", ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: unknown }) => {
      if (sourceEvent) this.#isFitted = false;
      this.#moved(transform);
    });
    select(this.#drawing).call(this.#zoom).on("dblclick.zoom", null);
    this.#drawing.addEventListener("click", (event) => this.#chosen(event.target as Element));
    this.#drawing.addEventListener("dblclick", (event) => this.#zoomTo(keyAt(event.target as Element)));
    this.#drawing.addEventListener("keydown", (event) => this.#keys(event));
    this.#minimap.addEventListener("pointerdown", (event) => this.#jump(event));
    new ResizeObserver(() => (this.#isFitted ? this.#fit() : this.#draw())).observe(this.#stage);
  }

  run(view: RunView): void {
    const isSame = this.#view?.ground === view.ground && this.#scene !== undefined;
    this.#view = view;
    this.#table.rows(view.ground.vertices);
    if (isSame) {
      this.#refresh();
      return;
    }
    void layOutAside(view.ground).then((boxes) => {
      if (this.#view !== view) return;
      this.#scene = new Scene(view.ground.vertices, view.ground.edges, boxes);
      this.#refresh();
      this.#drawMinimap();
      this.#fit();
    });
  }

  update(_: App["state"], changed: ReadonlySet<keyof App["state"]>): void {
    if (changed.has("at")) this.#refresh();
    else if (changed.has("thing")) this.#drawNow();
  }

  key(event: KeyboardEvent): boolean {
    if (event.key === "+" || event.key === "=") this.#by(1.4);
    else if (event.key === "-") this.#by(1 / 1.4);
    else if (event.key === "0" || event.key === "f") this.#fit();
    else return false;
    return true;
  }

  picture(): SVGSVGElement | undefined {
    return this.#isTable ? undefined : this.#drawing;
  }

  #refresh(): void {
    if (!this.#view || !this.#scene) return;
    if (this.#isTable) this.#table.refresh();
    this.#standing = standingAt(this.#view, this.#scene, this.#app.state.at);
    this.#drawNow();
  }

  #sight(): Sight {
    const { k, x, y } = this.#transform;
    return { k, x, y, width: this.#stage.clientWidth || 800, height: this.#stage.clientHeight || 500 };
  }

  /** A pan or zoom moves what is drawn at once; what comes into sight is drawn a moment later. */
  #moved(transform: ZoomTransform): void {
    this.#transform = transform;
    assign(this.#plane, { transform: transform.toString() });
    this.#showEye();
    this.#draw();
  }

  #draw(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#drawNow();
    }, REDRAW_MS) as unknown as number;
  }

  #drawNow(): void {
    const { thing, at } = this.#app.state;
    if (!this.#scene || !this.#standing || !this.#view || this.#isTable) return;
    const focused = keyAt(document.activeElement);
    const standing = this.#standing;
    const { k } = this.#transform;
    const items = this.#scene.items(this.#sight(), this.#layers);
    const selected = vertexOf(this.#scene, thing);
    fill(
      this.#items,
      items.map((item) => drawItem(item, standing, k, item.vertex.key === selected)),
    );
    const mode = this.#mode.value as "selected" | "cables" | "all";
    const lines = this.#scene.lines(items, { mode, key: selected, layers: this.#layers });
    fill(
      this.#lines,
      lines.map((line) => drawLine(line, this.#view!, at, selected)),
    );
    this.#drawnItems = items;
    const first =
      (focused && items.find(({ vertex }) => vertex.key === focused)) ||
      items.find(({ vertex }) => vertex.key === selected) ||
      items[0];
    const inOrder = first && this.#elementOf(first.vertex.key);
    inOrder?.setAttribute("tabindex", "0");
    if (focused !== "") inOrder?.focus({ preventScroll: true });
  }

  #elementOf(key: string): SVGGElement | undefined {
    const at = this.#drawnItems.findIndex(({ vertex }) => vertex.key === key);
    return at < 0 ? undefined : (this.#items.children[at] as SVGGElement);
  }

  #fit(): void {
    if (!this.#scene || !this.#drawing.isConnected) return;
    const { width, height } = this.#sight();
    const k = Math.min(width / (this.#scene.width + 40), height / (this.#scene.height + 40));
    this.#go(k, (width - this.#scene.width * k) / 2, Math.max(8, (height - this.#scene.height * k) / 2));
    this.#isFitted = true;
  }

  #zoomTo(key: string): void {
    const box = this.#scene?.boxes.get(key);
    if (!box) return;
    const { width, height } = this.#sight();
    const k = Math.max(0.05, Math.min(1.6, width / (box.width * 1.25), height / (box.height * 1.25)));
    this.#go(k, width / 2 - (box.x + box.width / 2) * k, height / 2 - (box.y + box.height / 2) * k);
  }

  #go(k: number, x: number, y: number): void {
    this.#isFitted = false;
    select(this.#drawing).call(this.#zoom.transform, zoomIdentity.translate(x, y).scale(k));
    this.#drawNow();
  }

  #by(factor: number): void {
    this.#isFitted = false;
    select(this.#drawing).call(this.#zoom.scaleBy, factor);
    this.#drawNow();
  }

  #chosen(target: Element): void {
    const key = keyAt(target);
    if (key === "") return;
    this.#app.select(this.#scene?.vertices.get(key)?.subject ?? key);
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
    this.#zoomTo(key);
    this.#app.select(this.#scene?.vertices.get(key)?.subject ?? key);
  }

  /** Arrow keys go to the nearest thing that way, Enter chooses, Backspace goes out to what holds it. */
  #keys(event: KeyboardEvent): void {
    const key = keyAt(event.target as Element);
    const box = this.#scene?.boxes.get(key);
    if (!box) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") this.#chosen(event.target as Element);
    else if (event.key === "z") this.#zoomTo(key);
    else if (event.key === "Backspace") this.#focus(this.#scene?.vertices.get(key)?.in ?? key);
    else if (way) this.#focus(this.#nearest(key, way[0]!, way[1]!));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #nearest(key: string, dx: number, dy: number): string {
    const from = this.#scene!.boxes.get(key)!;
    const [x, y] = [from.x + from.width / 2, from.y + Math.min(from.height, 40) / 2];
    let best = key;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const { box, how } of this.#drawnItems) {
      if (box.key === key || how === "frame") continue;
      const [ox, oy] = [box.x + box.width / 2 - x, box.y + Math.min(box.height, 40) / 2 - y];
      const along = ox * dx + oy * dy;
      const across = Math.abs(ox * dy) + Math.abs(oy * dx);
      if (along <= 1) continue;
      const cost = along + 2.5 * across;
      if (cost < bestCost) [best, bestCost] = [box.key, cost];
    }
    return best;
  }

  #focus(key: string): void {
    const element = this.#elementOf(key);
    if (!element) return;
    for (const one of this.#items.querySelectorAll('[tabindex="0"]')) one.setAttribute("tabindex", "-1");
    element.setAttribute("tabindex", "0");
    element.focus();
  }

  #drawMinimap(): void {
    const scene = this.#scene!;
    assign(this.#minimap, { viewBox: `0 0 ${scene.width} ${scene.height}` });
    const boxes = [...scene.boxes.values()].filter(
      ({ depth, children }) => depth <= MINIMAP_DEPTH && children.length > 0,
    );
    fill(
      this.#minimap,
      boxes.map(({ x, y, width, height }) => svg("rect", { class: "land", x, y, width, height, rx: 8 })),
      this.#eye,
    );
  }

  #showEye(): void {
    const { k, x, y, width, height } = this.#sight();
    assign(this.#eye, { x: -x / k, y: -y / k, width: width / k, height: height / k, "stroke-width": 2 });
  }

  #jump(event: PointerEvent): void {
    if (!this.#scene) return;
    const { k, width, height } = this.#sight();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#minimap.getScreenCTM()!.inverse());
    this.#go(k, width / 2 - at.x * k, height / 2 - at.y * k);
  }

  #toggleTable(button: HTMLElement): void {
    this.#isTable = !this.#isTable;
    assign(button, { "aria-pressed": this.#isTable ? "true" : "false" });
    if (this.#isTable) fill(this.#stage, this.#table.element);
    else fill(this.#stage, this.#drawing, this.#minimap);
    this.#refresh();
  }

  #makeTable() {
    type Row = RunView["ground"]["vertices"][number];
    const choose = (row: Row) =>
      h("button", { class: "plain", onclick: () => this.#app.select(row.subject ?? row.key) }, name(row.id));
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
