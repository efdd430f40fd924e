import type { Deed } from "../../../page/live-data.js";
import { momentText } from "../../../text/duration.js";
import type { App } from "../../app.js";
import type { LiveFollower } from "../../live.js";
import { fill, h, name, shortName } from "../dom.js";
import { copy } from "../export.js";
import { momentButton } from "../things.js";
import type { Staging } from "./staging.js";

/** What was done to the live run, each with the command that plays it again; the whole saved as a scenario or as a test. */
export class Deeds {
  readonly element = h("section", { "aria-label": "What was done" });
  readonly #app: App;
  readonly #live: LiveFollower;
  readonly #staging: Staging;

  constructor(app: App, live: LiveFollower, staging: Staging) {
    this.#app = app;
    this.#live = live;
    this.#staging = staging;
  }

  draw(): void {
    const { log, steps } = this.#live.run!;
    fill(
      this.element,
      h("h3", {}, log.length === 0 ? "Nothing was done yet" : "What was done, and the command for it"),
      h(
        "ol",
        { class: "done-list" },
        log.map((deed) => this.#line(deed)),
      ),
      steps.length > 0 &&
        h(
          "div",
          { class: "bar" },
          h("button", { onclick: () => void this.#save("scenario") }, "Save as a scenario"),
          h("button", { onclick: () => void this.#save("test") }, "Save as a test"),
        ),
    );
  }

  #line({ atMs, text, command }: Deed): HTMLElement {
    const label = `Copy the command for ${shortName(text, 80)}`;
    return h(
      "li",
      {},
      momentButton(this.#app, atMs, momentText(atMs)),
      " ",
      name(text),
      h("code", { tabindex: 0 }, command),
      h("button", { class: "moment", "aria-label": label, onclick: () => void copy(command) }, "copy"),
    );
  }

  async #save(as: "scenario" | "test"): Promise<void> {
    try {
      const { file, text } = await this.#app.server!.get<{ file: string; text: string }>(`/api/live/${as}`);
      const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: file });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (error) {
      this.#staging.fail(error);
    }
  }
}
