import pc from "picocolors";
import { SERVED_AGAIN, WITHIN_BUDGET, WORKS_ONCE_REPAIRED } from "../../scenarios/explore/promise-names.js";
import type {
  CombinationCounts,
  ExplorationReport,
  PartFaults,
  ShownCounterexample,
} from "../../scenarios/explore/report.js";
import type { WrittenStep } from "../../scenarios/explore/schedule.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { coverageLines } from "./coverage.js";
import type { ReportContext } from "./reporter.js";

const NAMES_SHOWN = 6;
const PARTS_SHOWN = 24;

/** Columns of running text; a replay command is never broken, so that it can be copied. */
const WIDTH = 100;

/** What the families of promises say, for who has not read the manual. */
const FAMILY_TEXTS: Readonly<Record<string, string>> = {
  [SERVED_AGAIN]: "does not come back by itself",
  [WITHIN_BUDGET]: "out for longer than the budget",
  [WORKS_ONCE_REPAIRED]: "not everything works after the repair",
};

export interface ExplorationContext extends ReportContext {
  /** What `fencepost replay TOKEN` needs besides to play on the same topology: `-t pair/topology.yaml`. */
  readonly replayOptions: string;
}

/** For the person at the terminal: the verdict, what breaks and how to see it again, then where it is weak. */
export function explorationText(report: ExplorationReport, context: ExplorationContext): string {
  const paint = pc.createColors(context.color);
  const title = (text: string) => paint.bold(text);
  const lines: string[] = [];
  const { counterexamples } = report;
  if (counterexamples.length > 0) {
    lines.push(title(`What breaks: ${plural(counterexamples.length, "way")}, shortest first`), "");
    for (const one of counterexamples) lines.push(...counterexampleLines(one, context, paint), "");
  }
  if (!context.quiet) {
    lines.push(...weakPoints(report, context, title), ...cutSetLines(report, context, title));
    lines.push(...worstLines(report, context, title), ...otherLines(report, context, title));
    lines.push(...coverageLines(report.coverage, context.verbose, title), ...countLines(report, title));
  }
  const marks = {
    pass: paint.green("✓ pass"),
    fail: paint.bold(paint.red("✗ FAIL")),
    unknown: paint.magenta("? unknown"),
  };
  const { shard } = report;
  const share = shard ? `, shard ${shard.index} of ${shard.of}` : "";
  lines.push(
    `${marks[report.verdict]}  ${safe(report.topology.name)}, up to ${plural(report.faultsMax, "fault")}${share}: ${safe(report.because)}`,
  );
  return `${lines.join("\n")}\n`;
}

function counterexampleLines(
  { promises, text, atMs, evidence, timeline, minimal, replay }: ShownCounterexample,
  { verbose, replayOptions }: ExplorationContext,
  paint: ReturnType<typeof pc.createColors>,
): string[] {
  const lines = [`${paint.red("✗")} ${paint.bold(safe(text))}`];
  const said = [...wrapped(brokenTexts(promises, verbose).join("\n"), 12)];
  lines.push(`    breaks  ${safe(said.join("\n")).trimStart()}`);
  const shown = `at ${momentText(atMs)}: ${evidence.replace(/^(\S+) served: /, "$1 is not served: ")}`;
  lines.push(`    shown   ${safe(wrapped(shown, 12).join("\n")).trimStart()}`);
  // One step alone is the title once more.
  if (timeline.length > 1)
    for (const step of timeline) lines.push(paint.dim(`            ${safe(stepText(step, timeline))}`));
  if (!minimal) lines.push(paint.dim("            (it may not be the shortest: a step could be left out)"));
  lines.push(`    replay  fencepost replay ${replay}${safe(replayOptions)}`);
  return lines;
}

/** The broken promises, those of a family together: `served-again (…): 13 journeys, 15 services`. */
function brokenTexts(promises: readonly string[], verbose: boolean): readonly string[] {
  const plain: string[] = [];
  const families = new Map<string, string[]>();
  for (const promise of promises) {
    const family = Object.keys(FAMILY_TEXTS).find((one) => promise === one || promise.startsWith(`${one}/`));
    if (family === undefined) plain.push(promise);
    else families.set(family, [...(families.get(family) ?? []), promise.slice(family.length + 1)]);
  }
  const texts = plain.length > 0 ? [plain.join(", ")] : [];
  for (const [family, named] of families) {
    const names = named.filter((name) => name !== "");
    const isLong = names.length > NAMES_SHOWN && !verbose;
    const of = isLong ? `${kindsOf(names)}; -v names them` : names.join(", ");
    texts.push(`${family} (${FAMILY_TEXTS[family]})${of === "" ? "" : `: ${of}`}`);
  }
  return texts;
}

/** Lines of at most WIDTH columns, broken at spaces; a longer word stands alone. */
function wrapped(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line) => " ".repeat(indent) + line);
}

function stepText(step: Readonly<Record<string, unknown>>, timeline: readonly WrittenStep[]): string {
  const { at, fault, heal, operator, as: _, ...rest } = step;
  // The label under which a fault is healed says nothing to people: what it labels does.
  const healed = timeline.find((one) => heal !== undefined && one["as"] === heal)?.["fault"] ?? heal;
  const what = fault !== undefined ? `fault ${fault}` : heal !== undefined ? `heal ${healed}` : `operator ${operator}`;
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
      title(`Single points of failure (${byPart.size}${domainsText([...byPart.keys()])})`),
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
  return lines;
}

