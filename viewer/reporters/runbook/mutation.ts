import pc from "picocolors";
import type { Mutant, MutationReport } from "../../../scenarios/runbook/rehearse/mutate.js";
import { escapeTerminal } from "../../text/markup.js";
import type { RunbookReportContext } from "./index.js";

const MARKS: Readonly<Record<Mutant["outcome"], string>> = { harmless: "·", caught: "✓", harmful: "✗", unknown: "?" };

/** For the person at the terminal: the score, what would have done harm unnoticed, and the check that is missing. */
export function mutationText({ name, page, mutants, score }: MutationReport, context: RunbookReportContext): string {
  const paint = pc.createColors(context.color);
  const count = (outcome: Mutant["outcome"]) => mutants.filter((one) => one.outcome === outcome).length;
  const lines = [
    `${paint.bold(safe(name))}: ${mutants.length} mutants, ${count("harmless")} harmless, ${count("caught") + count("harmful")} end in harm, ${count("caught")} of them caught by a check before${count("unknown") > 0 ? `, ${count("unknown")} unknown` : ""}`,
    `score ${Math.round(score * 100)} %${page === "pass" ? "" : paint.red(`; the page itself: ${page}`)}`,
  ];
  const shown = mutants.filter(({ outcome }) => outcome === "harmful" || (context.verbose && outcome !== "harmless"));
  if (shown.length > 0) lines.push("");
  for (const one of shown) {
    const mark = { harmless: paint.dim, caught: paint.green, harmful: paint.red, unknown: paint.magenta }[one.outcome](
      MARKS[one.outcome],
    );
    const detail = one.detail === "" ? "" : ` (${one.detail})`;
    const start = one.start === "as written" ? "" : paint.dim(` starting from ${safe(one.start)}`);
    lines.push(`  ${mark} line ${one.line} ${one.kind}${safe(detail)}: ${safe(one.title)}${start}`);
    if (one.harm) lines.push(`      ${safe(one.harm.text)}`);
    if (one.caughtBy) lines.push(paint.dim(`      caught at line ${one.caughtBy.line}: ${safe(one.caughtBy.text)}`));
  }
  const missing = [...new Set(mutants.flatMap((one) => (one.missing === undefined ? [] : [one.missing])))];
  if (missing.length > 0) lines.push("", "Checks that are missing:", ...missing.map((text) => `  ${safe(text)}`));
  return lines.join("\n");
}

function safe(text: string): string {
  return escapeTerminal(text.replaceAll("\t", " "));
}
