import type { RunView } from "./run-view.js";
import { type Look, placeLook } from "./tone.js";
import { lastAt } from "./tracks.js";

/** How a resource stands on a node at a moment: what is under way there, else what is believed and what is so. */
export function placementLook(view: RunView, cluster: string, resource: string, node: string, atMs: number): Look {
  const pending = pendingAt(view, `resource/${cluster}/${resource}@${node}`, atMs);
  if (pending !== undefined) return { shape: "half", tone: "busy", text: pending };
  const isUp = view.stateAt(`node/${node}`, atMs) === "up";
  const place = view.placeAt(cluster, resource, node, atMs);
  return placeLook(place, isKeptOff(view, cluster, resource, node, atMs), isUp);
}

/** What is to be said of a node: its power, what its cluster says of it, and its fencing. */
export function nodeSays(view: RunView, cluster: string, node: string, atMs: number) {
  const state = view.stateAt(`node/${node}`, atMs) ?? "unknown";
  const fence = fenceAt(view, `node/${node}`, atMs);
  const said = [...view.wordsAt(cluster, node, atMs), ...(fence ? [fence] : [])];
  return { state, said, isTrouble: state !== "up" || said.some((word) => TROUBLE.test(word)) };
}

const TROUBLE = /unclean|fenc|not a member|no quorum|cluster stopped/;

/** Being fenced, or just fenced: between the request and the node's being up again. */
function fenceAt(view: RunView, subject: string, atMs: number): string {
  const all = view.causes.of(subject);
  const told = all.slice(0, lastAt(all, atMs) + 1).findLast(({ kind }) => kind === "fence");
  if (!told) return "";
  if (told.what === "fence-requested") return "being fenced";
  if (told.what === "fenced") return view.stateAt(subject, atMs) === "up" ? "" : "fenced";
  return told.what;
}

const WORDS: Readonly<Record<string, string>> = {
  start: "starting",
  stop: "stopping",
  promote: "promoting",
  demote: "demoting",
};

/** An operation is told when it ends, with how long it took: it was under way for as long before. */
function pendingAt(view: RunView, subject: string, atMs: number): string | undefined {
  const told = view.causes.of(subject);
  for (let i = lastAt(told, atMs) + 1; i < told.length; i++) {
    const { kind, atMs: endMs, data } = told[i]!;
    if (kind !== "action") continue;
    const { operation, execTimeMs } = (data ?? {}) as { operation?: string; execTimeMs?: number };
    if (endMs - (execTimeMs ?? 0) > atMs) return undefined;
    return operation === undefined ? undefined : WORDS[operation];
  }
  return undefined;
}

/** A ban, or failures that count as one, as the last decision had them. */
function isKeptOff(view: RunView, cluster: string, resource: string, node: string, atMs: number): boolean {
  const decision = view.decisionAt(cluster, atMs);
  return (
    decision?.reasons.some(
      (reason) =>
        reason.score <= -1_000_000 && reason.node === node && reason.instance.replace(/:\d+$/, "") === resource,
    ) ?? false
  );
}
