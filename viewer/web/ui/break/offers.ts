import type { AskedStep, Offer } from "../../../page/live-data.js";
import type { App } from "../../app.js";
import type { LiveFollower } from "../../live.js";
import { fill, h, name, shortName } from "../dom.js";
import type { Staging } from "./staging.js";

/** So many are taken in at a glance; more have a field to find one in. */
const GLANCE = 6;

/** What may be done to a thing, and what is in force and can be healed: each with a button that stages it. */
export class Offers {
  readonly element = h("section", { "aria-label": "What may be done" });
  readonly #app: App;
  readonly #live: LiveFollower;
  readonly #staging: Staging;
  readonly #known = new Map<string, Promise<readonly Offer[]>>();
  /** The thing whose offers are shown; undefined before the first. */
  #thing: string | undefined;
  #filter = "";

  constructor(app: App, live: LiveFollower, staging: Staging) {
    this.#app = app;
    this.#live = live;
    this.#staging = staging;
  }

  show(thing: string): void {
    if (thing === this.#thing) return;
    this.#thing = thing;
    this.draw();
  }

  draw(): void {
    const thing = this.#thing;
    if (thing === undefined) return;
    this.#of(thing).then(
      (offers) => thing === this.#thing && this.#fill(thing, offers),
      (error: unknown) => this.#staging.fail(error),
    );
  }

  async #of(thing: string): Promise<readonly Offer[]> {
    if (thing === "") return [];
    let offers = this.#known.get(thing);
    if (!offers) {
      offers = this.#app.server!.get(`/api/live/offers?thing=${encodeURIComponent(thing)}`);
      this.#known.set(thing, offers);
    }
    return offers;
  }

  #fill(thing: string, offers: readonly Offer[]): void {
    const inForce = this.#live.run?.steps.filter((step) => step.inForce) ?? [];
    const list = h("ul", { class: "offers" });
    const filter = () => {
      const wanted = this.#filter.toLowerCase();
      const isWanted = ({ name: called, summary, command = "" }: Offer) =>
        `${called} ${summary} ${command}`.toLowerCase().includes(wanted);
      fill(
        list,
        offers.filter(isWanted).map((offer) => this.#offer(offer)),
      );
    };
    const search: HTMLInputElement = h("input", {
      type: "search",
      "aria-label": "Find a fault or command",
      placeholder: "find a fault or command",
      value: this.#filter,
      oninput: () => {
        this.#filter = search.value;
        filter();
      },
    });
    filter();
    fill(
      this.element,
      inForce.length > 0 && [
        h("h3", {}, "In force: heal it"),
        h(
          "ul",
          { class: "offers" },
          inForce.map(({ label, text }) =>
            h("li", {}, name(text), this.#button({ kind: "heal", of: label }, `heal ${text}`, "Heal")),
          ),
        ),
      ],
      h("h3", {}, headline(thing, offers.length)),
      offers.length > GLANCE && search,
      list,
    );
  }

  #offer({ kind, name: called, summary, params, command }: Offer): HTMLElement {
    const text = command ?? `${called} ${Object.values(params).flat().join(" ")}`;
    return h(
      "li",
      {},
      h("b", {}, kind === "fault" ? called : "command"),
      h("small", {}, summary),
      h("code", {}, shortName(text, 120)),
      this.#button({ kind, name: called, params }, text, "Stage"),
    );
  }

  #button(step: AskedStep, text: string, label: string): HTMLElement {
    const stage = () => this.#staging.stage(step, text);
    return h("button", { "aria-label": `${label}: ${shortName(text, 100)}`, onclick: stage }, label);
  }
}

function headline(thing: string, offers: number): string {
  if (thing === "") return "Choose a node, a resource, a link, a service: here stands what can be done to it";
  if (offers === 0) return "Nothing can be done to this by itself: choose what it stands on";
  return `What may be done (${offers})`;
}
