import type { Preview } from "../../../page/live-data.js";
import { durationText, momentText } from "../../../text/duration.js";
import { outageTexts } from "../../../text/outages.js";
import { entryText } from "../chain.js";
import { h, name } from "../dom.js";
import { folded } from "../folded.js";

const FIRST_MAX = 8;
const BROKEN_MAX = 5;

/** What steps would lead to, before they are made. */
export function previewText({ outagesMs, recoveryMs, broken, first, events }: Preview): HTMLElement {
  const felt = outageTexts(outagesMs);
  return h(
    "div",
    { class: "preview", role: "status" },
    h("h3", {}, "Preview"),
    h("p", {}, felt.length > 0 ? `Out: ${felt.join("; ")}` : "Nobody would notice"),
    recoveryMs !== undefined && recoveryMs > 0 && h("p", {}, `Recovered after ${durationText(recoveryMs)}`),
    broken.length > 0 && h("p", { class: "grew" }, `Broken: ${broken.slice(0, BROKEN_MAX).join(", ")}`),
    folded("preview", `${events} events; the first`, () =>
      h(
        "ol",
        { class: "told" },
        first
          .slice(0, FIRST_MAX)
          .map((entry) =>
            h("li", {}, h("span", { class: "num quiet" }, momentText(entry.atMs)), name(entryText(entry))),
          ),
      ),
    ),
  );
}
