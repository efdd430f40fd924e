/** Something that is to stand in the drawing. */
export interface Wanted {
  readonly key: string;
  /** The same while it is the same kind of drawing: what becomes another comes before all else, so that it covers nothing. */
  readonly form: string;
  /** The same while it looks the same. */
  readonly look: string;
  readonly group: SVGGElement;
  make(): SVGElement;
}

/**
 * Elements kept by key: what looks as it did stays, what is gone is taken away at once, and the rest is made in slices of
 * time, so that no frame waits for it. What is not there at all is made before what only looks otherwise.
 */
export class Kept {
  readonly #drawn = new Map<string, { readonly form: string; readonly look: string; readonly element: SVGElement }>();
  #waiting: Wanted[] = [];

  want(list: readonly Wanted[]): void {
    const keys = new Set(list.map(({ key }) => key));
    for (const [key, { element }] of this.#drawn) {
      if (keys.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
    const absent: Wanted[] = [];
    const changed: Wanted[] = [];
    const reformed: Wanted[] = [];
    for (const one of list) {
      const drawn = this.#drawn.get(one.key);
      if (!drawn) absent.push(one);
      else if (drawn.form !== one.form) reformed.push(one);
      else if (drawn.look !== one.look) changed.push(one);
    }
    this.#waiting = [...reformed, ...absent, ...changed].reverse();
  }

  /** Makes what is waiting until a moment of `performance.now()`; true once nothing waits. */
  work(untilMs: number): boolean {
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      this.#place(next);
      if (performance.now() >= untilMs) break;
    }
    return this.#waiting.length === 0;
  }

  element(key: string): SVGElement | undefined {
    return this.#drawn.get(key)?.element;
  }

  #place({ key, form, look, group, make }: Wanted): void {
    const before = this.#drawn.get(key)?.element;
    const element = make();
    this.#drawn.set(key, { form, look, element });
    if (before?.parentNode !== group) {
      before?.remove();
      group.append(element);
      return;
    }
    // Whoever had reached it by keyboard stays on it.
    const isFocused = before === document.activeElement;
    const order = before.getAttribute("tabindex");
    if (order !== null) element.setAttribute("tabindex", order);
    before.replaceWith(element);
    if (isFocused) element.focus({ preventScroll: true });
  }
}
