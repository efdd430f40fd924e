import pc from "picocolors";
import { SERVED_AGAIN, WITHIN_BUDGET, WORKS_ONCE_REPAIRED } from "../../scenarios/explore/promise-names.js";
import type { CombinationCounts, ExplorationReport, ShownCounterexample } from "../../scenarios/explore/report.js";
import type { WrittenStep } from "../../scenarios/explore/schedule.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeTerminal as safe } from "../text/markup.js";
import { type ReplayGround, replayCommand } from "../text/replay-command.js";
import { coverageLines } from "./coverage.js";
import { kindsOf, NAMES_SHOWN, plural, shortList, wrapped } from "./exploration-words.js";
import type { ReportContext } from "./reporter.js";
import { cutSetLines, weakPoints } from "./weak-points.js";

/** What the families of promises say, for who has not read the manual. */
const FAMILY_TEXTS: Readonly<Record<string, string>> = {
  [SERVED_AGAIN]: "does not come back by itself",
  [WITHIN_BUDGET]: "out for longer than the budget",
  [WORKS_ONCE_REPAIRED]: "not everything works after the repair",
};

export interface ExplorationContext extends ReportContext {
  readonly ground: ReplayGround;
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
  { verbose, ground }: ExplorationContext,
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
  lines.push(`    replay  ${safe(replayCommand(replay, ground))}`);
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
      "  the cluster decides the same over and over while these last, each time round in the time it says;",
      "  where it says cut short, nobody waited to see whether things come back by themselves",
      "",
    );
    lines.push(
      ...wrapped(
        shortList(
          restless.map(({ fault, cluster, judged, everyMs }) => {
            const round = everyMs === undefined ? "" : `, every ${durationText(everyMs)}`;
            return `${fault} (${cluster}${round}${judged ? "" : ", cut short"})`;
          }),
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
  if (counts.recurring > 0)
    lines.push(
      `  went round: ${plural(counts.recurring, "timeline")}, where a restless cluster came to the same situation again; the rest of the`,
      "      wait is taken to go on like that round (how long something is out on and off is some percent off)",
    );
  if (counts.notJudged > 0)
    lines.push(
      `  not judged: ${plural(counts.notJudged, "timeline")}, where a restless cluster did not, up to the bound of ${plural(limits.restlessEventsMax, "event")};`,
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
