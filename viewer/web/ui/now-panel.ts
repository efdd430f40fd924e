import { momentText } from "../../text/duration.js";
import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import { tellingEntry } from "../data/telling.js";
import { lookOf, placeLook } from "../data/tone.js";
import { chainList, entryText } from "./chain.js";
import { fill, h, shortName } from "./dom.js";
import { folded } from "./folded.js";
import { glyph } from "./glyph.js";
import type { Panel } from "./inspector.js";
import { momentButton } from "./things.js";

const TOLD_MAX = 40;

/** What it is, since when, because of what; and all that was told of it. */
export const nowPanel: Panel = {
  id: "now",
  title: "Now",
  applies: (_app, _view, thing) => thing !== "",
  draw(place, app, view, thing) {
    const { at, entry } = app.state;
    const state = stateText(view, thing, at);
    const look = state.look;
    const told = view.causes.of(thing).filter((one) => one.atMs >= 0);
    const last = told.findLast((one) => one.atMs <= at);
    const since = view.changeAt(thing, at) ?? last;
    const root = tellingEntry(view, app.state);
    fill(
      place,
      h(
        "p",
        { class: `state ${look.tone}` },
        glyph(look),
        h("b", {}, shortName(state.text, 120)),
        h("span", { class: "quiet" }, since ? ` since ${momentText(since.atMs)}` : " as at the start"),
      ),
      root &&
        h(
          "section",
          {},
          h("h3", {}, entry > 0 ? "The chain that led to the event selected" : "Because"),
          chainList(app, view.causes.backFrom(root.id), root.id),
        ),
      root && effects(app, view, root.id),
      told.length > 0 && history(app, told, at),
    );
  },
};

function stateText(view: RunView, thing: string, at: number) {
  const placed = /^resource\/([^/]+)\/(.+)@([^@]+)$/.exec(thing);
  if (placed) {
    const [, cluster, resource, node] = placed as unknown as [string, string, string, string];
    const isUp = view.stateAt(`node/${node}`, at) === "up";
    const look = placeLook(view.placeAt(cluster, resource, node, at), false, isUp);
    return { text: look.text, look };
  }
  const whole = /^resource\/([^/]+)\/(.+)$/.exec(thing);
  if (whole) {
    const [, cluster, resource] = whole as unknown as [string, string, string];
    const nodes = view.cluster(cluster)?.nodes ?? [];
    const on = nodes.filter((node) => (view.placeAt(cluster, resource, node, at)?.role ?? "Stopped") !== "Stopped");
    const text = on.length > 0 ? `on ${on.join(", ")}` : "nowhere";
    return { text, look: lookOf(on.length > 0 ? "started" : "failed") };
  }
  const state = view.stateAt(thing, at);
  return { text: state ?? "no state of its own", look: lookOf(state ?? "none") };
}

function effects(app: App, view: RunView, id: number): HTMLElement | undefined {
  const led = view.causes.forwardFrom(id);
  if (led.length === 0) return undefined;
  return folded("effects", `It led to ${led.length} ${led.length === 1 ? "thing" : "things"}`, () => [
    chainList(app, led.slice(0, TOLD_MAX)),
    led.length > TOLD_MAX && h("p", { class: "quiet" }, `and ${led.length - TOLD_MAX} more`),
  ]);
}

function history(app: App, told: readonly Parameters<typeof entryText>[0][], at: number): HTMLElement {
  const line = (one: (typeof told)[number]) =>
    h(
      "li",
      { class: one.atMs > at ? "later" : "" },
      momentButton(app, one.atMs, momentText(one.atMs)),
      entryText(one, false),
    );
  return folded("history", `All that was told of it (${told.length})`, () =>
    h("ol", { class: "told" }, told.slice(-TOLD_MAX).map(line)),
  );
}
