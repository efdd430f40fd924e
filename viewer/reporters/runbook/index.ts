import type { RunbookResult } from "../../../scenarios/runbook/result.js";
import { github } from "./github.js";
import { json } from "./json.js";
import { junit } from "./junit.js";
import { terminal } from "./terminal.js";

export interface RunbookReportContext {
  readonly color: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
}

/** How played runbooks are told: a pure function to the text of one output. */
export type RunbookReporter = (results: readonly RunbookResult[], context: RunbookReportContext) => string;

/** By the name that `--reporter` takes. */
export const runbookReporters: ReadonlyMap<string, RunbookReporter> = new Map(
  Object.entries({ terminal, json, junit, github }),
);
