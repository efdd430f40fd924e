import { type Child, h } from "./dom.js";

/**
 * A part that is made when a reader unfolds it. `part` names it among its neighbours, whatever its summary counts, so that
 * it stays unfolded while the same is told anew.
 */
export function folded(part: string, summary: string, content: () => Child | readonly Child[]): HTMLDetailsElement {
  const details = h("details", { "data-part": part }, h("summary", {}, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(h("div", {}, content()));
  });
  return details;
}

/** The names of the parts of an element that are unfolded. */
export function unfoldedIn(element: Element): ReadonlySet<string> {
  return new Set([...element.querySelectorAll<HTMLElement>("details[open]")].map((part) => part.dataset["part"] ?? ""));
}

export function unfold(element: Element, parts: ReadonlySet<string>): void {
  for (const details of element.querySelectorAll("details")) {
    if (!parts.has(details.dataset["part"] ?? "")) continue;
    details.open = true;
    // The browser tells of it later, and a reader would see it empty until then.
    details.dispatchEvent(new Event("toggle"));
  }
}
