import { brushX, select } from "d3";
import type { RunView } from "../../data/run-view.js";
import type { TimeAxis } from "../../data/time-axis.js";
import { fill, svg } from "../../ui/dom.js";
import { type Window, xOf } from "./draw.js";

const HEIGHT_PX = 34;
const LEAST_PX = 4;
const TICK_PX = 2;

/** The whole run, small: how much was told when, who was out; brushing it chooses the window that the lanes show. */
export class Overview {
  readonly element = svg("svg", { class: "overview", "aria-hidden": "true" });
  readonly #brushed: (from: number, to: number) => void;

  /** `brushed` is told positions on the axis, 0 to 1. */
  constructor(brushed: (from: number, to: number) => void) {
    this.#brushed = brushed;
  }

  draw(view: RunView, axis: TimeAxis, [from, to]: readonly [number, number], widthPx: number): void {
    const window: Window = { axis, from: 0, to: 1, widthPx };
    const bins = new Map<number, number>();
    for (const atMs of view.moments) {
      const x = Math.round(xOf(window, atMs) / TICK_PX) * TICK_PX;
      bins.set(x, (bins.get(x) ?? 0) + 1);
    }
    const brush = svg("g", { class: "brush" });
    fill(
      this.element,
      svg("path", {
        class: "tick",
        d: [...bins].map(([x, count]) => tick(x, Math.min(20, 4 + 3 * Math.log2(1 + count)))).join(""),
      }),
      svg("path", {
        class: "out",
        d: [...new Set(view.outages.map(({ fromMs, toMs }) => out(xOf(window, fromMs), xOf(window, toMs))))].join(""),
      }),
      brush,
    );
    const control = brushX<unknown>()
      .extent([
        [0, 0],
        [widthPx, HEIGHT_PX],
      ])
      .on("end", ({ selection, sourceEvent }: { selection: [number, number] | null; sourceEvent: unknown }) => {
        if (!sourceEvent) return;
        if (!selection || selection[1] - selection[0] < LEAST_PX) this.#brushed(0, 1);
        else this.#brushed(selection[0] / widthPx, selection[1] / widthPx);
      });
    select(brush as SVGGElement)
      .call(control)
      .call(control.move, from === 0 && to === 1 ? null : [from * widthPx, to * widthPx]);
  }
}

function tick(x: number, height: number): string {
  return `M${x} ${24 - Math.round(height)}h1.5V24h-1.5z`;
}

function out(from: number, to: number): string {
  const left = Math.round(from);
  return `M${left} 26h${Math.max(2, Math.round(to) - left)}v6H${left}z`;
}