/** What is lost only where several parts fail together: those that take most away first; in full, service by service. */
function cutSetLines(
  { services }: ExplorationReport,
  context: ReportContext,
  title: (text: string) => string,
): string[] {
  const withSets = services.filter(({ cutSets }) => cutSets.length > 0);
  if (withSets.length === 0) return [];
  const lost = new Map<string, string[]>();
  for (const { service, cutSets } of withSets)
    for (const set of cutSets) {
      const parts = set.map(({ part }) => part).join(" with ");
      lost.set(parts, [...(lost.get(parts) ?? []), service]);
    }
  const lines = [title(`Minimal cut sets (${lost.size})`), "  what is lost only where these fail together", ""];
  if (context.verbose)
    for (const { service, cutSets } of withSets) {
      lines.push(`  ${safe(service)}: ${plural(cutSets.length, "set")}`);
      for (const set of cutSets) lines.push(`      ${safe(set.map(partText).join("  with  "))}`);
    }
  else {
    const sorted = [...lost].sort((a, b) => b[1].length - a[1].length);
    const shown = sorted.slice(0, PARTS_SHOWN);
    const width = Math.min(60, Math.max(...shown.map(([parts]) => parts.length)));
    for (const [parts, names] of shown)
      lines.push(`  ${safe(parts).padEnd(width)}  ${safe(names.length > 3 ? kindsOf(names) : names.join(", "))}`);
    const more = sorted.length - shown.length;
    lines.push(`  ${more > 0 ? `and ${more} more; ` : ""}-v lists them by service, with the faults`);
  }
  return [...lines, ""];
}

/** Parts that take others along: `, 1 feed and 2 racks among them`. */
function domainsText(parts: readonly string[]): string {
  const domains = parts.filter((part) => /^(feed|rack|switch|hypervisor)\//.test(part));
  return domains.length === 0 ? "" : `, failure domains among them: ${kindsOf(domains)}`;
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
      "  the cluster decides the same over and over while these last; where it says cut short, nobody waited",
      "  to see whether things come back by themselves",
      "",
    );
    lines.push(
      ...wrapped(
        shortList(
          restless.map(({ fault, cluster, judged }) => `${fault} (${cluster}${judged ? "" : ", cut short"})`),
          context.verbose,
        ),
        2,
      ).map(safe),
      "",
    );
  }
  if (withoutEffect.length > 0) {
    lines.push(title("Faults that nobody noticed"), "  alone, from the settled state", "");
    lines.push(...wrapped(byName(withoutEffect, context.verbose), 2).map(safe), "");
  }
  if (context.verbose) {
    lines.push(title("Faults without a place here"), "", ...wrapped(withoutPlace.join(", "), 2).map(safe), "");
    lines.push(title("Leaned on"), "", ...assumptions.map((text) => `  ${safe(text)}`), "");
  }
  return lines;
}

/** Faults by their name, each with where. */
function byName(texts: readonly string[], verbose: boolean): string {
  if (verbose) return texts.join("\n");
  const counts = new Map<string, number>();
  for (const text of texts) {
    const [name = ""] = text.split(" ", 1);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return `${[...counts].map(([name, number]) => (number > 1 ? `${number}×${name}` : name)).join(", ")}; -v lists where`;
}

function countLines({ counts, limits }: ExplorationReport, title: (text: string) => string): string[] {
  const lines = [title("What was covered"), ""];
  lines.push(
    `  ${plural(counts.instances, "fault")} that can strike here (each kind at each place), ${plural(counts.worlds, "timeline")} played, ${plural(counts.events, "event")}`,
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
  if (counts.missing > 0)
    lines.push(
      `  played by nobody: ${plural(counts.missing, "unit")} of work (what one fault does alone, or what begins with it);`,
      "      give the other shards' files, or go on with fencepost explore --campaign FILE",
    );
  else if (counts.cut > 0) lines.push(`  cut by the bound on worlds: ${plural(counts.cut, "combination")}`);
  return [...lines, ""];
}

function combinationText({ what, total, run, independent, equal, impossible, left }: CombinationCounts): string {
  const parts = [
    `${run.toLocaleString("en")} played`,
    independent > 0 && `${independent.toLocaleString("en")} proven independent`,
    equal > 0 && `${equal.toLocaleString("en")} in a situation met before`,
    impossible > 0 && `${impossible.toLocaleString("en")} impossible`,
    left > 0 && `${left.toLocaleString("en")} left out`,
  ].filter((part): part is string => typeof part === "string");
  return `${what}: ${total.toLocaleString("en")} = ${parts.join(" + ")}`;
}

function shortList(names: readonly string[], all: boolean): string {
  const shown = all ? names : names.slice(0, NAMES_SHOWN);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

function plural(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : /(ch|s|x)$/.test(noun) ? `${noun}es` : `${noun}s`}`;
}

function safe(text: string): string {
  return escapeTerminal(text);
}
