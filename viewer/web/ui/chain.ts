import type { TraceEntry } from "../../../model/kernel/index.js";
import { durationText, momentText } from "../../text/duration.js";
import type { App } from "../app.js";
import { h, shortName } from "./dom.js";

const TEXT_MAX = 400;

/** An entry as a sentence. */
export function entryText(entry: TraceEntry, withSubject = true): string {
  const { kind, subject, what, from, to, text } = entry;
  const change = to === undefined || from === undefined ? "" : ` (${from} → ${to})`;
  const told = text === undefined ? "" : `. ${text}`;
  const done = kind === "fault" || kind === "heal" || kind === "operator" ? `${kind}: ` : "";
  return shortName(`${withSubject ? `${subject}: ` : ""}${done}${what}${change}${told}`, TEXT_MAX);
}

/** A wait that takes such a share of a whole chain is what the chain waited for. */
const LONG_SHARE = 0.2;

/** A chain of causes, the root first; each step leads to its moment, and what took longest stands out. */
export function chainList(app: App, chain: readonly TraceEntry[], current = 0): HTMLElement {
  const wholeMs = (chain.at(-1)?.atMs ?? 0) - (chain[0]?.atMs ?? 0);
  return h(
    "ol",
    { class: "chain" },
    chain.map((entry, i) => {
      const before = chain[i - 1];
      const laterMs = before ? entry.atMs - before.atMs : 0;
      return h(
        "li",
        { class: `${entry.kind} ${entry.id === current ? "is-current" : ""}` },
        h(
          "button",
          {
            onclick: () =>
              app.store.set({ at: Math.max(0, entry.atMs), entry: entry.id, thing: entry.subject, playing: false }),
          },
          h(
            "time",
            {},
            momentText(entry.atMs),
            laterMs > 0 &&
              h("small", { class: laterMs >= wholeMs * LONG_SHARE ? "long-wait" : "" }, `+${durationText(laterMs)}`),
          ),
          h("span", { dir: "auto" }, entryText(entry)),
        ),
      );
    }),
  );
}
