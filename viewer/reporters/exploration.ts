import pc from "picocolors";
import type {
  CombinationCounts,
  ExplorationReport,
  PartFaults,
  ShownCounterexample,
} from "../../scenarios/explore/report.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import type { ReportContext } from "./reporter.js";

const NAMES_SHOWN = 6;
const PARTS_SHOWN = 24;
const CUT_SETS_SHOWN = 8;

/** For the person at the terminal: the verdict, what breaks and how to see it again, then where it is weak. */
export function explorationText(report: ExplorationReport, context: ReportContext): string {
  const paint = pc.createColors(context.color);
  const title = (text: string) => paint.bold(text);
  const lines: string[] = [];
  const { counterexamples } = report;
  if (counterexamples.length > 0) {
    lines.push(title(`What breaks (${counterexamples.length})`), "");
    for (const one of counterexamples) lines.push(...counterexampleLines(one, context, paint), "");
  }
  if (!context.quiet) {
    lines.push(...weakPoints(report, context, title), ...worstLines(report, context, title));
    lines.push(...otherLines(report, context, title), ...countLines(report, title));
  }
  const marks = {
    pass: paint.green("✓ pass"),
    fail: paint.bold(paint.red("✗ FAIL")),
    unknown: paint.magenta("? unknown"),
  };
  lines.push(
    `${marks[report.verdict]}  ${safe(report.topology.name)}, up to ${plural(report.faultsMax, "fault")}: ${safe(report.because)}`,
  );
  return `${lines.join("\n")}\n`;
}

function counterexampleLines(
  { promises, text, atMs, evidence, timeline, minimal, replay }: ShownCounterexample,
  { verbose }: ReportContext,
  paint: ReturnType<typeof pc.createColors>,
): string[] {
  const lines = [`${paint.red("✗")} ${paint.bold(safe(text))}`];
  lines.push(`    breaks  ${safe(shortList(promises, verbose))}`);
  lines.push(`    shown   at ${momentText(atMs)}: ${safe(evidence)}`);
  for (const step of timeline) lines.push(paint.dim(`            ${safe(stepText(step))}`));
  if (!minimal) lines.push(paint.dim("            (it may not be the shortest: a step could be left out)"));
  lines.push(`    replay  fencepost replay ${replay}`);
  return lines;
}

