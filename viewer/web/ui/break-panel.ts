import type { TraceEntry } from "../../../model/kernel/index.js";
import type { AskedStep, LiveRun, Offer, Preview } from "../../page/live-data.js";
import { durationText, momentText } from "../../text/duration.js";
import { outageTexts } from "../../text/outages.js";
import type { App } from "../app.js";
import type { LiveFollower } from "../live.js";
import { entryText } from "./chain.js";
import { type Child, fill, h, name, shortName } from "./dom.js";
import { copy } from "./export.js";
import type { Panel } from "./inspector.js";
import { momentButton } from "./things.js";

interface Staged {
  readonly step: AskedStep;
  readonly text: string;
}

const PREVIEWED = 8;

/** Break it: what may be done to the thing selected, staged and previewed before it is done; undo; what was done, to be kept. */
export class BreakPanel implements Panel {
  readonly id = "break";
  readonly title = "Break it";
  readonly #app: App;
  readonly #live: LiveFollower;
  readonly #offers = new Map<string, Promise<readonly Offer[]>>();
  readonly #root = h("div", { class: "break-panel" });
  readonly #staging = h("section", { class: "staged", "aria-label": "Staged" });
  readonly #list = h("section", { "aria-label": "What may be done" });
  readonly #log = h("section", { "aria-label": "What was done" });
  #staged: Staged[] = [];
  #preview: Preview | undefined;
  #trouble = "";
  /** The thing whose offers are shown; undefined before the first. */
  #thing: string | undefined;
  #filter = "";
  #isBusy = false;

