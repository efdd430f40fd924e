import type { PromiseResult } from "../../../model/verdict/types.js";
import { formatDuration } from "../../file/duration.js";
import { budgetsOf, outagesOf } from "./blame.js";
import type { Problem } from "./result.js";
import type { Session } from "./session.js";
import { conditionWords } from "./words.js";

/** What came of every promise: the safety promises, the budgets for outages, and what must hold at the end. */
export function promiseResults(
  session: Session,
  unsteady: readonly string[],
  end: readonly Problem[],
): readonly PromiseResult[] {
  const { handle, twin, runbook, firstMs } = session;
  const { run } = handle;
  const { always, holds } = runbook.front;
  const results: PromiseResult[] = [
    {
      name: "steady/before",
      kind: "steady",
      status: unsteady.length === 0 ? "kept" : "broken",
      ...(unsteady.length > 0 && { evidence: unsteady.join("; ") }),
    },
  ];
  for (const { name, cell } of twin.promises.promises) {
    if (always !== "all" && !always.includes(name)) continue;
    const { broken, exercised, atMs = firstMs, entry = 0, evidence = "" } = run.get(cell);
    results.push({
      name,
      kind: "always",
      status: broken ? "broken" : exercised ? "kept" : "not-exercised",
      ...(broken && { atMs: atMs - firstMs, entry, evidence }),
    });
  }
  const outages = outagesOf(session);
  for (const [name, budgetMs] of budgetsOf(session)) {
    const ms = (outages.get(name) ?? 0) - (session.outBefore.get(name) ?? 0);
    results.push({
      name: `served/${name}`,
      kind: "served",
      status: ms <= budgetMs ? "kept" : "broken",
      evidence: `out for ${formatDuration(ms)} of at most ${formatDuration(budgetMs)}`,
    });
  }
  for (const [i, document] of holds.entries()) {
    const line = runbook.yaml.lineOf(["holds", i]);
    const isSo = twin.promises.holds(run, session.condition(document, line));
    const problem = end.find((one) => one.line === line);
    results.push({
      name: `end/${session.fill(conditionWords(document), line)}`,
      kind: "within",
      status: isSo ? "kept" : "broken",
      atMs: run.nowMs - firstMs,
      ...(problem && { evidence: problem.text }),
    });
  }
  return results;
}
