import type { TraceEntry } from "../../../../model/kernel/index.js";
import type { RunView } from "../../data/run-view.js";
import { assign, fill, h, svg } from "../../ui/dom.js";
import { drawArrows } from "./arrows.js";
import { drawAxis, drawFaults, drawRow, ROW_PX, type Window, xOf } from "./draw.js";
import type { LaneNames } from "./names.js";
import { AXIS_PX } from "./picture.js";
import { type Row, rowOfSubject } from "./rows.js";

/** Room at both ends of the drawing, so that what is at the very start or end is whole. */
const EDGE_PX = 10;
const MARGIN_ROWS = 4;

/** What stands on the stage. */
export interface Shown {
  readonly view: RunView;
  readonly rows: readonly Row[];
  readonly window: Window;
  /** The row in the tab order. */
  readonly lane: number;
  readonly thing: string;
  readonly pins: readonly string[];
}

/** The lanes in sight with their names, however many there are; the arrows of one chain; the line of the moment. */
export class Stage {
  readonly element: HTMLElement;
  readonly drawing = svg("svg", { class: "lanes", "aria-hidden": "true" });
  readonly names: LaneNames;
  /** Told when there is more or less room than before. */
  onResize: () => void = () => {};
  readonly #arrows = svg("g");
  /** In a layer of its own: it moves without anything being painted. */
  readonly #head = h("div", { class: "playhead" });
  readonly #spacer = h("div", { class: "spacer" });
  #size = { width: 800, height: 400 };

  constructor(names: LaneNames) {
    this.names = names;
    this.element = h(
      "div",
      { class: "lane-scroll" },
      h("div", { class: "lane-stage" }, names.element, h("div", { class: "lane-drawing" }, this.drawing, this.#head)),
      this.#spacer,
    );
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  /** Of the drawing between its edges. */
  get widthPx(): number {
    return Math.max(120, this.#size.width - 2 * EDGE_PX);
  }

  /** Room for so many rows, to be scrolled through. */
  makeRoom(rows: number): void {
    const { height } = this.#size;
    assign(this.drawing, { height });
    this.#spacer.style.height = `${Math.max(0, AXIS_PX + rows * ROW_PX + 12 - height)}px`;
  }

  draw({ view, rows, window, lane, thing, pins }: Shown): void {
    const { height } = this.#size;
    const { scrollTop } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW_PX) - MARGIN_ROWS);
    const last = Math.min(rows.length, Math.ceil((scrollTop + height - AXIS_PX) / ROW_PX) + MARGIN_ROWS);
    const y = (i: number) => AXIS_PX + i * ROW_PX - scrollTop;
    const clip = svg(
      "clipPath",
      { id: "lane-clip" },
      svg("rect", { x: -8, y: AXIS_PX - 2, width: window.widthPx + 16, height }),
    );
    const body = svg("g", { "clip-path": "url(#lane-clip)" }, drawFaults(view.faults, window, AXIS_PX, height));
    for (let i = first; i < last; i++) {
      const row = drawRow(rows[i]!, window);
      row.setAttribute("transform", `translate(0 ${y(i)})`);
      body.append(row);
    }
    body.append(this.#arrows);
    const whole = svg("g", { transform: `translate(${EDGE_PX} 0)` }, drawAxis(window, height), body);
    fill(this.drawing, svg("defs", {}, clip), whole);
    this.names.draw({ rows, first, last, y, topPx: AXIS_PX - ROW_PX / 2, lane, thing, pins });
  }

  /** The chain of causes that led to an entry, and what the entry led to. */
  drawArrows({ view, rows, window }: Shown, told: TraceEntry | undefined): void {
    const top = AXIS_PX + ROW_PX / 2 - this.element.scrollTop;
    const rowY = (subject: string, isDone: boolean) => {
      const at = rowOfSubject(rows, subject, isDone);
      return at < 0 ? undefined : top + at * ROW_PX;
    };
    fill(this.#arrows, told && drawArrows(view, told, window, rowY));
  }

  movePlayhead(window: Window, atMs: number): void {
    const x = xOf(window, atMs);
    this.#head.style.transform = `translateX(${(EDGE_PX + x - 1).toFixed(1)}px)`;
    this.#head.hidden = x < -1 || x > window.widthPx + 1;
  }

  /** A pointer's place on the drawing: pixels along the window, and which row it is on. */
  placeOf({ clientX, clientY }: MouseEvent): { readonly x: number; readonly row: number } {
    const box = this.drawing.getBoundingClientRect();
    return {
      x: clientX - box.left - EDGE_PX,
      row: Math.floor((clientY - box.top - AXIS_PX + this.element.scrollTop) / ROW_PX),
    };
  }

  keepInSight(row: number): void {
    const height = this.#size.height - AXIS_PX;
    const top = row * ROW_PX;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top > this.element.scrollTop + height - 2 * ROW_PX) this.element.scrollTop = top - height + 3 * ROW_PX;
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.drawing.parentElement!;
    if (clientWidth === 0) return;
    this.#size = { width: clientWidth, height: clientHeight };
    this.onResize();
  }
}
