import type { TraceEntry } from "../../../model/kernel/index.js";
import type { RunView } from "./run-view.js";
import { storyOf } from "./story.js";

/**
 * The entry whose causes are told: the one chosen; else what brought the selected thing to its state; else, with nothing
 * selected, what ended the outage that lasted longest.
 */
export function tellingEntry(
  view: RunView,
  { thing, entry, at }: { readonly thing: string; readonly entry: number; readonly at: number },
): TraceEntry | undefined {
  if (entry > 0) return view.causes.entry(entry);
  if (thing === "") return storyOf(view).turn?.entry;
  const change = view.changeAt(thing, at);
  return change
    ? view.causes.entry(change.entry)
    : view.causes.of(thing).findLast((one) => one.atMs >= 0 && one.atMs <= at);
}
