import { durationText } from "../../../text/duration.js";
import type { Comparison } from "../../data/compare.js";
import { h, name, shortName } from "../../ui/dom.js";

export function delta(aMs: number, bMs: number): HTMLElement {
  const by = bMs - aMs;
  if (by === 0) return h("span", { class: "quiet" }, " the same");
  return h(
    "span",
    { class: by > 0 ? "grew" : "shrank" },
    ` B ${by > 0 ? "▲ longer" : "▼ shorter"} by ${durationText(Math.abs(by))}`,
  );
}

export function table(heads: readonly string[], rows: readonly (readonly (Node | string)[])[]): HTMLElement {
  return h(
    "table",
    { class: "card" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((head) => h("th", { scope: "col" }, head)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) =>
        h(
          "tr",
          {},
          row.map((cell) => h("td", {}, cell)),
        ),
      ),
    ),
  );
}

/** What differs, in figures: outages and promises. */
export function tables({ outages, promises }: Comparison): HTMLElement {
  const part = (label: string, heads: readonly string[], rows: readonly (readonly (Node | string)[])[]) =>
    h(
      "section",
      {},
      h("h2", {}, label),
      rows.length === 0
        ? h("p", { class: "quiet" }, "None differs.")
        : h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table(heads, rows)),
    );
  return h(
    "div",
    { class: "diff" },
    part(
      "Outages that differ",
      ["who", "A", "B", ""],
      alike(outages).map(({ subjects, aMs, bMs }) => [
        h(
          "span",
          { title: shortName(subjects.join(", ")) },
          name(subjects[0]!),
          subjects.length > 1 ? ` +${subjects.length - 1}` : "",
        ),
        h("span", { class: "num" }, durationText(aMs)),
        h("span", { class: "num" }, durationText(bMs)),
        delta(aMs, bMs),
      ]),
    ),
    part(
      "Promises that differ",
      ["promise", "A", "B"],
      promises.map((one) => [name(one.name), one.a, one.b]),
    ),
  );
}

/** Who was out equally long in both, told together. */
function alike(outages: Comparison["outages"]) {
  const groups = new Map<string, { subjects: string[]; aMs: number; bMs: number }>();
  for (const { subject, aMs, bMs } of outages) {
    const group = groups.get(`${aMs} ${bMs}`) ?? { subjects: [], aMs, bMs };
    group.subjects.push(subject);
    groups.set(`${aMs} ${bMs}`, group);
  }
  return [...groups.values()];
}
