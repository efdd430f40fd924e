import type { App } from "../../app.js";
import type { RunView } from "../../data/run-view.js";
import { tellingEntry } from "../../data/telling.js";
import { TimeAxis } from "../../data/time-axis.js";
import { assign, fill, h } from "../../ui/dom.js";
import type { Mounted, View } from "../view.js";
import { chooseBar, chooseEntry, chooseNext, chooseRow, pin } from "./choose.js";
import { momentAt, type Window } from "./draw.js";
import { LaneNames } from "./names.js";
import { Overview } from "./overview.js";
import { timelinePicture } from "./picture.js";
import { isWhole, type Range, rangeOf, shifted, WHOLE, zoomedAbout } from "./range.js";
import { type Row, rowOfSubject, rowsOf } from "./rows.js";
import { type Shown, Stage } from "./stage.js";
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

class Timeline implements Mounted {
  readonly #app: App;
  readonly #filter: HTMLInputElement;
  readonly #folded: HTMLInputElement;
  readonly #whole: HTMLButtonElement;
  readonly #tableButton: HTMLButtonElement;
  readonly #overview = new Overview((from, to) => this.#look(rangeOf(from, to)));
  readonly #below = h("div", { class: "lane-area" });
  readonly #stage: Stage;
  readonly #summary = h("p", { class: "quiet", role: "status" });
  readonly #table;
  #view: RunView | undefined;
  #rows: readonly Row[] = [];
  #axis = new TimeAxis([0, 1_000]);
  #range: Range = WHOLE;
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
    this.#whole = h("button", { onclick: () => this.#look(WHOLE) }, "Whole run");
    this.#tableButton = h("button", { "aria-pressed": "false", onclick: () => this.#toggleTable() }, "As a table");
    this.#table = stretchTable(app);
    const names = new LaneNames(
      (i) => this.#choose(i),
      (subject) => pin(app, subject),
    );
    this.#stage = new Stage(names);
    fill(this.#below, this.#stage.element);
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
    this.#stage.onResize = () => this.#layout();
    this.#stage.element.addEventListener("scroll", () => this.#draw());
    names.element.addEventListener("keydown", (event) => this.#keys(event));
    this.#stage.drawing.addEventListener("pointerdown", (event) => this.#pointer(event));
    this.#stage.drawing.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
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
    } else if (changed.has("at") && (tellingEntry(this.#view, state)?.id ?? 0) !== this.#told)
      this.#drawArrows(this.#shown(this.#view));
    if (changed.has("at")) this.#stage.movePlayhead(this.#window(), state.at);
  }

  key(event: KeyboardEvent): boolean {
    const range = this.#range;
    const half = (range.to - range.from) / 2;
    const now = this.#axis.position(this.#app.state.at);
    if (event.key === "+" || event.key === "=") this.#look(zoomedAbout(range, now, 0.5));
    else if (event.key === "-") this.#look(zoomedAbout(range, now, 2));
    else if (event.key === "<") this.#look(shifted(range, -half));
    else if (event.key === ">") this.#look(shifted(range, half));
    else if (event.key === "0") this.#look(WHOLE);
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
    fill(this.#below, this.#isTable ? this.#table.element : this.#stage.element);
    this.#newRows();
  }

  #window(): Window {
    return { axis: this.#axis, ...this.#range, widthPx: this.#stage.widthPx };
  }

  #shown(view: RunView): Shown {
    const { thing, pins } = this.#app.state;
    return { view, rows: this.#rows, window: this.#window(), lane: this.#lane, thing, pins };
  }

  #look(range: Range): void {
    this.#range = range;
    this.#whole.disabled = isWhole(range);
    this.#layout();
  }

  #layout(): void {
    if (!this.#view) return;
    this.#stage.makeRoom(this.#rows.length);
    const { from, to } = this.#range;
    this.#overview.draw(this.#view, this.#axis, [from, to], this.#overview.element.clientWidth || this.#stage.widthPx);
    this.#draw();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#drawNow());
  }

  #drawNow(): void {
    if (!this.#view || this.#isTable) return;
    const shown = this.#shown(this.#view);
    this.#stage.draw(shown);
    this.#drawArrows(shown);
    this.#stage.movePlayhead(shown.window, this.#app.state.at);
  }

  #drawArrows(shown: Shown): void {
    const told = tellingEntry(shown.view, this.#app.state);
    this.#told = told?.id ?? 0;
    this.#stage.drawArrows(shown, told);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    const { from, to } = this.#range;
    const share = (px: number) => (px / this.#stage.widthPx) * (to - from);
    const under = from + share(this.#stage.placeOf(event).x);
    if (event.ctrlKey) this.#look(zoomedAbout(this.#range, under, event.deltaY > 0 ? 1.25 : 0.8));
    else this.#look(shifted(this.#range, share(event.deltaX)));
  }

  /** A mark, an arrow or a bar is chosen; anywhere else the moment goes there, and follows the pointer. */
  #pointer(event: PointerEvent): void {
    const view = this.#view;
    const target = event.target as Element;
    if (!view || chooseEntry(this.#app, view, Number(target.getAttribute("data-entry")))) return;
    const place = this.#stage.placeOf(event);
    const row = this.#rows[place.row];
    const isNarrow = target.classList.contains("narrow");
    const fromMs = isNarrow ? momentAt(this.#window(), place.x) : target.getAttribute("data-from");
    if (fromMs !== null && row?.kind === "lane") chooseBar(this.#app, view, row, Number(fromMs));
    const follow = (moved: PointerEvent) => {
      const window = this.#window();
      const x = Math.max(0, Math.min(window.widthPx, this.#stage.placeOf(moved).x));
      this.#app.store.set({ at: momentAt(window, x), playing: false });
    };
    follow(event);
    const { drawing } = this.#stage;
    drawing.setPointerCapture(event.pointerId);
    drawing.addEventListener("pointermove", follow);
    drawing.addEventListener("pointerup", () => drawing.removeEventListener("pointermove", follow), { once: true });
  }

  #choose(i: number): void {
    this.#lane = i;
    chooseRow(this.#app, this.#view!, this.#rows[i]!);
  }

  /** Up and down between lanes, left and right between a lane's events, `s` keeps a lane at the top. */
  #keys(event: KeyboardEvent): void {
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -15, PageDown: 15 }[event.key];
    const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const row = this.#rows[this.#lane];
    if (by !== undefined) {
      this.#lane = Math.max(0, Math.min(this.#rows.length - 1, this.#lane + by));
      this.#stage.keepInSight(this.#lane);
      this.#drawNow();
      this.#stage.names.focus(this.#lane);
    } else if (along !== undefined) {
      if (row?.kind === "lane") chooseNext(this.#app, this.#view!, row, along);
    } else if (event.key === "s" && row) pin(this.#app, row.key);
    else return;
    event.preventDefault();
  }

  #reveal(): void {
    const { thing, entry } = this.#app.state;
    const told = entry > 0 ? this.#view?.causes.entry(entry) : undefined;
    const isDone = told !== undefined && /^(fault|heal|operator)$/.test(told.kind);
    const at = rowOfSubject(this.#rows, thing, isDone);
    if (at < 0) return;
    this.#lane = at;
    this.#stage.keepInSight(at);
  }
}
