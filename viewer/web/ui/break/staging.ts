import type { AskedStep, Preview } from "../../../page/live-data.js";
import { momentText } from "../../../text/duration.js";
import type { App } from "../../app.js";
import type { LiveFollower } from "../../live.js";
import { fill, h, name, shortName } from "../dom.js";
import { previewText } from "./preview.js";

interface Staged {
  readonly step: AskedStep;
  readonly text: string;
}

/** What is about to be done together, and what it would lead to; done, and taken back. */
export class Staging {
  readonly element = h("section", { class: "staged", "aria-label": "Staged" });
  onDone: () => void = () => {};
  readonly #app: App;
  readonly #live: LiveFollower;
  #staged: readonly Staged[] = [];
  #preview: Preview | undefined;
  #trouble = "";
  #isBusy = false;

  constructor(app: App, live: LiveFollower) {
    this.#app = app;
    this.#live = live;
  }

  stage(step: AskedStep, text: string): void {
    this.#restage([...this.#staged, { step, text }]);
  }

  /** A preview is of the run as it was. */
  runChanged(): void {
    this.#preview = undefined;
    this.draw();
  }

  fail(error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error);
    this.draw();
  }

  draw(): void {
    const run = this.#live.run;
    if (!run) return;
    const atMs = this.#moment();
    if (this.#preview && this.#preview.atMs !== atMs) this.#preview = undefined;
    const isStaged = this.#staged.length > 0;
    const later = run.steps.filter((step) => step.atMs > atMs).length;
    fill(
      this.element,
      h("h3", {}, isStaged ? `Staged for ${momentText(atMs)}` : "Nothing is staged"),
      isStaged &&
        h(
          "ol",
          {},
          this.#staged.map((one) => this.#line(one)),
        ),
      isStaged &&
        later > 0 &&
        h("p", {}, `${later} later ${later === 1 ? "step" : "steps"} would be undone: it goes on from here.`),
      this.#preview && previewText(this.#preview),
      this.#trouble !== "" && h("p", { role: "alert", class: "grew" }, this.#trouble),
      h(
        "div",
        { class: "bar" },
        isStaged && [
          h("button", { class: "primary", disabled: this.#isBusy, onclick: () => void this.#do() }, "Do it"),
          h("button", { disabled: this.#isBusy, onclick: () => void this.#ask() }, "Preview"),
        ],
        h(
          "button",
          { disabled: this.#isBusy || run.steps.length === 0, onclick: () => void this.#post("undo") },
          "Undo",
        ),
        h("button", { disabled: this.#isBusy, onclick: () => void this.#post("go-on") }, "Go on 10 min"),
      ),
    );
  }

  #line(one: Staged): HTMLElement {
    const takeBack = () => this.#restage(this.#staged.filter((other) => other !== one));
    const label = `Take back: ${shortName(one.text, 80)}`;
    return h(
      "li",
      {},
      name(one.text),
      " ",
      h("button", { class: "moment", "aria-label": label, onclick: takeBack }, "take back"),
    );
  }

  #restage(staged: readonly Staged[]): void {
    this.#staged = staged;
    this.#preview = undefined;
    this.#trouble = "";
    this.draw();
    if (staged.length > 0) void this.#ask();
  }

  #moment(): number {
    return Math.round(this.#app.state.at);
  }

  #asked() {
    return { seen: this.#live.run?.change ?? 0, atMs: this.#moment(), steps: this.#staged.map(({ step }) => step) };
  }

  async #ask(): Promise<void> {
    const staged = this.#staged;
    try {
      const preview = await this.#app.server!.post<Preview>("/api/live/preview", this.#asked());
      if (staged !== this.#staged) return;
      this.#preview = preview;
      this.#trouble = "";
      this.draw();
    } catch (error) {
      this.fail(error);
    }
  }

  async #do(): Promise<void> {
    if (!(await this.#post("act", this.#asked()))) return;
    this.#staged = [];
    this.draw();
    this.onDone();
  }

  async #post(what: string, body: unknown = { seen: this.#live.run?.change ?? 0 }): Promise<boolean> {
    this.#isBusy = true;
    this.#trouble = "";
    try {
      await this.#app.server!.post(`/api/live/${what}`, body);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      this.#isBusy = false;
      this.draw();
    }
  }
}
