import type { App } from "../app.js";
import { lookOf } from "../data/tone.js";
import { h, name, shortName } from "./dom.js";
import { glyph } from "./glyph.js";

/** A thing and its state, to be chosen. An empty state is a service that is out, where that was said already. */
export function thingChip(app: App, subject: string, state: string, was?: string, called = subject): HTMLElement {
  const look = lookOf(state === "" ? "not-served" : state);
  return h(
    "button",
    { class: `chip ${look.tone}`, "data-thing": subject, onclick: () => app.select(subject) },
    glyph(look),
    name(called),
    state !== "" && h("small", {}, shortName(was === undefined ? state : `${state} (was ${was})`, 80)),
  );
}

/** A button that goes to a moment. */
export function momentButton(app: App, atMs: number, text: string): HTMLElement {
  return h(
    "button",
    { class: "moment", onclick: () => app.store.set({ at: Math.max(0, atMs), playing: false }) },
    text,
  );
}
