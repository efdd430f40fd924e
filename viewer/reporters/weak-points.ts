import type { ExplorationReport, PartFaults } from "../../scenarios/explore/report.js";
import { escapeTerminal as safe } from "../text/markup.js";
import { kindsOf, plural, shortList } from "./exploration-words.js";
import type { ReportContext } from "./reporter.js";

const PARTS_SHOWN = 24;

/** What is lost with one part, by the part: those that take most away first. */
export function weakPoints(
  report: ExplorationReport,
  context: ReportContext,
  title: (text: string) => string,
): string[] {
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
export function cutSetLines(
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

function partText({ part, faults }: PartFaults): string {
  return `${part} (${faults.join(", ")})`;
}
