import { select, type ZoomTransform, zoom, zoomIdentity } from "d3";
import type { Layer } from "../../data/layers.js";
import type { RunView } from "../../data/run-view.js";
import { assign, svg } from "../../ui/dom.js";
import { drawItem, drawLine, itemLook, lineLook, lookKey } from "./draw.js";
import { Kept, type Wanted } from "./kept.js";
import type { Item, Scene, Sight } from "./scene.js";
import type { Standing } from "./states.js";

/** What there is to draw. */
export interface Content {
  readonly view: RunView;
  readonly scene: Scene;
  readonly standing: Standing;
  readonly at: number;
  readonly selected: string;
  readonly layers: ReadonlySet<Layer>;
  readonly mode: "selected" | "cables" | "all";
}

/** How much of a frame drawing may take; the rest waits for the next. */
const SLICE_MS = 4;
const MARGIN_PX = 20;

/** The plane, panned and zoomed. A move shifts what is drawn at once; what comes into sight follows, slice by slice. */
export class Canvas {
  readonly element = svg("svg", { class: "graph", role: "group", "aria-label": "Topology" });
  /** Nobody has moved it yet: it follows the size of the window. */
  isFitted = true;
  /** Told of each move. */
  onMove: (sight: Sight) => void = () => {};
  readonly #content: () => Content | undefined;
  readonly #plane = svg("g");
  readonly #lines = svg("g", { class: "lines" });
  readonly #items = svg("g", { class: "items" });
  /** A container's group comes before those of what it holds. */
  readonly #depths: SVGGElement[] = [];
  readonly #keptItems = new Kept();
  readonly #keptLines = new Kept();
  readonly #zoom = zoom<SVGSVGElement, unknown>().scaleExtent([0.02, 4]);
  #size = { width: 800, height: 500 };
  #transform: ZoomTransform = zoomIdentity;
  #drawn: readonly Item[] = [];
  #inOrder = "";
  #frame = 0;
  #isStale = false;
  #hadFocus = false;

  constructor(content: () => Content | undefined) {
    this.#content = content;
    this.#plane.append(this.#lines, this.#items);
    this.element.append(this.#plane);
    this.#zoom.extent(() => [
      [0, 0],
      [this.#size.width, this.#size.height],
    ]);
    this.#zoom.on("zoom", ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: unknown }) => {
      if (sourceEvent) this.isFitted = false;
      this.#transform = transform;
      assign(this.#plane, { transform: transform.toString() });
      this.onMove(this.sight);
      this.draw();
    });
    select(this.element).call(this.#zoom).on("dblclick.zoom", null);
  }

  get sight(): Sight {
    const { k, x, y } = this.#transform;
    return { k, x, y, ...this.#size };
  }

  /** What is drawn, containers before what they hold. */
  get drawn(): readonly Item[] {
    return this.#drawn;
  }

  resize(width: number, height: number): void {
    if (width > 0 && height > 0) this.#size = { width, height };
    if (this.isFitted) this.fit();
    else this.draw();
  }

  /** Everything in sight, soon. */
  draw(): void {
    this.#isStale = true;
    assign(this.element, { "aria-busy": "true" });
    this.#frame ||= requestAnimationFrame(() => this.#work(performance.now() + SLICE_MS));
  }

  /** Everything in sight, now. */
  drawWhole(): void {
    this.#isStale = true;
    cancelAnimationFrame(this.#frame);
    this.#work(Number.POSITIVE_INFINITY);
  }

  fit(): void {
    const scene = this.#content()?.scene;
    if (!scene) return;
    const { width, height } = this.#size;
    const k = Math.min((width - MARGIN_PX) / scene.width, (height - MARGIN_PX) / scene.height);
    this.#go(k, (width - scene.width * k) / 2, (height - scene.height * k) / 2);
    this.isFitted = true;
  }

  by(factor: number): void {
    this.isFitted = false;
    select(this.element).call(this.#zoom.scaleBy, factor);
  }

  zoomTo(key: string): void {
    const box = this.#content()?.scene.boxes.get(key);
    if (!box) return;
    const { width, height } = this.#size;
    const k = Math.max(0.05, Math.min(1.6, width / (box.width * 1.25), height / (box.height * 1.25)));
    this.centre(box.x + box.width / 2, box.y + box.height / 2, k);
  }

  centre(x: number, y: number, k = this.#transform.k): void {
    this.#go(k, this.#size.width / 2 - x * k, this.#size.height / 2 - y * k);
  }

  focus(key: string): void {
    const element = this.#keptItems.element(key);
    if (!element) return;
    this.#putInOrder(key);
    element.focus();
  }

  #go(k: number, x: number, y: number): void {
    this.isFitted = false;
    select(this.element).call(this.#zoom.transform, zoomIdentity.translate(x, y).scale(k));
  }

  #work(untilMs: number): void {
    this.#frame = 0;
    if (this.#isStale) this.#look();
    const isDone = this.#keptItems.work(untilMs) && this.#keptLines.work(untilMs);
    assign(this.element, { "aria-busy": isDone ? "false" : "true" });
    if (isDone) this.#settled();
    else this.#frame = requestAnimationFrame(() => this.#work(performance.now() + SLICE_MS));
  }

  /** Finds what has to be drawn. */
  #look(): void {
    const content = this.#content();
    if (!content) return;
    this.#isStale = false;
    this.#hadFocus ||= this.#items.contains(document.activeElement);
    const { scene, standing, view, at, selected, layers, mode } = content;
    const { k } = this.#transform;
    this.#drawn = scene.items(this.sight, layers);
    this.#keptItems.want(
      this.#drawn.map((item): Wanted => {
        const look = itemLook(item, standing, k, item.vertex.key === selected);
        const group = this.#depth(item.box.depth);
        return {
          key: item.vertex.key,
          form: item.how,
          look: lookKey(item, look),
          group,
          make: () => drawItem(item, look),
        };
      }),
    );
    this.#keptLines.want(
      scene.lines(this.#drawn, { mode, key: selected, layers }).map((line): Wanted => {
        const look = lineLook(line, view, at, selected);
        const key = `${line.key} ${line.from.how} ${line.to.how}`;
        return {
          key,
          form: "",
          look: `${look.state} ${look.isOwn}`,
          group: this.#lines,
          make: () => drawLine(line, look),
        };
      }),
    );
  }

  /** Whoever was on something that is drawn no more stands on something that is. */
  #settled(): void {
    this.#putInOrder(this.#firstInOrder());
    if (this.#hadFocus && document.activeElement === document.body) this.focus(this.#inOrder);
    this.#hadFocus = false;
  }

  #depth(depth: number): SVGGElement {
    while (this.#depths.length <= depth) {
      const group = svg("g");
      this.#depths.push(group);
      this.#items.append(group);
    }
    return this.#depths[depth]!;
  }

  /** One item is reached by Tab: the one reached before, else the selected, else the first. */
  #firstInOrder(): string {
    const selected = this.#content()?.selected ?? "";
    return [this.#inOrder, selected].find((key) => this.#keptItems.element(key)) ?? this.#drawn[0]?.vertex.key ?? "";
  }

  #putInOrder(key: string): void {
    if (key !== this.#inOrder) this.#keptItems.element(this.#inOrder)?.setAttribute("tabindex", "-1");
    this.#inOrder = key;
    this.#keptItems.element(key)?.setAttribute("tabindex", "0");
  }
}
