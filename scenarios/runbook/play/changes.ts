import type { TraceEntry } from "../../../model/kernel/index.js";
import type { WorldHandle } from "../../shell/world-handle.js";

const CHANGES_MAX = 8;

/** What came about on a step's account, told once each: resources, nodes, services, addresses, files. */
export function changesOf(handle: WorldHandle, step: number): readonly string[] {
  const told = new Set<string>();
  const journeys = new Map<string, Set<string>>();
  for (const entry of handle.trace) {
    if (handle.stepOf(entry.id) !== step) continue;
    if (entry.kind === "service" && entry.subject.startsWith("journey/"))
      journeys.set(entry.what, (journeys.get(entry.what) ?? new Set()).add(entry.subject));
    const text = told.size <= CHANGES_MAX ? changeText(entry) : undefined;
    if (text !== undefined) told.add(text);
  }
  const all = [...told, ...[...journeys].map(([what, which]) => journeysText(which, what))];
  return all.length > CHANGES_MAX ? [...all.slice(0, CHANGES_MAX - 1), "and more"] : all;
}

/** One by its name, several by their number: users all feel the same. */
function journeysText(which: ReadonlySet<string>, what: string): string {
  const [first] = which;
  return which.size === 1 ? `${first} ${what}` : `${which.size} journeys ${what}`;
}

function changeText({ kind, subject, what, to, text }: TraceEntry): string | undefined {
  switch (kind) {
    case "action":
      return / (ok|failed|timed out)/.test(` ${what}`) && subject.startsWith("resource/")
        ? `${subject.slice("resource/".length)} ${what}`
        : undefined;
    case "fence":
      return what === "fenced" || what === "fence-failed" ? (text ?? `${subject} ${what}`) : undefined;
    case "state":
      return /^(node|mount|mysqld|address|datadir|database|haproxy)\//.test(subject) && to !== undefined
        ? `${subject} → ${to}`
        : undefined;
    case "operator":
      return subject.startsWith("file/") ? `${subject} ${what}` : undefined;
    default:
      return undefined;
  }
}
