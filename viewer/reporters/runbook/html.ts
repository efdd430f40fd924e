import { RunbookRecorder } from "../../page/runbook-recorder.js";
import { singleFile } from "../../page/single-file.js";
import type { RunbookReporter } from "./index.js";

/** One HTML file that opens from disk: the browser page with every runbook inside it, and no network. */
export const html: RunbookReporter = (results, { recorder = new RunbookRecorder(), fencepost }) =>
  singleFile(recorder.pageData(results, fencepost));
