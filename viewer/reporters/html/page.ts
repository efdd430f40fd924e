import { pageDataOf } from "../../page/recording.js";
import { singleFile } from "../../page/single-file.js";
import type { Reporter } from "../reporter.js";

/** One HTML file that opens from disk: the browser page with every scenario inside it, and no network. */
export const htmlReporter: Reporter = {
  name: "html",
  defaultFile: "fencepost-report.html",
  render: (record, { recorder }) => singleFile(pageDataOf(record, recorder)),
};
