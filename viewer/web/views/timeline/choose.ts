import type { App } from "../../app.js";
import { FAULTS } from "../../data/lanes.js";
import type { RunView } from "../../data/run-view.js";
import { STEPS } from "../../data/runbook-steps.js";
import type { Row } from "./rows.js";

type LaneRow = Extract<Row, { kind: "lane" }>;

/** A row by its name: the thing that it is of; of a promise that broke, the moment as well. */
export function chooseRow(app: App, view: RunView, row: Row): void {
  if (row.kind === "promise") {
    const { entry, atMs, status } = row.strip.promise;
    const found = entry === undefined ? undefined : view.causes.entry(entry);
    app.store.set({
      thing: row.key,
      entry: found?.id ?? 0,
      ...(atMs !== undefined && status === "broken" && { at: atMs, playing: false }),
    });
    return;
  }
  const { subject } = row.lane;
  if (subject === STEPS) app.store.set({ panel: "runbook" });
  else app.select(subject === FAULTS ? (view.faults[0]?.subject ?? "") : subject);
}

/** A bar of a lane: what it is of, and the change that began it. */
export function chooseBar(app: App, view: RunView, { lane: { subject } }: LaneRow, fromMs: number): void {
  if (subject === STEPS) app.store.set({ panel: "runbook" });
  else app.store.set({ thing: subject, entry: view.changeAt(subject, fromMs)?.entry ?? 0 });
}

/** An entry by its mark or by an arrow: its moment and its thing. */
export function chooseEntry(app: App, view: RunView, id: number): boolean {
  const found = id > 0 ? view.causes.entry(id) : undefined;
  if (found) app.store.set({ at: Math.max(0, found.atMs), thing: found.subject, entry: found.id, playing: false });
  return found !== undefined;
}

/** The next event of a lane after the one chosen, or after the moment; the one before where `by` is -1. */
export function chooseNext(app: App, view: RunView, { lane: { subject } }: LaneRow, by: number): void {
  const told = subject === FAULTS ? view.faults : view.causes.of(subject).filter(({ atMs }) => atMs >= 0);
  const { at, entry } = app.state;
  const here = told.findIndex(({ id }) => id === entry);
  const next =
    here >= 0
      ? told[here + by]
      : by > 0
        ? told.find(({ atMs }) => atMs >= at)
        : told.findLast(({ atMs }) => atMs <= at);
  if (next) chooseEntry(app, view, next.id);
}

/** Keeps a lane at the top, or lets it go. */
export function pin(app: App, subject: string): void {
  const { pins } = app.state;
  app.store.set({ pins: pins.includes(subject) ? pins.filter((one) => one !== subject) : [...pins, subject] });
}
