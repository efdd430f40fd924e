import type { PageIndex, RunHead } from "./page-data.js";

const ORDER = ["live", "fail", "unknown", "waived", "finding", "pass", "unplayed"];

/** What needs a look first, and of equals what was felt longest. */
export function inOrderOfNeed(runs: readonly RunHead[]): readonly RunHead[] {
  const longest = ({ outagesMs = {} }: RunHead) => Math.max(0, ...Object.values(outagesMs));
  return [...runs].sort((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing) || longest(b) - longest(a));
}

/** The run that a page shows where its address names none: the live one, else the one that needs a look first. */
export function firstRun({ runs, live }: Pick<PageIndex, "runs" | "live">): RunHead | undefined {
  return runs.find(({ id }) => id === live) ?? inOrderOfNeed(runs)[0];
}
