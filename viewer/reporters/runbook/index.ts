import type { RunbookResult } from "../../../scenarios/runbook/play/result.js";
import type { RunbookRecorder } from "../../page/runbook-recorder.js";
import { github } from "./github.js";
import { html } from "./html.js";
import { json } from "./json.js";
import { junit } from "./junit.js";
import { terminal } from "./terminal.js";

export interface RunbookReportContext {
  readonly color: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** The program's version. */
  readonly fencepost: string;
  /** Who looked on while they were played, for the html reporter. */
  readonly recorder?: RunbookRecorder;
}

/** How played runbooks are told: a pure function to the text of one output. */
export type RunbookReporter = (results: readonly RunbookResult[], context: RunbookReportContext) => string;

/** By the name that `--reporter` takes. */
export const runbookReporters: ReadonlyMap<string, RunbookReporter> = new Map(
  Object.entries({ terminal, json, junit, github, html }),
);

/** Where a report is written when --output-file names nothing; the others go to standard output. */
export const defaultFiles: ReadonlyMap<string, string> = new Map([["html", "fencepost-runbook.html"]]);
