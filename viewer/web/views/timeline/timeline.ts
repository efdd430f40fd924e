import { brushX, select } from "d3";
import type { App } from "../../app.js";
import { FAULTS } from "../../data/lanes.js";
import type { RunView } from "../../data/run-view.js";
import { TimeAxis } from "../../data/time-axis.js";
import { assign, fill, h, name, svg } from "../../ui/dom.js";
import { icon } from "../../ui/icons.js";
import type { Mounted, View } from "../view.js";
import { drawArrows } from "./arrows.js";
import { drawAxis, drawRow, momentAt, ROW_PX, type Window, xOf } from "./draw.js";
import { type Row, rowOfSubject, rowsOf } from "./rows.js";

/** A lane a thing over time: states as bars, events as marks, causes as arrows, promises as strips. */
export const timelineView: View = {
  id: "timeline",
  title: "Timeline",
  key: "t",
  mount: (place, app) => new Timeline(place, app),
};

const AXIS_PX = 34;
/** Room at both ends of the drawing, so that what is at the very start or end is whole. */
const EDGE_PX = 10;
const MARGIN_ROWS = 4;
const PICTURE_ROWS = 150;

class Timeline implements Mounted {
  readonly #app: App;
  readonly #filter: HTMLInputElement;
  readonly #folded: HTMLInputElement;
  readonly #whole: HTMLButtonElement;
  readonly #overview = svg("svg", { class: "overview", "aria-hidden": "true" });
  readonly #scroll: HTMLElement;
  readonly #names = h("div", { class: "lane-names", role: "list", "aria-label": "Lanes" });
  readonly #drawing = svg("svg", { class: "lanes", "aria-hidden": "true" });
  readonly #spacer = h("div", { class: "spacer" });
  readonly #head = svg("line", { class: "playhead", y1: 18 });
  readonly #summary = h("p", { class: "quiet", role: "status" });
  #view: RunView | undefined;
  #rows: readonly Row[] = [];
  #axis = new TimeAxis([0, 1_000]);
  #range: readonly [number, number] = [0, 1];
  #lane = 0;
  #frame = 0;

