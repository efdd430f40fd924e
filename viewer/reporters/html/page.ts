import type { TraceEntry } from "../../../model/kernel/index.js";
import type { RunRecord, Verdict } from "../../../model/verdict/types.js";
import { durationText, momentText } from "../../text/duration.js";
import { escapeMarkup } from "../../text/markup.js";
import { outageTexts } from "../../text/outages.js";
import { countStandings, promisesInOrder, type Reporter, type Standing, standingOf, statusText } from "../reporter.js";
import { STYLE } from "./style.js";
import { timelineSvg } from "./timeline.js";

/** One HTML file that opens from disk: no script, no network, every scenario with its timeline and its trace. */
export const htmlReporter: Reporter = { name: "html", defaultFile: "fencepost-report.html", render: page };

const TRACE_ROWS_MAX = 400;

function page(record: RunRecord): string {
  const title = `Fencepost: ${record.topology.name}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head>
<body><main>
<header><h1>${escapeMarkup(title)}</h1><p class="quiet">${escapeMarkup(headline(record))} Topology <code>${escapeMarkup(record.topology.file)}</code>, hash <code>${escapeMarkup(record.topology.hash.slice(0, 12))}</code>, Fencepost ${escapeMarkup(record.fencepost)}.</p></header>
${paragraphs(record.report)}
<nav aria-label="Scenarios">${overview(record)}</nav>
<p class="key"><span><i style="background:var(--good)"></i>works</span><span><i style="background:var(--busy)"></i>changing</span><span><i style="background:var(--bad)"></i>broken</span><span><i style="background:var(--idle)"></i>stopped</span><span>◆ trouble ● event</span><span>solid line: fault; dashed: heal</span><span>⋯ quiet time folded</span></p>
${record.scenarios.map(({ verdict, trace }, i) => scenario(verdict, trace, i)).join("\n")}
</main></body></html>
`;
}

function headline(record: RunRecord): string {
  const counts = countStandings(record);
  const parts = [
    `${counts.pass} passed`,
    `${counts.finding} showed the weakness they expect`,
    `${counts.fail} failed`,
    `${counts.unknown} unknown`,
  ];
  if (counts.waived > 0) parts.push(`${counts.waived} waived`);
  return `${record.scenarios.length} ${record.scenarios.length === 1 ? "scenario" : "scenarios"}: ${parts.join(", ")}.`;
}

function overview(record: RunRecord): string {
  const order: readonly Standing[] = ["fail", "unknown", "waived", "finding", "pass"];
  const numbered = record.scenarios.map(({ verdict }, i) => ({ verdict, i, standing: standingOf(verdict) }));
  numbered.sort((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing) || a.i - b.i);
  const rows = numbered.map(({ verdict, i, standing }) => {
    const felt = outageTexts(verdict.outagesMs).map(escapeMarkup);
    return `<tr><td><span class="badge ${standing}">${standing}</span></td><td><a href="#s${i}">${escapeMarkup(verdict.title)}</a></td><td class="num">${verdict.recoveryMs === undefined ? "" : durationText(verdict.recoveryMs)}</td><td>${felt.join("; ")}</td></tr>`;
  });
  return `<div class="tablewrap"><table><thead><tr><th>verdict</th><th>scenario</th><th>recovery</th><th>who felt it, and for how long</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function scenario(verdict: Verdict, trace: readonly TraceEntry[], index: number): string {
  const standing = standingOf(verdict);
  const sentences = [`${verdict.finding ?? verdict.because}.`];
  if (verdict.recoveryMs !== undefined) sentences.push(`Recovered in ${durationText(verdict.recoveryMs)}.`);
  return `<article id="s${index}" aria-labelledby="h${index}"><header><h2 id="h${index}"><span class="badge ${standing}">${standing}</span>${escapeMarkup(verdict.title)}</h2><p class="quiet"><code>${escapeMarkup(verdict.name)}</code> ${escapeMarkup(sentences.join(" "))}</p></header><div>
${timelineSvg(verdict.title, trace, verdict.endedAtMs)}
${paragraphs(verdict.report)}
${promises(verdict)}
${list("Not known", verdict.unknowns)}
${list("Leaned on", verdict.assumptions)}
${traceTable(trace)}
<p class="quiet">Play it again: <code>fencepost replay ${escapeMarkup(verdict.replay)}</code></p>
</div></article>`;
}

function promises(verdict: Verdict): string {
  if (verdict.promises.length === 0) return "";
  const rows = promisesInOrder(verdict).map(
    (promise) =>
      `<tr><td><span class="badge ${promise.status === "kept" ? "pass" : promise.status === "broken" ? "fail" : "unknown"}">${statusText(promise)}</span></td><td class="word">${promise.kind}</td><td>${escapeMarkup(promise.name)}</td><td class="num">${promise.atMs === undefined ? "" : momentText(promise.atMs)}</td><td>${escapeMarkup(promise.evidence ?? "")}</td></tr>`,
  );
  return `<details open><summary>Promises (${verdict.promises.length})</summary><div class="tablewrap"><table><thead><tr><th></th><th>kind</th><th>promise</th><th>at</th><th>evidence</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></details>`;
}

function paragraphs(lines: readonly string[] = []): string {
  return lines.length === 0 ? "" : `<ul>${lines.map((line) => `<li>${escapeMarkup(line)}</li>`).join("")}</ul>`;
}

function list(title: string, texts: readonly string[]): string {
  if (texts.length === 0) return "";
  return `<details><summary>${title} (${texts.length})</summary><ul>${texts.map((text) => `<li>${escapeMarkup(text)}</li>`).join("")}</ul></details>`;
}

function traceTable(trace: readonly TraceEntry[]): string {
  const shown = trace.slice(0, TRACE_ROWS_MAX);
  const rows = shown.map(
    (entry) =>
      `<tr><td class="num">${entry.id}</td><td class="num">${momentText(entry.atMs)}</td><td>${entry.kind}</td><td>${escapeMarkup(entry.subject)}</td><td>${escapeMarkup(sentence(entry))}</td><td class="num">${entry.cause || ""}</td></tr>`,
  );
  const rest =
    trace.length > shown.length
      ? `<p class="quiet">${trace.length - shown.length} later entries are in .fencepost/.</p>`
      : "";
  return `<details><summary>What happened (${trace.length})</summary><div class="tablewrap"><table><thead><tr><th>#</th><th>at</th><th>kind</th><th>thing</th><th>what</th><th>because of</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>${rest}</details>`;
}

function sentence(entry: TraceEntry): string {
  const change = entry.to === undefined ? "" : ` (${entry.from ?? "?"} → ${entry.to})`;
  return `${entry.what}${change}${entry.text ? `. ${entry.text}` : ""}`;
}
