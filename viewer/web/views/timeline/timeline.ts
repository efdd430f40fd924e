import type { App } from "../../app.js";
import { FAULTS } from "../../data/lanes.js";
import type { RunView } from "../../data/run-view.js";
import { STEPS } from "../../data/runbook-steps.js";
import { tellingEntry } from "../../data/telling.js";
import { TimeAxis } from "../../data/time-axis.js";
import { assign, fill, h, svg } from "../../ui/dom.js";
import type { Mounted, View } from "../view.js";
import { drawArrows } from "./arrows.js";
import { drawAxis, drawFaults, drawRow, momentAt, ROW_PX, type Window, xOf } from "./draw.js";
import { LaneNames } from "./names.js";
import { Overview } from "./overview.js";
import { AXIS_PX, timelinePicture } from "./picture.js";
import { type Row, rowOfSubject, rowsOf } from "./rows.js";
import { stretchesOf, stretchTable } from "./table.js";

/** A lane a thing over time: states as bars, events as marks, causes as arrows, promises as strips. */
export const timelineView: View = {
  id: "timeline",
  title: "Timeline",
  key: "t",
  keys: [
    { keys: ["+", "-"], says: "nearer and farther about the moment" },
    { keys: ["<", ">"], says: "the window earlier, later" },
    { keys: ["0"], says: "the whole run" },
    { keys: ["↑", "↓"], says: "from lane to lane" },
    { keys: ["←", "→"], says: "along the events of a lane" },
    { keys: ["s"], says: "keep a lane at the top" },
    { keys: ["m"], says: "as a table, as a picture" },
  ],
  mount: (place, app) => new Timeline(place, app),
};

/** Room at both ends of the drawing, so that what is at the very start or end is whole. */
const EDGE_PX = 10;
const MARGIN_ROWS = 4;
const NARROWEST = 0.002;

