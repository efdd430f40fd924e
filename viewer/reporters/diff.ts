import pc from "picocolors";
import type { BrokenOn, DiffReport, Recovery, Side, Weakness } from "../../scenarios/diff/diff.js";
import { durationText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { replayCommand } from "../text/replay-command.js";
import type { ReportContext } from "./reporter.js";

const SHOWN = 15;
const NAMES_SHOWN = 3;
const PART_WIDTH_MAX = 44;

type Paint = ReturnType<typeof pc.createColors>;

/** For the person who reviews a change: what it breaks, what it mends, what comes back later. */
export function diffText(report: DiffReport, context: ReportContext): string {
  const paint = pc.createColors(context.color);
  const { before, after, newlyBroken, noLongerBroken, weaknesses, recoveries, only, notServed } = report;
  const lines: string[] = [];
  if (!context.quiet) {
    lines.push(`${paint.dim("before")}  ${sideText(before)}`, `${paint.dim("after ")}  ${sideText(after)}`, "");
    for (const [side, names] of [
      ["before", notServed.before],
      ["after", notServed.after],
    ] as const)
      if (names.length > 0)
        lines.push(paint.red(`not served ${side}, without any fault: ${escapeTerminal(names.join(", "))}`), "");
    lines.push(
      ...brokenLines(`Broken now (${newlyBroken.length})`, newlyBroken, after, "✗", paint.red, context, paint),
    );
    lines.push(
      ...brokenLines(`Mended (${noLongerBroken.length})`, noLongerBroken, before, "✓", paint.green, context, paint),
    );
    lines.push(
      ...weaknessLines(
        "New weaknesses",
        "taken away until somebody repairs, after and not before",
        weaknesses.new,
        "+",
        paint.red,
        context,
        paint,
      ),
      ...weaknessLines(
        "Weaknesses that are gone",
        "taken away until somebody repairs, before and not after",
        weaknesses.gone,
        "-",
        paint.green,
        context,
        paint,
      ),
    );
    lines.push(...recoveryLines("Slower", recoveries.slower, paint.red, context, paint));
    lines.push(...recoveryLines("Faster", recoveries.faster, paint.green, context, paint));
    for (const [side, names] of [
      ["before", only.before],
      ["after", only.after],
    ] as const)
      if (names.length > 0) lines.push(`only ${side}, and not compared: ${escapeTerminal(names.join(", "))}`, "");
  }
  lines.push(lastLine(report, paint));
  return `${lines.join("\n")}\n`;
}

function sideText({ name, set, faultsMax, worlds, cut }: Side): string {
  const edits = set.map((edit) => ` --set ${edit}`).join("");
  const left = cut > 0 ? `, ${cut} combinations not played` : "";
  return escapeTerminal(
    `${name}${edits}  (up to ${faultsMax} ${faultsMax === 1 ? "fault" : "faults"}, ${worlds.toLocaleString("en-US")} timelines${left})`,
  );
}

function brokenLines(
  title: string,
  all: readonly BrokenOn[],
  side: Side,
  mark: string,
  tone: (text: string) => string,
  { verbose }: ReportContext,
  paint: Paint,
): string[] {
  if (all.length === 0) return [];
  const lines = [paint.bold(title), ""];
  const bySchedule = new Map<string, BrokenOn[]>();
  for (const one of all) bySchedule.set(one.text, [...(bySchedule.get(one.text) ?? []), one]);
  for (const [text, broken] of bySchedule) {
    lines.push(
      `  ${tone(mark)} ${escapeTerminal(
        namesText(
          broken.map(({ promise }) => promise),
          verbose,
        ),
      )}`,
    );
    lines.push(`      by ${escapeTerminal(text)}`);
    if (verbose)
      lines.push(
        `      ${escapeTerminal(broken[0]!.evidence)}`,
        `      ${escapeTerminal(replayCommand(broken[0]!.replay, side))}`,
      );
  }
  return [...lines, ""];
}

/** Single faults by their part, sets of several as they are; those that take most away first. */
function weaknessLines(
  title: string,
  about: string,
  all: readonly Weakness[],
  mark: string,
  tone: (text: string) => string,
  { verbose }: ReportContext,
  paint: Paint,
): string[] {
  if (all.length === 0) return [];
  const rows = rowsOf(all).sort((a, b) => b.services.length - a.services.length);
  const shown = verbose ? rows : rows.slice(0, SHOWN);
  const width = Math.min(PART_WIDTH_MAX, Math.max(...shown.map(({ name }) => name.length)));
  const lines = [paint.bold(`${title} (${rows.length})`), `  ${about}`, ""];
  for (const { name, services, faults, onlyHere, otherwiseMs } of shown) {
    const notes = [
      faults.length > 0 && `by ${shortened(faults, verbose)}`,
      onlyHere && `no such part ${mark === "-" ? "any more" : "before"}`,
      !onlyHere &&
        otherwiseMs !== undefined &&
        otherwiseMs > 0 &&
        (mark === "-" ? `back in ${durationText(otherwiseMs)} now` : `was back in ${durationText(otherwiseMs)}`),
    ].filter((note) => note !== false);
    lines.push(
      `  ${tone(mark)} ${escapeTerminal(`${name.padEnd(width)}  ${namesText(services, verbose)}`)}  ${paint.dim(escapeTerminal(notes.join("; ")))}`.trimEnd(),
    );
  }
  if (shown.length < rows.length) lines.push(`    and ${rows.length - shown.length} more; -v lists them`);
  return [...lines, ""];
}

interface Row {
  readonly name: string;
  readonly services: readonly string[];
  readonly faults: readonly string[];
  readonly onlyHere: boolean;
  readonly otherwiseMs?: number;
}

function rowsOf(all: readonly Weakness[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { faults, parts, services, onlyHere, otherwiseMs } of all) {
    const isSingle = faults.length === 1;
    const name = isSingle ? parts[0]! : faults.join("  with  ");
    const known = rows.get(name);
    const names = isSingle ? [faults[0]!.split(" ", 1)[0]!] : [];
    const longest = Math.max(known?.otherwiseMs ?? 0, otherwiseMs ?? 0);
    rows.set(name, {
      name,
      services: [...new Set([...(known?.services ?? []), ...services])],
      faults: [...new Set([...(known?.faults ?? []), ...names])],
      onlyHere: onlyHere && (known?.onlyHere ?? true),
      ...(longest > 0 && { otherwiseMs: longest }),
    });
  }
  return [...rows.values()];
}

function recoveryLines(
  title: string,
  all: readonly Recovery[],
  tone: (text: string) => string,
  { verbose }: ReportContext,
  paint: Paint,
): string[] {
  if (all.length === 0) return [];
  const shown = verbose ? all : all.slice(0, SHOWN);
  const width = Math.min(PART_WIDTH_MAX, Math.max(...shown.map(({ fault }) => fault.length)));
  const lines = [paint.bold(`${title} (${all.length})`), "  out until it came back by itself", ""];
  for (const { fault, changes } of shown) {
    const by = (one: Recovery["changes"][number]) => Math.abs(one.afterMs - one.beforeMs);
    const sorted = [...changes].sort((a, b) => by(b) - by(a));
    for (const [i, { service, beforeMs, afterMs }] of (verbose ? sorted : sorted.slice(0, 1)).entries()) {
      const others = !verbose && sorted.length > 1 ? `, and ${sorted.length - 1} more` : "";
      const times = tone(`${outText(beforeMs)} → ${outText(afterMs)}`);
      lines.push(
        `  ${escapeTerminal((i === 0 ? fault : "").padEnd(width))}  ${times}  ${escapeTerminal(service)}${others}`,
      );
    }
  }
  if (shown.length < all.length) lines.push(`  and ${all.length - shown.length} more; -v lists them`);
  return [...lines, ""];
}

function lastLine(
  { verdict, before, after, newlyBroken, noLongerBroken, weaknesses, recoveries, notServed }: DiffReport,
  paint: Paint,
): string {
  const names = before.name === after.name ? before.name : `${before.name} → ${after.name}`;
  if (verdict === "same")
    return `${paint.green("= same")}  ${escapeTerminal(names)}: exploration finds the same on both`;
  if (verdict === "unknown")
    return `${paint.magenta("? unknown")}  ${escapeTerminal(names)}: nothing differs in what was played; not everything was`;
  const lost = notServed.after.filter((one) => !notServed.before.includes(one)).length;
  const counts = [
    [lost, "not served at all now", "not served at all now"],
    [newlyBroken.length, "promise broken now", "promises broken now"],
    [noLongerBroken.length, "promise mended", "promises mended"],
    [rowsOf(weaknesses.new).length, "new weakness", "new weaknesses"],
    [rowsOf(weaknesses.gone).length, "weakness gone", "weaknesses gone"],
    [recoveries.slower.length, "recovery slower", "recoveries slower"],
    [recoveries.faster.length, "faster", "faster"],
  ] as const;
  const said = counts
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${number} ${number === 1 ? one : many}`);
  return `${paint.bold("≠ different")}  ${escapeTerminal(names)}: ${said.join(", ") || "other services"}`;
}

function outText(ms: number): string {
  return ms === 0 ? "not out" : durationText(ms);
}

/** `13 journeys, 15 services`, or the names where they are few. */
function namesText(names: readonly string[], verbose: boolean): string {
  if (verbose || names.length <= NAMES_SHOWN) return names.join(", ");
  const kinds = new Map<string, number>();
  for (const name of [...names].sort((a, b) => Number(b.includes("journey/")) - Number(a.includes("journey/")))) {
    const kind = name.includes("journey/") ? "journey" : name.includes("service/") ? "service" : "promise";
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, number]) => `${number} ${number === 1 ? kind : `${kind}s`}`).join(", ");
}

function shortened(names: readonly string[], verbose: boolean): string {
  if (verbose || names.length <= NAMES_SHOWN) return names.join(", ");
  return `${names.slice(0, NAMES_SHOWN).join(", ")} and ${names.length - NAMES_SHOWN} more`;
}