function stepText(step: Readonly<Record<string, unknown>>): string {
  const { at, fault, heal, operator, as: _, ...rest } = step;
  const what = fault !== undefined ? `fault ${fault}` : heal !== undefined ? `heal ${heal}` : `operator ${operator}`;
  const params = Object.entries(rest).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join("+") : value}`,
  );
  return [String(at).padStart(9), what, ...params].join("  ");
}

/** What is lost with one part, by the part: those that take most away first. */
function weakPoints(report: ExplorationReport, context: ReportContext, title: (text: string) => string): string[] {
  const lines: string[] = [];
  const byPart = new Map<string, { services: string[]; faults: Set<string> }>();
  for (const { service, singlePoints } of report.services)
    for (const { part, faults } of singlePoints) {
      const known = byPart.get(part) ?? { services: [], faults: new Set<string>() };
      known.services.push(service);
      for (const fault of faults) known.faults.add(fault);
      byPart.set(part, known);
    }
  if (byPart.size > 0) {
    lines.push(
      title(`Single points of failure (${byPart.size})`),
      "  what each takes away until somebody repairs it",
      "",
    );
    const sorted = [...byPart].sort((a, b) => b[1].services.length - a[1].services.length);
    const shown = context.verbose ? sorted : sorted.slice(0, PARTS_SHOWN);
    const width = Math.min(44, Math.max(...shown.map(([part]) => part.length)));
    for (const [part, { services, faults }] of shown) {
      const lost = services.length > 3 && !context.verbose ? kindsOf(services) : services.join(", ");
      lines.push(`  ${safe(part).padEnd(width)}  ${safe(lost)}  (${safe(shortList([...faults], context.verbose))})`);
    }
    if (shown.length < sorted.length) lines.push(`  and ${sorted.length - shown.length} more parts; -v lists them`);
    lines.push("");
  }
  const withSets = report.services.filter(({ cutSets }) => cutSets.length > 0);
  if (withSets.length > 0) lines.push(title("Minimal cut sets"), "  what is lost only where these fail together", "");
  for (const { service, cutSets } of withSets) {
    lines.push(`  ${safe(service)}: ${plural(cutSets.length, "set")}`);
    const shown = context.verbose ? cutSets : cutSets.slice(0, CUT_SETS_SHOWN);
    for (const set of shown) lines.push(`      ${safe(set.map(partText).join("  with  "))}`);
    if (shown.length < cutSets.length) lines.push(`      and ${cutSets.length - shown.length} more; -v lists them`);
  }
  if (withSets.length > 0) lines.push("");
  return lines;
}

/** `13 journeys, 15 services`. */
function kindsOf(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const [kind = ""] = name.split("/", 1);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, number]) => plural(number, kind)).join(", ");
}

function partText({ part, faults }: PartFaults): string {
  return `${part} (${faults.join(", ")})`;
}

function worstLines(
  { services }: ExplorationReport,
  context: ReportContext,
  title: (text: string) => string,
): string[] {
  const worst = services.filter(({ worstOutage }) => worstOutage !== undefined);
  if (worst.length === 0) return [];
  const sorted = worst.sort((a, b) => b.worstOutage!.ms - a.worstOutage!.ms);
  const shown = context.verbose ? sorted : sorted.slice(0, 12);
  const width = Math.max(...shown.map(({ service }) => service.length));
  const lines = [title("Worst outages that ended by themselves"), ""];
  for (const { service, worstOutage, worstRecovery } of shown) {
    const longest =
      worstRecovery && worstRecovery.ms < worstOutage!.ms
        ? `, at most ${durationText(worstRecovery.ms)} at a time`
        : "";
    lines.push(
      `  ${safe(service).padEnd(width)}  ${durationText(worstOutage!.ms)}${longest}  ${safe(worstOutage!.text)}`,
    );
  }
  if (shown.length < sorted.length) lines.push(`  and ${sorted.length - shown.length} more; -v lists them`);
  return [...lines, ""];
}

function otherLines(report: ExplorationReport, context: ReportContext, title: (text: string) => string): string[] {
  const { restless, withoutEffect, withoutPlace, assumptions } = report;
  const lines: string[] = [];
  if (restless.length > 0) {
    lines.push(
      title("Restless"),
      "  the cluster decides the same over and over while these last; where it is marked, the wait was cut short",
      "",
    );
    lines.push(
      `  ${safe(
        shortList(
          restless.map(({ fault, cluster, judged }) => `${fault} (${cluster}${judged ? "" : ", cut short"})`),
          context.verbose,
        ),
      )}`,
      "",
    );
  }
  if (withoutEffect.length > 0) {
    lines.push(title("Faults that nobody noticed"), "  alone, from the settled state", "");
    lines.push(`  ${safe(byName(withoutEffect, context.verbose))}`, "");
  }
  if (context.verbose) {
    lines.push(title("Faults without a place here"), "", `  ${safe(withoutPlace.join(", "))}`, "");
    lines.push(title("Leaned on"), "", ...assumptions.map((text) => `  ${safe(text)}`), "");
  }
  return lines;
}

/** Faults by their name, each with where. */
function byName(texts: readonly string[], verbose: boolean): string {
  if (verbose) return texts.join("\n  ");
  const counts = new Map<string, number>();
  for (const text of texts) {
    const [name = ""] = text.split(" ", 1);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return `${[...counts].map(([name, number]) => (number > 1 ? `${number} × ${name}` : name)).join(", ")}; -v lists where`;
}

function countLines({ counts, limits }: ExplorationReport, title: (text: string) => string): string[] {
  const lines = [title("What was covered"), ""];
  lines.push(
    `  ${plural(counts.instances, "fault instance")}, ${plural(counts.moments, "moment")}, ${plural(counts.worlds, "world")} played, ${plural(counts.events, "event")}`,
  );
  for (const one of counts.combinations) lines.push(`  ${combinationText(one)}`);
  if (counts.met > 0)
    lines.push(`  of these, ${plural(counts.met, "timeline")} came to a world met before: their ends were known`);
  if (counts.checked > 0)
    lines.push(
      `  checked in full, of what was skipped: ${counts.checked}, of which ${counts.disagreements.length} came out otherwise`,
    );
  for (const text of counts.disagreements.slice(0, NAMES_SHOWN)) lines.push(`      ${safe(text)}`);
  if (counts.notJudged > 0)
    lines.push(
      `  not judged: ${plural(counts.notJudged, "timeline")}, where a restless cluster reached the bound of ${plural(limits.restlessEventsMax, "event")};`,
      "      whether things come back by themselves there is open; --restless-events raises the bound",
    );
  if (counts.cut > 0) lines.push(`  cut by the bound on worlds: ${plural(counts.cut, "combination")}`);
  return [...lines, ""];
}

function combinationText({ what, total, run, independent, equal, impossible, left }: CombinationCounts): string {
  const parts = [
    `${run} run`,
    independent > 0 && `${independent} proven independent`,
    equal > 0 && `${equal} in a situation met before`,
    impossible > 0 && `${impossible} impossible`,
    `${left} left`,
  ].filter((part): part is string => typeof part === "string");
  return `${what}: ${total} = ${parts.join(" + ")}`;
}

function shortList(names: readonly string[], all: boolean): string {
  const shown = all ? names : names.slice(0, NAMES_SHOWN);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

function plural(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

function safe(text: string): string {
  return escapeTerminal(text);
}
