import { fill, h } from "./dom.js";

export interface Column<T> {
  readonly title: string;
  cell(row: T): Node | string;
  readonly class?: string;
}

const ROW = 30;
const MARGIN_ROWS = 6;

/** A table of any length: only the rows in sight are in the page, and a reader is told how many there are. */
export class LongTable<T> {
  readonly element: HTMLElement;
  readonly #body: HTMLTableSectionElement;
  readonly #table: HTMLTableElement;
  readonly #columns: readonly Column<T>[];
  readonly #classOf: (row: T) => string;
  #rows: readonly T[] = [];
  #first = -1;
  #last = -1;

  constructor(label: string, columns: readonly Column<T>[], classOf: (row: T) => string = () => "") {
    this.#columns = columns;
    this.#classOf = classOf;
    this.#body = h("tbody");
    this.#table = h(
      "table",
      { class: "long", "aria-label": label },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(({ title, class: kind }) => h("th", { scope: "col", class: kind ?? "" }, title)),
        ),
      ),
      this.#body,
    );
    this.element = h("div", { class: "long-scroll", tabindex: 0, role: "region", "aria-label": label }, this.#table);
    this.element.addEventListener("scroll", () => this.#draw());
    new ResizeObserver(() => this.#draw(true)).observe(this.element);
  }

  rows(rows: readonly T[]): void {
    this.#rows = rows;
    this.#table.setAttribute("aria-rowcount", String(rows.length + 1));
    this.#draw(true);
  }

  /** Draws the rows in sight anew: what they show has changed. */
  refresh(): void {
    this.#draw(true);
  }

  /** Scrolls a row into sight; with `anew`, what the rows show has changed as well (they are drawn once, not twice). */
  reveal(index: number, anew = false): void {
    const { scrollTop, clientHeight } = this.element;
    const at = index * ROW;
    if (at < scrollTop || at > scrollTop + clientHeight - 3 * ROW)
      this.element.scrollTop = Math.max(0, at - clientHeight / 3);
    this.#draw(anew);
  }

  #draw(anew = false): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - MARGIN_ROWS);
    const last = Math.min(this.#rows.length, Math.ceil((scrollTop + (clientHeight || 600)) / ROW) + MARGIN_ROWS);
    if (!anew && first === this.#first && last === this.#last) return;
    this.#first = first;
    this.#last = last;
    const spacer = (rows: number) =>
      rows > 0 &&
      h(
        "tr",
        { class: "spacer", "aria-hidden": "true" },
        spaced(h("td", { colspan: this.#columns.length }), rows * ROW),
      );
    fill(
      this.#body,
      spacer(first),
      this.#rows.slice(first, last).map((row, i) =>
        h(
          "tr",
          { class: this.#classOf(row), "aria-rowindex": first + i + 2 },
          this.#columns.map((column) => h("td", { class: column.class ?? "" }, column.cell(row))),
        ),
      ),
      spacer(this.#rows.length - last),
    );
  }
}

function spaced(cell: HTMLTableCellElement, heightPx: number): HTMLTableCellElement {
  cell.style.height = `${heightPx}px`;
  return cell;
}
