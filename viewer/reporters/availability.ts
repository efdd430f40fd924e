import pc from "picocolors";
import type {
  AvailabilityReport,
  Improvement,
  ServiceAvailability,
} from "../../scenarios/availability/availability.js";
import { durationText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import type { ReportContext } from "./reporter.js";

const SERVICES_SHOWN = 20;
const PARTS_SHOWN = 12;
const HOUR_MS = 3_600_000;

/** For the person at the terminal: what a year costs by service, then which parts it comes from. */
export function availabilityText(report: AvailabilityReport, context: ReportContext): string {
  const paint = pc.createColors(context.color);
  const lines = [
    paint.bold("Expected outage a year"),
    "  at most, by the minimal cut sets and the time that failing over takes; and as simulated, with 95 % confidence",
    "",
    ...serviceLines(report, context, paint),
  ];
  if (!context.quiet) {
    lines.push("", ...improvementLines(report, context, paint), ...rateLines(report, context, paint));
    lines.push(...limitLines(report, context, paint));
  }
  return `${lines.join("\n")}\n`;
}

type Paint = ReturnType<typeof pc.createColors>;

/** Journeys first: they are what users feel. */
function serviceLines({ services }: AvailabilityReport, { verbose }: ReportContext, paint: Paint): string[] {
  const rank = ({ service }: ServiceAvailability) => (service.startsWith("journey/") ? 0 : 1);
  const sorted = [...services].sort((a, b) => rank(a) - rank(b) || b.outageHours - a.outageHours);
  const shown = verbose ? sorted : sorted.slice(0, SERVICES_SHOWN);
  const rows = shown.map((one) => [
    escapeTerminal(one.service),
    timeText(one.outageHours),
    simulatedText(one),
    timeText(one.failoverHours),
    percentText(one.availability),
    one.agreement === "agrees" ? "" : paint.yellow(`${one.agreement}: ${one.because}`),
  ]);
  const heads = ["", "at most", "simulated", "of it failing over", "available", ""];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(i === 5 ? 0 : widths[i]!) : cell.padStart(widths[i]!))).join("  ")}`.trimEnd();
  const lines = [paint.dim(line(heads)), ...rows.map(line)];
  if (shown.length < sorted.length) lines.push(`  and ${sorted.length - shown.length} more; -v lists them`);
  return lines;
}

function simulatedText({ simulatedHours, simulatedHalfWidthHours, simulatedOutages }: ServiceAvailability): string {
  return simulatedOutages === 0 ? "none drawn" : `${timeText(simulatedHours)} ± ${timeText(simulatedHalfWidthHours)}`;
}

function improvementLines({ improvements }: AvailabilityReport, { verbose }: ReportContext, paint: Paint): string[] {
  if (improvements.length === 0) return [];
  const shown = verbose ? improvements : improvements.slice(0, PARTS_SHOWN);
  const lines = [
    paint.bold("What it would buy a year if a part never failed"),
    "  over all journeys together, and where it buys most",
    "",
  ];
  const width = Math.min(48, Math.max(...shown.map(({ part }) => part.length)));
  const times = Math.max(...shown.map(({ savedHours }) => timeText(savedHours).length));
  for (const one of shown) lines.push(`  ${improvementText(one, width, times)}`);
  if (shown.length < improvements.length) lines.push(`  and ${improvements.length - shown.length} more; -v lists them`);
  return [...lines, ""];
}

function improvementText({ part, faults, savedHours, most }: Improvement, width: number, times: number): string {
  const where = `${escapeTerminal(most.service)} ${timeText(most.savedHours)}`;
  return `${escapeTerminal(part).padEnd(width)}  ${timeText(savedHours).padStart(times)}  ${where}  (${[...new Set(faults)].join(", ")})`;
}

function rateLines({ rates }: AvailabilityReport, { verbose }: ReportContext, paint: Paint): string[] {
  if (!verbose) {
    const guessed = rates.filter(({ source }) => source.startsWith("(inf)")).length;
    const said = guessed > 0 ? `; ${guessed} of them are estimates` : "";
    return [
      `${rates.length} rates of failure and repair${said}; -v lists them, --rates FILE or the topology's rates: say your own`,
    ];
  }
  const lines = [paint.bold("Rates"), ""];
  for (const { fault, parts, everyHours, repairHours, source } of rates)
    lines.push(
      `  ${escapeTerminal(fault)}: every ${yearsText(everyHours)}, repaired in ${timeText(repairHours)}; ${parts} ${parts === 1 ? "part" : "parts"}; ${escapeTerminal(source)}`,
    );
  return [...lines, ""];
}

function limitLines(report: AvailabilityReport, { verbose }: ReportContext, paint: Paint): string[] {
  const { faultsMax, years, seed, leftOut, cut, topology } = report;
  const lines = [
    `not in it: more than ${faultsMax} ${faultsMax === 1 ? "fault" : "faults"} at a time, faults that cause others, planned work, mistakes`,
  ];
  if (leftOut.length > 0)
    lines.push(
      verbose
        ? `  and of which nothing is known: ${escapeTerminal(leftOut.join(", "))}`
        : `  and ${leftOut.length} faults of which nothing is known: not played, or cut short for a restless cluster; -v names them`,
    );
  if (cut > 0) lines.push(`  and ${cut} combinations that were not played`);
  lines.push(paint.dim(`${escapeTerminal(topology.name)}, ${years} years simulated, seed ${seed}`));
  return lines;
}

function timeText(hours: number): string {
  if (hours === 0) return "0";
  if (hours * HOUR_MS < 1) return "< 1 ms";
  return durationText(hours * HOUR_MS);
}

function yearsText(hours: number): string {
  const years = hours / 8_766;
  if (years < 1) return timeText(hours);
  const rounded = Number(years.toFixed(1));
  return rounded === 1 ? "year" : `${rounded} years`;
}

/** As many digits as the nines need, and two more: 99.9871 %. */
function percentText(availability: number): string {
  if (availability >= 1) return "100 %";
  const nines = Math.max(0, Math.floor(-Math.log10(1 - availability)));
  return `${(availability * 100).toFixed(Math.min(8, Math.max(0, nines - 2) + 2))} %`;
}
