import type { Step } from "../../file/read-scenario.js";
import { operatorActions } from "../../operator/index.js";
import type { SettledTwin } from "../../runner/prepare.js";
import { readRunbook } from "../page/read-runbook.js";
import type { Runbook } from "../page/runbook.js";
import { placeholders } from "../play/placeholders.js";
import { playRunbook } from "../play/play.js";
import type { RunbookResult } from "../play/result.js";
import type { PlayOptions } from "../play/session.js";
import { startsOf } from "./starts.js";

/** One cell: a start, and whether the nodes of a pair have changed their parts. */
export interface MatrixCell {
  readonly start: string;
  /** `mysql1 ↔ mysql2`, or empty where everything is as written. */
  readonly pair: string;
  readonly result: RunbookResult;
}

/** How long the parts of a pair take to be changed before the page's own start. */
const CHANGE_MS = 15 * 60_000;

/** The same page from each of its starts, as written and with each pair of nodes exchanged. */
export async function playMatrix(
  settled: SettledTwin,
  runbook: Runbook,
  options: PlayOptions = {},
): Promise<readonly MatrixCell[]> {
  const cells: MatrixCell[] = [];
  for (const start of startsOf(runbook))
    cells.push({
      start: start.name,
      pair: "",
      result: await playRunbook(settled, runbook, { ...options, before: start.before }),
    });
  for (const [a, b] of runbook.front.matrix.pairs) {
    const swapped = exchanged(runbook, a, b);
    const change = partsChanged(settled, a, b);
    for (const start of startsOf(swapped)) {
      const before = [...change, ...start.before.map((step) => moved(step, change))];
      cells.push({
        start: start.name,
        pair: `${a} ↔ ${b}`,
        result: await playRunbook(settled, swapped, { ...options, before }),
      });
    }
  }
  return cells;
}

/** The page with one node's name in the other's place. Lines stay where they are. */
function exchanged(runbook: Runbook, a: string, b: string): Runbook {
  const names = new RegExp(`(?<![\\w/.])(${a}|${b})(?![\\w/])`, "g");
  // Pacemaker lists nodes by name, whatever parts they play.
  const listed = new RegExp(`(?<![\\w/.])${b} ${a}(?![\\w/])`, "g");
  const other = (line: string) => line.replace(names, (name) => (name === a ? b : a)).replace(listed, `${a} ${b}`);
  const lines = runbook.text.split("\n").map((line) => (/^(topology:| {2}pairs:)/.test(line) ? line : other(line)));
  return readRunbook(lines.join("\n"), runbook.file);
}

/** What runs on one of the pair goes to the other: its node is put in standby and taken out again. */
function partsChanged({ twin, base }: SettledTwin, a: string, b: string): readonly Step[] {
  const cluster = twin.clusters.clusterOf(a);
  const active = placeholders(base, twin, {}).get(`active_${cluster}`);
  const node = active === b ? b : a;
  const step = (name: "standby" | "unstandby", atMs: number): Step => ({
    kind: "operator",
    atMs,
    label: `exchange-${name}`,
    line: 1,
    action: operatorActions.get(name)!,
    params: { node },
  });
  return cluster === undefined ? [] : [step("standby", 0), step("unstandby", CHANGE_MS / 2)];
}

function moved(step: Step, change: readonly Step[]): Step {
  if (change.length === 0) return step;
  const atMs = step.atMs + CHANGE_MS;
  return step.kind === "heal" ? { ...step, atMs, of: step.of + change.length } : { ...step, atMs };
}