  constructor(place: HTMLElement, app: App) {
    this.#app = app;
    this.#filter = h("input", {
      type: "search",
      placeholder: "filter lanes",
      "aria-label": "Filter lanes",
      value: app.state.filter,
      oninput: () => app.store.set({ filter: this.#filter.value }),
    });
    this.#folded = h("input", { type: "checkbox", id: "folded", checked: true, onchange: () => this.#newAxis() });
    this.#whole = h("button", { onclick: () => this.#zoom(0, 1) }, "Whole run");
    this.#scroll = h(
      "div",
      { class: "lane-scroll" },
      h("div", { class: "lane-stage" }, this.#names, this.#drawing),
      this.#spacer,
    );
    fill(
      place,
      h(
        "div",
        { class: "timeline" },
        h(
          "div",
          { class: "bar" },
          this.#filter,
          h("label", { for: "folded", class: "check" }, this.#folded, "fold quiet time"),
          this.#whole,
          this.#summary,
        ),
        this.#overview,
        this.#scroll,
      ),
    );
    this.#scroll.addEventListener("scroll", () => this.#draw());
    this.#names.addEventListener("keydown", (event) => this.#keys(event));
    this.#drawing.addEventListener("pointerdown", (event) => this.#pointer(event));
    this.#drawing.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    new ResizeObserver(() => this.#layout()).observe(this.#scroll);
  }

  run(view: RunView): void {
    this.#view = view;
    this.#newAxis();
    this.#newRows();
    this.#reveal();
  }

  update(state: App["state"], changed: ReadonlySet<keyof App["state"]>): void {
    if (!this.#view) return;
    if (changed.has("filter") || changed.has("pins")) {
      if (this.#filter.value !== state.filter) this.#filter.value = state.filter;
      this.#newRows();
    } else if (changed.has("entry") || changed.has("thing")) {
      this.#reveal();
      this.#draw();
    }
    if (changed.has("at")) this.#playhead();
  }

  key(event: KeyboardEvent): boolean {
    if (event.key === "+" || event.key === "=") this.#zoomAbout(this.#axis.position(this.#app.state.at), 0.5);
    else if (event.key === "-") this.#zoomAbout(this.#axis.position(this.#app.state.at), 2);
    else if (event.key === "0") this.#zoom(0, 1);
    else return false;
    return true;
  }

  /** All rows (to a bound) with their names, for a file. */
  picture(): SVGSVGElement | undefined {
    const rows = this.#rows.slice(0, PICTURE_ROWS);
    const names = 260;
    const window = { ...this.#window(), widthPx: 1100 };
    const heightPx = AXIS_PX + rows.length * ROW_PX + 8;
    const picture = svg("svg", { class: "lanes picture", width: names + window.widthPx + 20, height: heightPx });
    picture.append(
      svg("g", { transform: `translate(${names} 0)` }, drawAxis(window, heightPx)),
      ...rows.map((row, i) =>
        svg(
          "g",
          { transform: `translate(0 ${AXIS_PX + i * ROW_PX})` },
          svg("text", { class: "lane-name", x: 8, y: 16 }, name(row.title).textContent!.slice(0, 42)),
          svg("g", { transform: `translate(${names} 0)` }, drawRow(row, window)),
        ),
      ),
    );
    const away = h("div", { class: "away", "aria-hidden": "true" });
    away.append(picture);
    document.body.append(away);
    setTimeout(() => away.remove(), 2_000);
    return picture;
  }

  #newAxis(): void {
    if (!this.#view) return;
    this.#axis = new TimeAxis(this.#view.moments, this.#folded.checked);
    this.#layout();
  }

  #newRows(): void {
    const { filter, pins } = this.#app.state;
    this.#rows = rowsOf(this.#view!, filter, pins);
    fill(this.#summary, `${this.#rows.length} lanes, ${this.#view!.run.trace.length} events`);
    this.#lane = Math.min(this.#lane, Math.max(0, this.#rows.length - 1));
    this.#layout();
  }

  #window(): Window {
    const drawn = this.#drawing.clientWidth || this.#scroll.clientWidth - 220;
    const widthPx = Math.max(120, drawn - 2 * EDGE_PX);
    return { axis: this.#axis, from: this.#range[0], to: this.#range[1], widthPx };
  }

  #layout(): void {
    if (!this.#view) return;
    const height = this.#scroll.clientHeight;
    assign(this.#drawing, { height });
    this.#spacer.style.height = `${Math.max(0, AXIS_PX + this.#rows.length * ROW_PX + 12 - height)}px`;
    this.#drawOverview();
    this.#draw();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#drawNow());
  }

  #drawNow(): void {
    if (!this.#view) return;
    const window = this.#window();
    const height = this.#scroll.clientHeight;
    const { scrollTop } = this.#scroll;
    const first = Math.max(0, Math.floor(scrollTop / ROW_PX) - MARGIN_ROWS);
    const last = Math.min(this.#rows.length, Math.ceil((scrollTop + height - AXIS_PX) / ROW_PX) + MARGIN_ROWS);
    const y = (i: number) => AXIS_PX + i * ROW_PX - scrollTop;
    const clip = svg(
      "clipPath",
      { id: "lane-clip" },
      svg("rect", { x: -8, y: AXIS_PX - 2, width: window.widthPx + 16, height }),
    );
    const body = svg("g", { "clip-path": "url(#lane-clip)" });
    for (const entry of this.#view.faults) {
      const x = xOf(window, entry.atMs);
      if (x >= 0 && x <= window.widthPx)
        body.append(svg("line", { class: `through ${entry.kind}`, x1: x, x2: x, y1: AXIS_PX, y2: height }));
    }
    for (let i = first; i < last; i++) {
      const row = drawRow(this.#rows[i]!, window);
      row.setAttribute("transform", `translate(0 ${y(i)})`);
      body.append(row);
    }
    const arrows = drawArrows(this.#view, this.#app.state.entry, window, (subject, isDone) => {
      const at = rowOfSubject(this.#rows, subject, isDone);
      return at < 0 ? undefined : y(at) + ROW_PX / 2;
    });
    if (arrows) body.append(arrows);
    const stage = svg("g", { transform: `translate(${EDGE_PX} 0)` }, drawAxis(window, height), body, this.#head);
    fill(this.#drawing, svg("defs", {}, clip), stage);
    this.#drawNames(first, last, y);
    this.#playhead();
  }

  #drawNames(first: number, last: number, y: (i: number) => number): void {
    const focused = this.#names.contains(document.activeElement);
    const { thing, pins } = this.#app.state;
    fill(
      this.#names,
      this.#rows.slice(first, last).map((row, k) => {
        const i = first + k;
        const subject = row.kind === "lane" ? row.lane.subject : row.key;
        const others = row.kind === "lane" ? row.lane.others.length : 0;
        const top = y(i);
        const isPinned = pins.includes(subject);
        const item = h(
          "div",
          { class: `lane-name ${row.kind}${subject === thing ? " is-selected" : ""}`, role: "listitem" },
          h(
            "button",
            {
              class: "plain",
              tabindex: i === this.#lane ? 0 : -1,
              "data-lane": i,
              onclick: () => this.#choose(i),
            },
            name(row.title),
            others > 0 && h("small", {}, ` +${others}`),
          ),
          row.kind === "lane" &&
            subject !== FAULTS &&
            h(
              "button",
              {
                class: "pin",
                tabindex: -1,
                "aria-pressed": isPinned ? "true" : "false",
                "aria-label": `Keep ${subject} at the top`.slice(0, 200),
                onclick: () => this.#pin(subject),
              },
              icon("star"),
            ),
        );
        item.style.top = `${top}px`;
        item.style.visibility = top < AXIS_PX - ROW_PX / 2 ? "hidden" : "visible";
        return item;
      }),
    );
    if (focused) this.#names.querySelector<HTMLElement>(`[data-lane="${this.#lane}"]`)?.focus();
  }

  #playhead(): void {
    const window = this.#window();
    const x = xOf(window, this.#app.state.at);
    assign(this.#head, {
      x1: x,
      x2: x,
      y2: this.#scroll.clientHeight,
      visibility: x < -1 || x > window.widthPx + 1 ? "hidden" : "visible",
    });
  }

  #drawOverview(): void {
    const view = this.#view!;
    const widthPx = this.#overview.clientWidth || this.#scroll.clientWidth;
    const window: Window = { axis: this.#axis, from: 0, to: 1, widthPx };
    const bins = new Map<number, number>();
    for (const atMs of view.moments) {
      const x = Math.round(xOf(window, atMs) / 2) * 2;
      bins.set(x, (bins.get(x) ?? 0) + 1);
    }
    const outages = new Set(
      view.outages.map(({ fromMs, toMs }) => `${Math.round(xOf(window, fromMs))} ${Math.round(xOf(window, toMs))}`),
    );
    const brush = svg("g", { class: "brush" });
    fill(
      this.#overview,
      [...bins].map(([x, count]) => {
        const height = Math.min(20, 4 + 3 * Math.log2(1 + count));
        return svg("rect", { class: "tick", x, y: 24 - height, width: 1.5, height });
      }),
      [...outages].map((span) => {
        const [from, to] = span.split(" ").map(Number) as [number, number];
        return svg("rect", { class: "out", x: from, y: 26, width: Math.max(2, to - from), height: 6 });
      }),
      brush,
    );
    const control = brushX<unknown>()
      .extent([
        [0, 0],
        [widthPx, 34],
      ])
      .on("end", ({ selection, sourceEvent }: { selection: [number, number] | null; sourceEvent: unknown }) => {
        if (!sourceEvent) return;
        if (!selection || selection[1] - selection[0] < 4) this.#zoom(0, 1);
        else this.#zoom(selection[0] / widthPx, selection[1] / widthPx);
      });
    const [from, to] = this.#range;
    select(brush as SVGGElement)
      .call(control)
      .call(control.move, from === 0 && to === 1 ? null : [from * widthPx, to * widthPx]);
  }

  #zoom(from: number, to: number): void {
    const width = Math.max(0.002, Math.min(1, to - from));
    const start = Math.max(0, Math.min(1 - width, from));
    this.#range = [start, start + width];
    this.#whole.disabled = width === 1;
    this.#layout();
  }

  #zoomAbout(position: number, factor: number): void {
    const [from, to] = this.#range;
    const share = Math.max(0, Math.min(1, (position - from) / (to - from)));
    const width = Math.min(1, (to - from) * factor);
    this.#zoom(position - share * width, position + (1 - share) * width);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    const window = this.#window();
    const [from, to] = this.#range;
    if (event.ctrlKey)
      this.#zoomAbout(from + ((event.offsetX - EDGE_PX) / window.widthPx) * (to - from), event.deltaY > 0 ? 1.25 : 0.8);
    else {
      const by = (event.deltaX / window.widthPx) * (to - from);
      this.#zoom(from + by, to + by);
    }
  }

  /** A mark or bar is chosen; anywhere else the moment goes there, and follows the pointer. */
  #pointer(event: PointerEvent): void {
    const target = event.target as Element;
    const entry = Number(target.getAttribute("data-entry"));
    const found = entry > 0 ? this.#view?.causes.entry(entry) : undefined;
    if (found) {
      this.#app.store.set({ at: Math.max(0, found.atMs), thing: found.subject, entry: found.id, playing: false });
      return;
    }
    const box = this.#drawing.getBoundingClientRect();
    const row = this.#rows[Math.floor((event.clientY - box.top - AXIS_PX + this.#scroll.scrollTop) / ROW_PX)];
    const fromMs = target.getAttribute("data-from");
    if (fromMs !== null && row?.kind === "lane") {
      const change = this.#view?.changeAt(row.lane.subject, Number(fromMs));
      this.#app.store.set({ thing: row.lane.subject, entry: change?.entry ?? 0 });
    }
    const follow = (moved: PointerEvent) => {
      const { widthPx } = this.#window();
      const x = Math.max(0, Math.min(widthPx, moved.clientX - box.left - EDGE_PX));
      this.#app.store.set({ at: momentAt(this.#window(), x), playing: false });
    };
    follow(event);
    this.#drawing.setPointerCapture(event.pointerId);
    this.#drawing.addEventListener("pointermove", follow);
    this.#drawing.addEventListener("pointerup", () => this.#drawing.removeEventListener("pointermove", follow), {
      once: true,
    });
  }

