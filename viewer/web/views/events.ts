import type { TraceEntry } from "../../../model/kernel/index.js";
import { momentText } from "../../text/duration.js";
import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import { lastAt } from "../data/tracks.js";
import { entryText } from "../ui/chain.js";
import { fill, h, name } from "../ui/dom.js";
import { LongTable } from "../ui/table.js";
import type { Mounted, View } from "./view.js";

/** The timeline as a table: every event of the trace with its cause, however many there are. */
export const eventsView: View = { id: "events", title: "Events", key: "e", mount };

function mount(place: HTMLElement, app: App): Mounted {
  let view: RunView | undefined;
  let shown: readonly TraceEntry[] = [];
  const go = (entry: TraceEntry) =>
    app.store.set({ at: Math.max(0, entry.atMs), entry: entry.id, thing: entry.subject, playing: false });
  const cause = (entry: TraceEntry) => {
    const found = view?.causes.entry(entry.cause);
    return found ? h("button", { class: "plain num", onclick: () => go(found) }, `#${found.id}`) : "";
  };
  const table = new LongTable<TraceEntry>(
    "Events",
    [
      {
        title: "at",
        class: "col-at num",
        cell: (entry) => h("button", { class: "plain num", onclick: () => go(entry) }, momentText(entry.atMs)),
      },
      { title: "kind", class: "col-kind", cell: ({ kind }) => kind },
      {
        title: "thing",
        class: "col-thing",
        cell: ({ subject }) => h("button", { class: "plain", onclick: () => app.select(subject) }, name(subject)),
      },
      { title: "what", cell: (entry) => name(entryText(entry, false)) },
      { title: "because of", class: "col-cause num", cell: cause },
    ],
    (entry) => (entry.id === app.state.entry ? "is-selected" : entry.atMs > app.state.at ? "later" : ""),
  );
  const search = h("input", {
    type: "search",
    placeholder: "find events",
    "aria-label": "Find events",
    oninput: filter,
  });
  const count = h("p", { class: "quiet", role: "status" });
  function filter() {
    if (!view) return;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = view.run.trace.filter((entry) => {
      const text = `${entry.kind} ${entry.subject} ${entry.what} ${entry.text ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    fill(count, `${shown.length} of ${view.run.trace.length} events`);
    table.rows(shown);
    table.reveal(Math.max(0, lastAt(shown, app.state.at)));
  }
  fill(place, h("div", { class: "events" }, h("div", { class: "bar" }, search, count), table.element));
  return {
    run(next) {
      view = next;
      filter();
    },
    update(state, changed) {
      if (!changed.has("at") && !changed.has("entry")) return;
      table.reveal(Math.max(0, lastAt(shown, state.at)), true);
    },
  };
}
