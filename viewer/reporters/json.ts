import type { RunRecord } from "../../model/verdict/types.js";
import { countStandings, exitCodeOf, type Reporter } from "./reporter.js";

/** For programs: one object, versioned; traces are left to `.fencepost/`. */
export const jsonReporter: Reporter = {
  name: "json",
  render: (record: RunRecord) =>
    `${JSON.stringify(
      {
        version: record.version,
        fencepost: record.fencepost,
        topology: record.topology,
        counts: countStandings(record),
        exitCode: exitCodeOf(record),
        scenarios: record.scenarios.map(({ verdict }) => verdict),
      },
      null,
      2,
    )}\n`,
};
