import { durationText, momentText } from "../../../text/duration.js";
import type { App } from "../../app.js";
import { h, name } from "../../ui/dom.js";
import { LongTable } from "../../ui/table.js";
import type { Row } from "./rows.js";

/** A stretch of a lane: what something was from one moment to another. */
export interface Stretch {
  readonly subject: string;
  readonly title: string;
  readonly state: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The lanes as a table: every stretch of each, for readers of tables and of screens. */
export function stretchTable(app: App): LongTable<Stretch> {
  const go = (stretch: Stretch) =>
    app.store.set({ at: stretch.fromMs, thing: stretch.subject, entry: 0, playing: false });
  return new LongTable<Stretch>("The timeline as a table", [
    {
      title: "thing",
      class: "col-thing",
      cell: (row) => h("button", { class: "plain", onclick: () => go(row) }, name(row.title)),
    },
    { title: "was", cell: ({ state }) => name(state) },
    { title: "from", class: "col-at num", cell: ({ fromMs }) => momentText(fromMs) },
    { title: "to", class: "col-at num", cell: ({ toMs }) => momentText(toMs) },
    { title: "for", class: "col-at num", cell: ({ fromMs, toMs }) => durationText(toMs - fromMs) },
  ]);
}

export function stretchesOf(rows: readonly Row[]): readonly Stretch[] {
  return rows.flatMap((row): Stretch[] => {
    const alike = row.kind === "lane" ? row.lane.others : row.others;
    const title = alike.length > 0 ? `${row.title} +${alike.length}` : row.title;
    if (row.kind === "promise")
      return row.strip.spans.map(({ standing, ...span }) => ({
        subject: row.key,
        title: `promise ${title}`,
        state: standing,
        ...span,
      }));
    const { subject, segments, marks } = row.lane;
    const stretches = segments.map(({ label, fromMs, toMs }) => ({ subject, title, state: label, fromMs, toMs }));
    const told = marks.map(({ label, atMs }) => ({ subject, title, state: label, fromMs: atMs, toMs: atMs }));
    return [...stretches, ...told].sort((a, b) => a.fromMs - b.fromMs);
  });
}