  #choose(i: number): void {
    const row = this.#rows[i]!;
    this.#lane = i;
    if (row.kind === "promise") {
      const { entry, atMs } = row.strip.promise;
      const found = entry === undefined ? undefined : this.#view?.causes.entry(entry);
      this.#app.store.set({
        thing: row.key,
        entry: found?.id ?? 0,
        ...(atMs !== undefined && row.strip.promise.status === "broken" && { at: atMs, playing: false }),
      });
      return;
    }
    const subject = row.lane.subject === FAULTS ? (this.#view?.faults[0]?.subject ?? "") : row.lane.subject;
    this.#app.select(subject);
  }

  #pin(subject: string): void {
    const { pins } = this.#app.state;
    this.#app.store.set({ pins: pins.includes(subject) ? pins.filter((one) => one !== subject) : [...pins, subject] });
  }

  /** Up and down between lanes, left and right between a lane's events, `s` keeps a lane at the top. */
  #keys(event: KeyboardEvent): void {
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -15, PageDown: 15 }[event.key];
    const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by !== undefined) {
      this.#lane = Math.max(0, Math.min(this.#rows.length - 1, this.#lane + by));
      this.#keepInSight(this.#lane);
      this.#drawNow();
      this.#names.querySelector<HTMLElement>(`[data-lane="${this.#lane}"]`)?.focus();
    } else if (along !== undefined) this.#alongLane(along);
    else if (event.key === "s" && this.#rows[this.#lane]) this.#pin(this.#rows[this.#lane]!.key);
    else return;
    event.preventDefault();
  }

  #alongLane(by: number): void {
    const row = this.#rows[this.#lane];
    if (row?.kind !== "lane") return;
    const told =
      row.lane.subject === FAULTS
        ? this.#view!.faults
        : this.#view!.causes.of(row.lane.subject).filter(({ atMs }) => atMs >= 0);
    const { at, entry } = this.#app.state;
    const here = told.findIndex(({ id }) => id === entry);
    const next =
      here >= 0
        ? told[here + by]
        : by > 0
          ? told.find(({ atMs }) => atMs >= at)
          : told.findLast(({ atMs }) => atMs <= at);
    if (next) this.#app.store.set({ at: next.atMs, thing: next.subject, entry: next.id, playing: false });
  }

  #reveal(): void {
    const { thing, entry } = this.#app.state;
    const told = entry > 0 ? this.#view?.causes.entry(entry) : undefined;
    const isDone = told !== undefined && /^(fault|heal|operator)$/.test(told.kind);
    const at = rowOfSubject(this.#rows, thing, isDone);
    if (at < 0) return;
    this.#lane = at;
    this.#keepInSight(at);
  }

  #keepInSight(i: number): void {
    const height = this.#scroll.clientHeight - AXIS_PX;
    const top = i * ROW_PX;
    if (top < this.#scroll.scrollTop) this.#scroll.scrollTop = top;
    else if (top > this.#scroll.scrollTop + height - 2 * ROW_PX) this.#scroll.scrollTop = top - height + 3 * ROW_PX;
  }
}
