import type { RunbookReporter } from "./index.js";

export const json: RunbookReporter = (results) => `${JSON.stringify({ version: 1, runbooks: results }, null, 2)}\n`;