  constructor(app: App, live: LiveFollower) {
    this.#app = app;
    this.#live = live;
    fill(this.#root, this.#staging, this.#log, this.#list);
    live.on(() => {
      this.#preview = undefined;
      this.#drawAll();
    });
  }

  applies(app: App): boolean {
    return app.isLive;
  }

  draw(place: HTMLElement, app: App, _: unknown, thing: string): void {
    if (this.#root.parentElement !== place) fill(place, this.#root);
    if (thing !== this.#thing) {
      this.#thing = thing;
      void this.#drawOffers();
    }
    if (this.#preview && this.#preview.atMs !== this.#moment()) this.#preview = undefined;
    if (app.state.playing) return;
    this.#drawStaging();
  }

  #moment(): number {
    return Math.round(this.#app.state.at);
  }

  #drawAll(): void {
    this.#drawStaging();
    this.#drawLog();
    if (this.#thing !== undefined) void this.#drawOffers();
  }

  async #drawOffers(): Promise<void> {
    const thing = this.#thing ?? "";
    let offers: readonly Offer[];
    try {
      offers = thing === "" ? [] : await this.#offersFor(thing);
    } catch (error) {
      return this.#fail(error);
    }
    if (thing !== this.#thing) return;
    const inForce = this.#live.run?.steps.filter((step) => step.inForce) ?? [];
    const list = h("ul", { class: "offers" });
    const draw = () => {
      const wanted = this.#filter.toLowerCase();
      const found = offers.filter((offer) =>
        `${offer.name} ${offer.summary} ${offer.command ?? ""}`.toLowerCase().includes(wanted),
      );
      fill(
        list,
        found.map((offer) => this.#offer(offer)),
      );
    };
    const search = h("input", {
      type: "search",
      "aria-label": "Find a fault or command",
      placeholder: "find a fault or command",
      value: this.#filter,
    });
    search.addEventListener("input", () => {
      this.#filter = search.value;
      draw();
    });
    draw();
    fill(
      this.#list,
      inForce.length > 0 && [
        h("h3", {}, "In force: heal it"),
        h(
          "ul",
          { class: "offers" },
          inForce.map(({ label, text }) =>
            h("li", {}, name(text), this.#stageButton({ kind: "heal", of: label }, `heal ${text}`, "Heal")),
          ),
        ),
      ],
      h(
        "h3",
        {},
        offers.length === 0
          ? thing === ""
            ? "Choose a node, a resource, a link, a service: here stands what can be done to it"
            : "Nothing can be done to this by itself: choose what it stands on"
          : `What may be done (${offers.length})`,
      ),
      offers.length > 6 && search,
      list,
    );
  }

  #offer(offer: Offer): HTMLElement {
    const { kind, name: called, summary, params, command } = offer;
    const text = `${called} ${Object.values(params).flat().join(" ")}`;
    return h(
      "li",
      {},
      h("b", {}, kind === "fault" ? called : "command"),
      h("small", {}, summary),
      h("code", {}, shortName(command ?? text, 120)),
      this.#stageButton({ kind, name: called, params }, command ?? text, "Stage"),
    );
  }

  #stageButton(step: AskedStep, text: string, label: string): HTMLElement {
    const stage = () => {
      this.#staged.push({ step, text });
      this.#preview = undefined;
      this.#trouble = "";
      this.#drawStaging();
      void this.#ask();
    };
    return h("button", { "aria-label": `${label}: ${shortName(text, 100)}`, onclick: stage }, label);
  }

  #drawStaging(): void {
    const run = this.#live.run;
    if (!run) return;
    const later = run.steps.filter(({ atMs }) => atMs > this.#moment()).length;
    fill(
      this.#staging,
      h("h3", {}, this.#staged.length === 0 ? "Nothing is staged" : `Staged for ${momentText(this.#moment())}`),
      this.#staged.length > 0 &&
        h(
          "ol",
          {},
          this.#staged.map(({ text }, i) =>
            h(
              "li",
              {},
              name(text),
              " ",
              h(
                "button",
                { class: "moment", "aria-label": `Take back: ${shortName(text, 80)}`, onclick: () => this.#unstage(i) },
                "take back",
              ),
            ),
          ),
        ),
      this.#staged.length > 0 &&
        later > 0 &&
        h("p", {}, `${later} later ${later === 1 ? "step" : "steps"} would be undone: it goes on from here.`),
      this.#preview && previewText(this.#preview),
      this.#trouble !== "" && h("p", { role: "alert", class: "grew" }, this.#trouble),
      h(
        "div",
        { class: "bar" },
        this.#staged.length > 0 && [
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

  #unstage(i: number): void {
    this.#staged = this.#staged.filter((_, at) => at !== i);
    this.#preview = undefined;
    this.#drawStaging();
    if (this.#staged.length > 0) void this.#ask();
  }

  #asked() {
    return { seen: this.#live.run?.change ?? 0, atMs: this.#moment(), steps: this.#staged.map(({ step }) => step) };
  }

  async #ask(): Promise<void> {
    try {
      this.#preview = await this.#app.server!.post<Preview>("/api/live/preview", this.#asked());
      this.#trouble = "";
    } catch (error) {
      this.#fail(error);
    }
    this.#drawStaging();
  }

  async #do(): Promise<void> {
    if (await this.#post("act", this.#asked())) {
      this.#staged = [];
      this.#drawStaging();
      // What was done, and its command, stand at the top.
      this.#root.parentElement?.scrollTo(0, 0);
    }
  }

  async #post(what: string, body: unknown = { seen: this.#live.run?.change ?? 0 }): Promise<boolean> {
    this.#isBusy = true;
    this.#trouble = "";
    try {
      await this.#app.server!.post(`/api/live/${what}`, body);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    } finally {
      this.#isBusy = false;
      this.#drawStaging();
    }
  }

  #fail(error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error);
    this.#drawStaging();
  }

  #drawLog(): void {
    const run = this.#live.run as LiveRun;
    fill(
      this.#log,
      h("h3", {}, run.log.length === 0 ? "Nothing was done yet" : "What was done, and the command for it"),
      h(
        "ol",
        { class: "done-list" },
        run.log.map(({ atMs, text, command }) =>
          h(
            "li",
            {},
            momentButton(this.#app, atMs, momentText(atMs)),
            " ",
            name(text),
            h("code", { tabindex: 0 }, command),
            h(
              "button",
              {
                class: "moment",
                "aria-label": `Copy the command for ${shortName(text, 80)}`,
                onclick: () => void copy(command),
              },
              "copy",
            ),
          ),
        ),
      ),
      run.steps.length > 0 &&
        h(
          "div",
          { class: "bar" },
          h("button", { onclick: () => void this.#save("scenario") }, "Save as a scenario"),
          h("button", { onclick: () => void this.#save("test") }, "Save as a test"),
        ),
    );
  }

  async #save(as: "scenario" | "test"): Promise<void> {
    try {
      const { file, text } = await this.#app.server!.get<{ file: string; text: string }>(`/api/live/${as}`);
      const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: file });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (error) {
      this.#fail(error);
    }
  }

  #offersFor(thing: string): Promise<readonly Offer[]> {
    let offers = this.#offers.get(thing);
    if (!offers) {
      offers = this.#app.server!.get(`/api/live/offers?thing=${encodeURIComponent(thing)}`);
      this.#offers.set(thing, offers);
    }
    return offers;
  }
}

function previewText({ outagesMs, recoveryMs, broken, first, events }: Preview): HTMLElement {
  const felt = outageTexts(outagesMs);
  const lines: Child[] = [
    h("p", {}, felt.length > 0 ? `Out: ${felt.join("; ")}` : "Nobody would notice"),
    recoveryMs !== undefined && recoveryMs > 0 && h("p", {}, `Recovered after ${durationText(recoveryMs)}`),
    broken.length > 0 && h("p", { class: "grew" }, `Broken: ${broken.slice(0, 5).join(", ")}`),
  ];
  return h(
    "div",
    { class: "preview", role: "status" },
    h("h3", {}, "Preview"),
    lines,
    h(
      "details",
      {},
      h("summary", {}, `${events} events; the first`),
      h(
        "ol",
        { class: "told" },
        first
          .slice(0, PREVIEWED)
          .map((entry: TraceEntry) =>
            h("li", {}, h("span", { class: "num quiet" }, momentText(entry.atMs)), name(entryText(entry))),
          ),
      ),
    ),
  );
}
