import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import { fill, h, name } from "./dom.js";
import { unfold, unfoldedIn } from "./folded.js";
import { icon } from "./icons.js";

/** One part of what is told of the thing selected. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** Whether there is anything to tell of a thing; of the run as a whole where it is empty. */
  applies(app: App, view: RunView, thing: string): boolean;
  /** Tells the same at every moment. */
  readonly isStill?: boolean;
  /** Told anew whenever the thing, the moment, the entry or the run changes. */
  draw(place: HTMLElement, app: App, view: RunView, thing: string): void;
}

const PLAYING_MS = 120;

/** Beside every view: what is selected, and what is to be said of it at the moment shown. */
export class Inspector {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #panels: readonly Panel[];
  readonly #heading = h("h2", { class: "thing" });
  readonly #tabs = h("div", { role: "tablist", "aria-label": "About the thing selected", class: "tabs" });
  readonly #body = h("div", { role: "tabpanel", tabindex: 0, class: "panel", id: "panel" });
  #view: RunView | undefined;
  #isPending = false;
  #told = "";

  constructor(app: App, panels: readonly Panel[]) {
    this.#app = app;
    this.#panels = panels;
    const close = h(
      "button",
      { class: "close", "aria-label": "Close what is selected", onclick: () => app.select("") },
      icon("close"),
    );
    this.element = h(
      "aside",
      { class: "inspector", "aria-label": "The thing selected" },
      h("div", { class: "thing-bar" }, this.#heading, close),
      this.#tabs,
      this.#body,
    );
    this.#tabs.addEventListener("keydown", (event) => this.#arrows(event));
    app.onRun((view) => {
      this.#view = view;
      this.#draw();
    });
    app.store.on((_, changed) => {
      if (changed.has("thing") || changed.has("entry") || changed.has("panel")) this.#draw();
      else if (changed.has("at")) this.#soon();
    });
  }

  /** Puts the reader into what is told. */
  enter(): void {
    this.#body.focus();
  }

  /** With the next frame; while time runs, a few times a second are enough to read. */
  #soon(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    const draw = () => {
      this.#isPending = false;
      this.#draw(true);
    };
    if (this.#app.state.playing) setTimeout(draw, PLAYING_MS);
    else requestAnimationFrame(draw);
  }

  #draw(onlyMoment = false): void {
    const view = this.#view;
    const { thing } = this.#app.state;
    this.element.classList.toggle("is-empty", thing === "");
    if (!view) return;
    const panels = this.#panels.filter((panel) => panel.applies(this.#app, view, thing));
    fill(this.#heading, thing === "" ? (panels.length === 1 ? panels[0]!.title : "The run as a whole") : name(thing));
    const shown = panels.find(({ id }) => id === this.#app.state.panel) ?? panels[0];
    if (onlyMoment && shown?.isStill && this.#told === `${shown.id} ${thing}`) return;
    const focused = this.#tabs.contains(document.activeElement);
    fill(
      this.#tabs,
      panels.map((panel) =>
        h(
          "button",
          {
            role: "tab",
            id: `tab-${panel.id}`,
            "aria-selected": panel === shown ? "true" : "false",
            "aria-controls": "panel",
            tabindex: panel === shown ? 0 : -1,
            onclick: () => this.#app.store.set({ panel: panel.id }),
          },
          panel.title,
        ),
      ),
    );
    this.#tabs.hidden = panels.length < 2;
    if (shown) this.#body.setAttribute("aria-labelledby", `tab-${shown.id}`);
    else this.#body.removeAttribute("aria-labelledby");
    if (focused) this.#tabs.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
    if (!shown) {
      fill(this.#body);
      return;
    }
    const told = `${shown.id} ${thing}`;
    // What a reader has unfolded stays so while the same is told anew.
    const open = told === this.#told ? unfoldedIn(this.#body) : new Set<string>();
    this.#told = told;
    shown.draw(this.#body, this.#app, view, thing);
    unfold(this.#body, open);
  }

  #arrows(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const tabs = [...this.#tabs.querySelectorAll<HTMLElement>("[role=tab]")];
    const next = tabs[(tabs.indexOf(document.activeElement as HTMLElement) + by + tabs.length) % tabs.length];
    next?.click();
  }
}
