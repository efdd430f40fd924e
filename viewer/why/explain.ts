import type { TraceEntry, World } from "../../model/kernel/index.js";
import type { Hop } from "../../model/twin/parts.js";
import type { Twin } from "../../model/twin/twin.js";
import { momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import type { CauseGraph } from "./chain.js";
import { hopLines } from "./hops.js";
import { chainLines } from "./tell.js";

/** A twin standing still at a moment. */
export interface Standstill {
  readonly twin: Twin;
  readonly world: World;
  /** Virtual time of the world at the start of the timeline. */
  readonly startMs: number;
}

export interface Explanation {
  readonly subject: string;
  readonly atMs: number;
  readonly lines: readonly string[];
}

/**
 * Why a service or journey is as it is: its path hop by hop, each with its state and since when, and from the hop that
 * fails the chain of causes back to the fault.
 */
export function explainService(
  subject: string,
  atMs: number,
  graph: CauseGraph,
  { twin, world, startMs }: Standstill,
  everyHop = false,
): Explanation {
  const { services } = twin;
  const path = services.path(world, subject);
  const state = services.state(world, subject);
  const lines = [`${subject} at ${momentText(atMs)}: ${state}${path.ok ? "" : ` (${path.failure ?? "error"})`}`, ""];
  const entryOf = (hop: Hop): TraceEntry | undefined => (hop.cell ? graph.entry(world.causeOf(hop.cell)) : undefined);
  lines.push(...hopLines(path.hops, (hop) => hopLine(hop, entryOf(hop), startMs), everyHop));
  const failing = path.hops.filter((hop) => !hop.ok);
  // The last failing hop is the deepest: what the others wait for.
  const root = failing.findLast((hop) => entryOf(hop) !== undefined);
  const cause = (root && entryOf(root)) ?? (failing.length > 0 ? graph.lastOf(subject, atMs) : undefined);
  if (cause) lines.push("", "because", ...indent(chainLines(graph.backFrom(cause.id))));
  else if (failing.length === 0) lines.push("", ...lastOutage(subject, atMs, graph));
  return { subject, atMs, lines: lines.map(escapeTerminal) };
}

/** Why anything else is as the trace last told: its last change, and the chain of causes back to the fault. */
export function explainSubject(subject: string, atMs: number, graph: CauseGraph): Explanation {
  const last = graph.lastOf(subject, atMs);
  if (!last)
    return {
      subject,
      atMs,
      lines: [`${subject}: nothing is told of it at or before ${momentText(atMs)}`].map(escapeTerminal),
    };
  const lines = [
    `${subject} at ${momentText(atMs)}: ${last.to ?? last.what}, since ${momentText(last.atMs)}`,
    "",
    "because",
  ];
  lines.push(...indent(chainLines(graph.backFrom(last.id))));
  return { subject, atMs, lines: lines.map(escapeTerminal) };
}

/** What a fault (or anything else) led to, in order of time. */
export function explainForward(subject: string, entry: TraceEntry, graph: CauseGraph, linesMax: number): Explanation {
  const effects = graph.forwardFrom(entry.id);
  const lines = [`${subject} at ${momentText(entry.atMs)} led to ${effects.length} things`, ""];
  lines.push(...indent(chainLines([entry, ...effects], linesMax)));
  return { subject, atMs: entry.atMs, lines: lines.map(escapeTerminal) };
}

function hopLine(hop: Hop, entry: TraceEntry | undefined, startMs: number): string {
  const since =
    entry === undefined
      ? ""
      : entry.atMs < 0 || (startMs > 0 && entry.atMs === 0 && entry.id === 0)
        ? "  (since before the start)"
        : `  (since ${momentText(entry.atMs)})`;
  return `  ${hop.ok ? "✓" : "✗"} ${hop.subject}${hop.text ? `: ${hop.text}` : ""}${since}`;
}

function lastOutage(subject: string, atMs: number, graph: CauseGraph): string[] {
  const told = graph.of(subject).filter((entry) => entry.atMs >= 0 && entry.atMs <= atMs && entry.kind === "service");
  const back = told.at(-1);
  if (!back) return ["It was served all the time up to here."];
  return [`It came back at ${momentText(back.atMs)}, because`, ...indent(chainLines(graph.backFrom(back.id)))];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
