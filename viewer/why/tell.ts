import type { TraceEntry } from "../../model/kernel/index.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";

/** One entry as a line for people: `0:00:41.250  node/mysql1: fenced (unclean → off). By mysql2 through vCenter`. */
export function entryLine(entry: TraceEntry): string {
  const change = entry.to === undefined ? "" : ` (${entry.from ?? "?"} → ${entry.to})`;
  const kind = entry.kind === "fault" || entry.kind === "heal" || entry.kind === "operator" ? `${entry.kind} ` : "";
  return escapeTerminal(
    `${momentText(entry.atMs)}  ${kind}${entry.subject}: ${entry.what}${change}${entry.text ? `. ${tidy(entry.text)}` : ""}`,
  );
}

/** A scheduler's summary is laid out in columns; here it stands in a line. */
function tidy(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/(^ ?|; )\* /g, "$1")
    .replaceAll(/\( ([^()]*) \)/g, "($1)")
    .trim();
}

/**
 * A chain of causes as lines, root first, each with the time since the one before. Long chains keep their beginning
 * and their end.
 */
export function chainLines(chain: readonly TraceEntry[], linesMax = 14): string[] {
  const line = (entry: TraceEntry, i: number) => {
    const before = chain[i - 1];
    const later = before && entry.atMs > before.atMs ? `  +${durationText(entry.atMs - before.atMs)}` : "";
    return `${i === 0 ? "" : "→ "}${entryLine(entry)}${later}`;
  };
  if (chain.length <= linesMax) return chain.map(line);
  const head = Math.floor(linesMax / 2);
  const tail = linesMax - head - 1;
  return [
    ...chain.slice(0, head).map((entry, i) => line(entry, i)),
    `→ … ${chain.length - head - tail} steps between …`,
    ...chain.slice(-tail).map((entry, i) => line(entry, chain.length - tail + i)),
  ];
}
