import { githubReporter } from "./github.js";
import { htmlReporter } from "./html/page.js";
import { jsonReporter } from "./json.js";
import { junitReporter } from "./junit.js";
import type { Reporter } from "./reporter.js";
import { terminalReporter } from "./terminal.js";

/** By the name that `--reporter` takes. */
export const reporters: ReadonlyMap<string, Reporter> = new Map(
  [terminalReporter, jsonReporter, junitReporter, githubReporter, htmlReporter].map((reporter) => [
    reporter.name,
    reporter,
  ]),
);
