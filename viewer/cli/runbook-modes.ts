import type { Runbook } from "../../scenarios/runbook/page/runbook.js";
import type { PlayOptions } from "../../scenarios/runbook/play/session.js";
import { type MatrixCell, playMatrix } from "../../scenarios/runbook/rehearse/matrix.js";
import { type MutationReport, mutateRunbook } from "../../scenarios/runbook/rehearse/mutate.js";
import { playTwice, rollBacks, sheetOf } from "../../scenarios/runbook/rehearse/rehearse.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import type { RunbookReportContext } from "../reporters/runbook/index.js";
import { mutationText } from "../reporters/runbook/mutation.js";
import { matrixText, rollBacksText, sheetText, twiceText } from "../reporters/runbook/sheet.js";
import { EXIT } from "./exit.js";
import { Progress } from "./progress.js";

/** A page with the twin that it is played on. */
export interface Prepared {
  readonly page: Runbook;
  readonly settled: SettledTwin;
}

/** What a mode tells: data for --json, text for people, and its exit code. */
export interface ModeAnswer {
  readonly data: unknown;
  readonly text: string;
  readonly exitCode: number;
}

/** Other ways to use a page than to play it once. */
export type Mode = (prepared: readonly Prepared[], options: PlayOptions, how: ModeContext) => Promise<ModeAnswer>;

export interface ModeContext extends RunbookReportContext {
  readonly minScore: number;
}

export const modes: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ["mutate", mutate],
  ["matrix", matrix],
  ["sheet", sheet],
  ["twice", twice],
  ["rollBack", rollBack],
]);

/** Mutants are for the page's author: they fail the run where the page itself does, or below the score that is asked for. */
async function mutate(prepared: readonly Prepared[], { seed }: PlayOptions, how: ModeContext): Promise<ModeAnswer> {
  const reports: MutationReport[] = [];
  for (const { page, settled } of prepared) {
    const progress = new Progress(`mutating ${page.name}`, { quiet: how.quiet });
    const onMutant = (done: number, total: number) => progress.update(done, total);
    reports.push(await mutateRunbook(settled, page, { ...(seed !== undefined && { seed }), onMutant }));
    progress.end();
  }
  const isBroken = reports.some(({ page, score }) => page === "fail" || score < how.minScore);
  return {
    data: { version: 1, mutations: reports },
    text: reports.map((report) => mutationText(report, how)).join("\n\n"),
    exitCode: isBroken ? EXIT.broken : reports.some(({ page }) => page === "unknown") ? EXIT.unknown : EXIT.pass,
  };
}

async function matrix(prepared: readonly Prepared[], options: PlayOptions): Promise<ModeAnswer> {
  const pages: { name: string; cells: readonly MatrixCell[] }[] = [];
  for (const { page, settled } of prepared)
    pages.push({ name: page.name, cells: await playMatrix(settled, page, options) });
  const verdicts = pages.flatMap(({ cells }) => cells.map(({ result }) => result.verdict));
  return {
    data: { version: 1, matrices: pages },
    text: pages.map(({ name, cells }) => matrixText(name, cells)).join("\n\n"),
    exitCode: exitCodeOf(verdicts),
  };
}

async function sheet(prepared: readonly Prepared[], options: PlayOptions): Promise<ModeAnswer> {
  const sheets = [];
  for (const { page, settled } of prepared) sheets.push(await sheetOf(settled, page, options));
  return {
    data: { version: 1, sheets },
    text: sheets.map(sheetText).join("\n"),
    exitCode: exitCodeOf(sheets.map(({ result }) => result.verdict)),
  };
}

async function twice(prepared: readonly Prepared[], options: PlayOptions): Promise<ModeAnswer> {
  const pages = [];
  for (const { page, settled } of prepared)
    pages.push({ name: page.name, ...(await playTwice(settled, page, options)) });
  return {
    data: { version: 1, twice: pages },
    text: pages.map((one) => twiceText(one.name, one)).join("\n"),
    exitCode: pages.every(({ isIdempotent }) => isIdempotent) ? EXIT.pass : EXIT.broken,
  };
}

async function rollBack(prepared: readonly Prepared[], options: PlayOptions): Promise<ModeAnswer> {
  const pages = [];
  for (const { page, settled } of prepared)
    pages.push({ name: page.name, rollBacks: await rollBacks(settled, page, options) });
  const reaches = pages.flatMap(({ rollBacks: backs }) => backs.map((one) => one.reaches));
  return {
    data: { version: 1, pages },
    text: pages.map((one) => rollBacksText(one.name, one.rollBacks)).join("\n"),
    exitCode: reaches.includes("not") ? EXIT.broken : reaches.includes("none written") ? EXIT.unknown : EXIT.pass,
  };
}

/** 1 where one failed, else 3 where one is not known. */
export function exitCodeOf(verdicts: readonly string[]): number {
  if (verdicts.includes("fail")) return EXIT.broken;
  return verdicts.includes("unknown") || verdicts.length === 0 ? EXIT.unknown : EXIT.pass;
}
