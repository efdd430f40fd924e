import { durationText, momentText } from "../../text/duration.js";
import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import { TimeAxis } from "../data/time-axis.js";
import { assign, fill, h, svg } from "./dom.js";
import { icon } from "./icons.js";

const SPEEDS = [0.25, 1, 4, 16, 60];
const WIDTH = 1000;
const MARKS = ["fault", "heal", "operator"];

/** Play, pause, step, speed, and a strip of the whole run to scrub along: faults above, outages below. */
export class Transport {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #play: HTMLButtonElement;
  readonly #clock: HTMLOutputElement;
  readonly #slider: HTMLInputElement;
  readonly #speed: HTMLSelectElement;
  readonly #marks: SVGSVGElement;
  #view: RunView | undefined;
  #axis = new TimeAxis([0, 1_000]);
  #frame = 0;
  #before = 0;
  #position = 0;

  constructor(app: App) {
    this.#app = app;
    this.#play = h("button", { class: "play", onclick: () => this.toggle() });
    this.#clock = h("output", { class: "clock", "aria-live": "off" });
    this.#marks = svg("svg", {
      class: "scrub-marks",
      viewBox: `0 0 ${WIDTH} 28`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    this.#slider = h("input", {
      type: "range",
      min: 0,
      max: WIDTH * 10,
      step: 1,
      class: "scrub",
      "aria-label": "Moment",
      oninput: () => this.#scrub(),
    });
    this.#slider.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key] as 1 | -1 | undefined;
      if (by === undefined) return;
      event.preventDefault();
      this.step(by);
    });
    this.#speed = h(
      "select",
      { "aria-label": "Speed", onchange: () => app.store.set({ speed: Number(this.#speed.value) }) },
      SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`)),
    );
    this.element = h(
      "section",
      { class: "transport", "aria-label": "Time" },
      h(
        "div",
        { class: "buttons" },
        h(
          "button",
          { onclick: () => this.step(-1), "aria-label": "Back one event", title: "Back one event (,)" },
          icon("back"),
        ),
        this.#play,
        h(
          "button",
          { onclick: () => this.step(1), "aria-label": "On one event", title: "On one event (.)" },
          icon("on"),
        ),
        this.#speed,
      ),
      this.#clock,
      h("div", { class: "scrubber" }, this.#marks, this.#slider),
    );
    app.onRun((view) => this.#run(view));
    app.store.on((state, changed) => {
      if (changed.has("at")) this.#show(state.at);
      if (changed.has("playing")) this.#playing(state.playing);
      if (changed.has("speed")) this.#speed.value = String(state.speed);
    });
    this.#playing(false);
  }

  toggle(): void {
    const { playing, at } = this.#app.state;
    const atEnd = this.#view !== undefined && at >= this.#view.run.endMs;
    this.#app.store.set({ playing: !playing, ...(atEnd && !playing && { at: 0 }) });
  }

  step(direction: 1 | -1): void {
    if (this.#view) this.#app.store.set({ playing: false, at: this.#view.stepFrom(this.#app.state.at, direction) });
  }

  /** Slower or faster, one notch. */
  notch(by: 1 | -1): void {
    const at = SPEEDS.indexOf(this.#app.state.speed) + by;
    this.#app.store.set({ speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))]! });
  }

  #run(view: RunView): void {
    this.#view = view;
    this.#axis = new TimeAxis(view.moments);
    const x = (atMs: number) => Math.round(this.#axis.position(atMs) * WIDTH);
    // One path a kind, and each place in it once: a run of a hundred thousand events is as quick to paint as one of ten.
    const path = <T>(kind: string, places: Iterable<T>, drawn: (place: T) => string) =>
      svg("path", { class: kind, d: [...new Set(places)].map(drawn).join("") });
    const marks = (kind: string) =>
      path(
        kind,
        view.faults
          .filter((entry) => entry.kind === kind)
          .map(({ atMs }) => Math.max(3, Math.min(WIDTH - 3, Math.round(x(atMs) / 2) * 2))),
        (at) => (kind === "fault" ? `M${at - 3} 2h6l-3 7z` : `M${at - 3} 9h6l-3 -7z`),
      );
    fill(
      this.#marks,
      path("tick", view.moments.map(x), (at) => `M${at} 12h1v4h-1z`),
      path(
        "out",
        view.outages.map(({ fromMs, toMs }) => `M${x(fromMs)} 19h${Math.max(2, x(toMs) - x(fromMs))}v6H${x(fromMs)}z`),
        (bar) => bar,
      ),
      MARKS.map(marks),
    );
    this.#show(this.#app.state.at);
  }

  #show(atMs: number): void {
    if (!this.#view) return;
    const { endMs } = this.#view.run;
    this.#slider.value = String(this.#axis.position(atMs) * WIDTH * 10);
    assign(this.#slider, { "aria-valuetext": `${momentText(Math.round(atMs))} of ${momentText(endMs)}` });
    fill(this.#clock, h("b", {}, momentText(Math.round(atMs))), h("small", {}, `of ${durationText(endMs)}`));
  }

  #scrub(): void {
    const atMs = this.#axis.moment(Number(this.#slider.value) / (WIDTH * 10));
    this.#app.store.set({ at: atMs, playing: false });
  }

  #playing(playing: boolean): void {
    fill(this.#play, icon(playing ? "pause" : "play"));
    assign(this.#play, { "aria-label": playing ? "Pause" : "Play", title: playing ? "Pause (space)" : "Play (space)" });
    cancelAnimationFrame(this.#frame);
    if (!playing) return;
    this.#before = performance.now();
    this.#position = this.#axis.position(this.#app.state.at);
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  /** Time runs along the axis, not along the clock: busy seconds are shown at length, quiet minutes pass quickly. */
  #tick(now: number): void {
    const { playing, speed } = this.#app.state;
    if (!playing || !this.#view) return;
    const wholeRunMs = Math.min(60_000, 4_000 + this.#view.moments.length * 150);
    this.#position += ((now - this.#before) * speed) / wholeRunMs;
    this.#before = now;
    const ended = this.#position >= 1;
    this.#app.store.set({
      at: ended ? this.#view.run.endMs : this.#axis.moment(this.#position),
      ...(ended && { playing: false }),
    });
    if (!ended) this.#frame = requestAnimationFrame((next) => this.#tick(next));
  }
}