class Timeline implements Mounted {
  readonly #app: App;
  readonly #filter: HTMLInputElement;
  readonly #folded: HTMLInputElement;
  readonly #whole: HTMLButtonElement;
  readonly #tableButton: HTMLButtonElement;
  readonly #overview = new Overview((from, to) => this.#zoom(from, to));
  readonly #scroll: HTMLElement;
  readonly #below = h("div", { class: "lane-area" });
  readonly #names: LaneNames;
  readonly #drawing = svg("svg", { class: "lanes", "aria-hidden": "true" });
  readonly #arrows = svg("g");
  /** In a layer of its own: it moves without anything being painted. */
  readonly #head = h("div", { class: "playhead" });
  readonly #spacer = h("div", { class: "spacer" });
  readonly #summary = h("p", { class: "quiet", role: "status" });
  readonly #table;
  #view: RunView | undefined;
  #rows: readonly Row[] = [];
  #axis = new TimeAxis([0, 1_000]);
  #range: readonly [number, number] = [0, 1];
  #size = { width: 800, height: 400 };
  /** The entry whose causes are drawn; 0 for none. */
  #told = 0;
  #lane = 0;
  #frame = 0;
  #isTable = false;

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
    this.#tableButton = h("button", { "aria-pressed": "false", onclick: () => this.#toggleTable() }, "As a table");
    this.#table = stretchTable(app);
    this.#names = new LaneNames(
      (i) => this.#choose(i),
      (subject) => this.#pin(subject),
    );
    this.#scroll = h(
      "div",
      { class: "lane-scroll" },
      h(
        "div",
        { class: "lane-stage" },
        this.#names.element,
        h("div", { class: "lane-drawing" }, this.#drawing, this.#head),
      ),
      this.#spacer,
    );
    fill(this.#below, this.#scroll);
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
          this.#tableButton,
          this.#summary,
        ),
        this.#overview.element,
        this.#below,
      ),
    );
    this.#scroll.addEventListener("scroll", () => this.#draw());
    this.#names.element.addEventListener("keydown", (event) => this.#keys(event));
    this.#drawing.addEventListener("pointerdown", (event) => this.#pointer(event));
    this.#drawing.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    new ResizeObserver(() => this.#resize()).observe(this.#scroll);
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
    } else if (changed.has("at") && (tellingEntry(this.#view, state)?.id ?? 0) !== this.#told) this.#drawArrows();
    if (changed.has("at")) this.#playhead();
  }

  key(event: KeyboardEvent): boolean {
    const [from, to] = this.#range;
    const half = (to - from) / 2;
    if (event.key === "+" || event.key === "=") this.#zoomAbout(this.#axis.position(this.#app.state.at), 0.5);
    else if (event.key === "-") this.#zoomAbout(this.#axis.position(this.#app.state.at), 2);
    else if (event.key === "<") this.#zoom(from - half, to - half);
    else if (event.key === ">") this.#zoom(from + half, to + half);
    else if (event.key === "0") this.#zoom(0, 1);
    else if (event.key === "m") this.#toggleTable();
    else return false;
    return true;
  }

  picture(): SVGSVGElement | undefined {
    return this.#isTable ? undefined : timelinePicture(this.#rows, this.#window());
  }

  #newAxis(): void {
    if (!this.#view) return;
    this.#axis = new TimeAxis(this.#view.moments, this.#folded.checked);
    this.#layout();
  }

  #newRows(): void {
    const { filter, pins } = this.#app.state;
    this.#rows = rowsOf(this.#view!, filter, pins);
    fill(this.#summary, `${this.#rows.length} lanes, ${this.#view!.run.trace.length.toLocaleString("en")} events`);
    this.#lane = Math.min(this.#lane, Math.max(0, this.#rows.length - 1));
    if (this.#isTable) this.#table.rows(stretchesOf(this.#rows));
    this.#layout();
  }

  #toggleTable(): void {
    this.#isTable = !this.#isTable;
    assign(this.#tableButton, { "aria-pressed": this.#isTable ? "true" : "false" });
    fill(this.#below, this.#isTable ? this.#table.element : this.#scroll);
    this.#newRows();
  }

  #window(): Window {
    const widthPx = Math.max(120, this.#size.width - 2 * EDGE_PX);
    return { axis: this.#axis, from: this.#range[0], to: this.#range[1], widthPx };
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#drawing.parentElement!;
    if (clientWidth === 0) return;
    this.#size = { width: clientWidth, height: clientHeight };
    this.#layout();
  }

  #layout(): void {
    if (!this.#view) return;
    const { height } = this.#size;
    assign(this.#drawing, { height });
    this.#spacer.style.height = `${Math.max(0, AXIS_PX + this.#rows.length * ROW_PX + 12 - height)}px`;
    const widthPx = this.#overview.element.clientWidth || this.#size.width;
    this.#overview.draw(this.#view, this.#axis, this.#range, widthPx);
    this.#draw();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#drawNow());
  }

  #drawNow(): void {
    const view = this.#view;
    if (!view || this.#isTable) return;
    const window = this.#window();
    const { height } = this.#size;
    const { scrollTop } = this.#scroll;
    const first = Math.max(0, Math.floor(scrollTop / ROW_PX) - MARGIN_ROWS);
    const last = Math.min(this.#rows.length, Math.ceil((scrollTop + height - AXIS_PX) / ROW_PX) + MARGIN_ROWS);
    const y = (i: number) => AXIS_PX + i * ROW_PX - scrollTop;
    const clip = svg(
      "clipPath",
      { id: "lane-clip" },
      svg("rect", { x: -8, y: AXIS_PX - 2, width: window.widthPx + 16, height }),
    );
    const body = svg("g", { "clip-path": "url(#lane-clip)" }, drawFaults(view.faults, window, AXIS_PX, height));
    for (let i = first; i < last; i++) {
      const row = drawRow(this.#rows[i]!, window);
      row.setAttribute("transform", `translate(0 ${y(i)})`);
      body.append(row);
    }
    body.append(this.#arrows);
    this.#drawArrows();
    const stage = svg("g", { transform: `translate(${EDGE_PX} 0)` }, drawAxis(window, height), body);
    fill(this.#drawing, svg("defs", {}, clip), stage);
    const { thing, pins } = this.#app.state;
    const topPx = AXIS_PX - ROW_PX / 2;
    this.#names.draw({ rows: this.#rows, first, last, y, topPx, lane: this.#lane, thing, pins });
    this.#playhead();
  }

  #drawArrows(): void {
    const told = this.#view && tellingEntry(this.#view, this.#app.state);
    this.#told = told?.id ?? 0;
    const top = AXIS_PX + ROW_PX / 2 - this.#scroll.scrollTop;
    const rowY = (subject: string, isDone: boolean) => {
      const at = rowOfSubject(this.#rows, subject, isDone);
      return at < 0 ? undefined : top + at * ROW_PX;
    };
    fill(this.#arrows, told && drawArrows(this.#view!, told, this.#window(), rowY));
  }

  #playhead(): void {
    const window = this.#window();
    const x = xOf(window, this.#app.state.at);
    this.#head.style.transform = `translateX(${(EDGE_PX + x - 1).toFixed(1)}px)`;
    this.#head.hidden = x < -1 || x > window.widthPx + 1;
  }

  #zoom(from: number, to: number): void {
    const width = Math.max(NARROWEST, Math.min(1, to - from));
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

  /** A mark, an arrow or a bar is chosen; anywhere else the moment goes there, and follows the pointer. */
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
    const isNarrow = target.classList.contains("narrow");
    const fromMs = isNarrow
      ? momentAt(this.#window(), event.clientX - box.left - EDGE_PX)
      : target.getAttribute("data-from");
    if (fromMs !== null && row?.kind === "lane") this.#chooseBar(row, Number(fromMs));
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

  #chooseBar({ lane: { subject } }: Extract<Row, { kind: "lane" }>, fromMs: number): void {
    if (subject === STEPS) this.#app.store.set({ panel: "runbook" });
    else this.#app.store.set({ thing: subject, entry: this.#view?.changeAt(subject, fromMs)?.entry ?? 0 });
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
    const { subject } = row.lane;
    if (subject === STEPS) this.#app.store.set({ panel: "runbook" });
    else this.#app.select(subject === FAULTS ? (this.#view?.faults[0]?.subject ?? "") : subject);
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
      this.#names.focus(this.#lane);
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
    const height = this.#size.height - AXIS_PX;
    const top = i * ROW_PX;
    if (top < this.#scroll.scrollTop) this.#scroll.scrollTop = top;
    else if (top > this.#scroll.scrollTop + height - 2 * ROW_PX) this.#scroll.scrollTop = top - height + 3 * ROW_PX;
  }
}
