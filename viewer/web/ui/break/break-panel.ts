import type { App } from "../../app.js";
import type { LiveFollower } from "../../live.js";
import { fill, h } from "../dom.js";
import type { Panel } from "../inspector.js";
import { Deeds } from "./deeds.js";
import { Offers } from "./offers.js";
import { Staging } from "./staging.js";

/** Break it: what may be done to the thing selected, staged and previewed before it is done; undo; what was done, to be kept. */
export class BreakPanel implements Panel {
  readonly id = "break";
  readonly title = "Break it";
  readonly #root = h("div", { class: "break-panel" });
  readonly #staging: Staging;
  readonly #offers: Offers;

  constructor(app: App, live: LiveFollower) {
    const staging = new Staging(app, live);
    const offers = new Offers(app, live, staging);
    const deeds = new Deeds(app, live, staging);
    this.#staging = staging;
    this.#offers = offers;
    fill(this.#root, staging.element, deeds.element, offers.element);
    // What was done, and its command, stand at the top.
    staging.onDone = () => this.#root.parentElement?.scrollTo(0, 0);
    live.on(() => {
      staging.runChanged();
      deeds.draw();
      offers.draw();
    });
  }

  applies(app: App): boolean {
    return app.isLive;
  }

  draw(place: HTMLElement, app: App, _: unknown, thing: string): void {
    if (this.#root.parentElement !== place) fill(place, this.#root);
    this.#offers.show(thing);
    if (!app.state.playing) this.#staging.draw();
  }
}
