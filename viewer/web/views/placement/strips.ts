import type { App } from "../../app.js";
import type { RunView } from "../../data/run-view.js";
import { lookOf } from "../../data/tone.js";
import { fill, h } from "../../ui/dom.js";
import { glyph } from "../../ui/glyph.js";
import { thingChip } from "../../ui/things.js";
import type { Live } from "./live.js";

const CHIPS_MAX = 60;
/** So many are shown before a reader asks for all: the tables below are what this view is for. */
const CHIPS_FIRST = 10;
const CHIPS_FIRST_NARROW = 4;
const NARROW = "(max-width: 760px)";

/** Who is out now: journeys and services, the troubled first in sight. */
export function servedStrip(place: HTMLElement, view: RunView, app: App): Live {
  const names = view.served;
  /** Kinds of which a reader wants to see all. */
  const whole = new Set<string>();
  let shown = "";
  const strip: Live = {
    refresh(atMs) {
      const states = names.map((subject) => view.stateAt(subject, atMs) ?? "served");
      const isNarrow = matchMedia(NARROW).matches;
      const key = `${isNarrow} ${states.join()}`;
      if (key === shown) return;
      shown = key;
      const troubled = names
        .map((subject, i) => ({ subject, state: states[i]! }))
        .filter(({ state }) => state !== "served");
      troubled.sort((a, b) => Number(b.state === "not-served") - Number(a.state === "not-served"));
      const out = troubled.filter(({ state }) => state === "not-served").length;
      const headline =
        names.length === 0
          ? "No services are described"
          : out > 0
            ? `${out} of ${names.length} services and journeys out`
            : troubled.length > 0
              ? `All answer, ${troubled.length} in part or slowly`
              : names.length === 1
                ? `${names[0]} is served`
                : `All ${names.length} services and journeys are served`;
      fill(
        place,
        h("h2", { class: out > 0 ? "bad" : "" }, glyph(lookOf(out > 0 ? "not-served" : "served")), headline),
        ["journey", "service"].map((kind) => {
          const those = troubled.filter(({ subject }) => subject.startsWith(`${kind}/`)).slice(0, CHIPS_MAX);
          if (those.length === 0) return undefined;
          const first = isNarrow ? CHIPS_FIRST_NARROW : CHIPS_FIRST;
          const more = whole.has(kind) || those.length <= first + 1 ? 0 : those.length - first;
          const chips = those
            .slice(0, those.length - more)
            .map(({ subject, state }) => h("li", {}, servedChip(app, subject, state)));
          const showAll = () => {
            whole.add(kind);
            shown = "";
            strip.refresh(app.state.at);
          };
          const all =
            more > 0 && h("li", {}, h("button", { class: "chip more", onclick: showAll }, `and ${more} more`));
          return h("div", { class: "kind-chips" }, h("h3", {}, `${kind}s`), h("ul", { class: "chips" }, chips, all));
        }),
      );
    },
  };
  return strip;
}

/** The headline says that they are out: a chip says no more than who. */
function servedChip(app: App, subject: string, state: string): HTMLElement {
  return thingChip(
    app,
    subject,
    state === "not-served" ? "" : state,
    undefined,
    subject.slice(subject.indexOf("/") + 1),
  );
}

/** What else changed: power, links, units, addresses. */
export function changedStrip(place: HTMLElement, view: RunView, app: App): Live {
  let shown = "";
  return {
    refresh(atMs) {
      const found = view.changedAt(atMs).filter(({ subject }) => !/^(service|journey|resource)\//.test(subject));
      const key = found.map(({ subject, state }) => `${subject} ${state}`).join();
      if (key === shown && shown !== "") return;
      shown = key;
      const more = found.length - CHIPS_MAX;
      fill(
        place,
        h(
          "h2",
          {},
          found.length === 0
            ? "Everything else is as it was at the start"
            : `${found.length} other things are not as they were`,
        ),
        h(
          "ul",
          { class: "chips" },
          found.slice(0, CHIPS_MAX).map(({ subject, state, was }) => h("li", {}, thingChip(app, subject, state, was))),
          more > 0 && h("li", { class: "quiet" }, `and ${more} more`),
        ),
      );
    },
  };
}

/** What the shapes mean. */
export function legend(): HTMLElement {
  const entry = (shape: Parameters<typeof glyph>[0]["shape"], tone: "good" | "bad" | "busy" | "idle", text: string) =>
    h("li", {}, glyph({ shape, tone }), text);
  return h(
    "ul",
    { class: "legend", "aria-label": "Legend" },
    entry("filled", "good", "started"),
    entry("diamond", "good", "promoted"),
    entry("ring", "good", "unpromoted"),
    entry("half", "busy", "changing"),
    entry("cross", "bad", "failed or lost"),
    entry("barred", "idle", "kept off (ban, failures)"),
    entry("dash", "idle", "stopped"),
  );
}
