import { fill, h, name } from "../../ui/dom.js";
import { icon } from "../../ui/icons.js";
import { isAlways, type Row } from "./rows.js";

export interface NamesState {
  readonly rows: readonly Row[];
  /** The rows in sight: from the first to before the last. */
  readonly first: number;
  readonly last: number;
  /** Where a row's top stands, in pixels; names above `topPx` are hidden. */
  readonly y: (i: number) => number;
  readonly topPx: number;
  /** The row in the tab order. */
  readonly lane: number;
  readonly thing: string;
  readonly pins: readonly string[];
}

/** The names of the lanes in sight, each to be chosen and to be kept at the top. */
export class LaneNames {
  readonly element = h("div", { class: "lane-names", role: "list", "aria-label": "Lanes" });
  readonly #choose: (i: number) => void;
  readonly #pin: (subject: string) => void;

  constructor(choose: (i: number) => void, pin: (subject: string) => void) {
    this.#choose = choose;
    this.#pin = pin;
  }

  draw(state: NamesState): void {
    const isFocused = this.element.contains(document.activeElement);
    const { rows, first, last, lane } = state;
    fill(
      this.element,
      rows.slice(first, last).map((row, k) => this.#item(row, first + k, state)),
    );
    if (isFocused) this.focus(lane);
  }

  focus(lane: number): void {
    this.element.querySelector<HTMLElement>(`[data-lane="${lane}"]`)?.focus();
  }

  #item(row: Row, i: number, { y, topPx, lane, thing, pins }: NamesState): HTMLElement {
    const subject = row.kind === "lane" ? row.lane.subject : row.key;
    const others = row.kind === "lane" ? row.lane.others : row.others;
    const isPinned = pins.includes(subject);
    const item = h(
      "div",
      { class: `lane-name ${row.kind}${subject === thing ? " is-selected" : ""}`, role: "listitem" },
      h(
        "button",
        { class: "plain", tabindex: i === lane ? 0 : -1, "data-lane": i, onclick: () => this.#choose(i) },
        name(row.title),
        others.length > 0 &&
          h("small", { title: [row.title, ...others].slice(0, 40).join("\n") }, ` +${others.length}`),
      ),
      row.kind === "lane" &&
        !isAlways(subject) &&
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
    item.style.top = `${y(i)}px`;
    item.style.visibility = y(i) < topPx ? "hidden" : "visible";
    return item;
  }
}
