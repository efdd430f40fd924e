import type { TraceEntry } from "../../../model/kernel/index.js";
import type { PlaceData } from "../../page/page-data.js";
import type { Outage, RunView } from "./run-view.js";
import { push } from "./tracks.js";

/** Those who were out from one moment to another. */
export interface Felt {
  readonly subjects: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly open: boolean;
}

/** Resources that went from one place to another together. Nodes; none: it ran, or runs, nowhere. */
export interface Move {
  readonly cluster: string;
  readonly resources: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What a run comes down to, for somebody who sees it for the first time. */
export interface Story {
  /** Longest first. */
  readonly felt: readonly Felt[];
  /** What ended the last outage, or began the one that never ended. */
  readonly turn: { readonly outage: Outage; readonly entry: TraceEntry } | undefined;
  /** Between the start and the end. */
  readonly moved: readonly Move[];
}

const remembered = new WeakMap<RunView, Story>();

export function storyOf(view: RunView): Story {
  let story = remembered.get(view);
  if (!story) {
    story = { felt: feltIn(view), turn: turnOf(view), moved: movesIn(view) };
    remembered.set(view, story);
  }
  return story;
}

function feltIn({ outages }: RunView): readonly Felt[] {
  const groups = new Map<string, Outage[]>();
  for (const outage of outages) push(groups, `${outage.fromMs} ${outage.toMs} ${outage.open}`, outage);
  const felt = [...groups.values()].map((group): Felt => {
    const { fromMs, toMs, open } = group[0]!;
    return { subjects: group.map(({ subject }) => subject).sort(byKind), fromMs, toMs, open };
  });
  return felt.sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs) || a.fromMs - b.fromMs);
}

/** People before the services that they use. */
function byKind(a: string, b: string): number {
  const rank = (subject: string) => (subject.startsWith("journey/") ? 0 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function turnOf(view: RunView): Story["turn"] {
  const last = [...view.outages].sort(
    (a, b) => Number(b.open) - Number(a.open) || byKind(a.subject, b.subject) || b.toMs - a.toMs,
  );
  const open = last.find((outage) => outage.open);
  const outage = open ?? last.sort((a, b) => b.toMs - a.toMs || byKind(a.subject, b.subject))[0];
  if (!outage) return undefined;
  const atMs = outage.open ? outage.fromMs : outage.toMs;
  const state = view
    .statesOf(outage.subject)
    .find((one) => one.atMs === atMs && (one.state === "not-served") === outage.open);
  const entry = state && view.causes.entry(state.entry);
  return entry && { outage, entry };
}

function movesIn(view: RunView): readonly Move[] {
  const isOn = (place: PlaceData | undefined) =>
    place !== undefined && place.role !== "Stopped" && place.active !== false;
  const atStart = new Map<string, string[]>();
  for (const place of view.ground.places)
    if (isOn(place)) push(atStart, `${place.cluster}/${place.resource}`, place.node);
  const groups = new Map<string, { cluster: string; resources: string[]; from: string[]; to: string[] }>();
  for (const { id: cluster, nodes, resources } of view.ground.clusters)
    for (const { id } of resources) {
      const from = nodes.filter((node) => atStart.get(`${cluster}/${id}`)?.includes(node));
      const to = nodes.filter((node) => isOn(view.placeAt(cluster, id, node, view.run.endMs)));
      if (from.join() === to.join()) continue;
      const key = `${cluster} ${from} ${to}`;
      const group = groups.get(key) ?? { cluster, resources: [], from, to };
      group.resources.push(id);
      groups.set(key, group);
    }
  return [...groups.values()];
}
