import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCib } from "../../model/cluster/cib/read.js";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { simulate } from "../../model/cluster/scheduler/simulate/simulate.js";
import { type Disagreement, disagreement } from "./sections.js";

/** A fixed day: rules and failure-timeouts must not depend on when the test runs. */
const DATE = "2026-01-01T00:00:00Z";

/** Whether the installed program is there. */
export function hasCrmSimulate(): boolean {
  return spawnSync("crm_simulate", ["--version"]).status === 0;
}

/** Lets the installed program and ours decide on CIBs; keeps its scratch files until `end`. */
export class Both {
  readonly #folder = mkdtempSync(join(tmpdir(), "fencepost-differential-"));

  /**
   * Where the two disagree on a CIB; undefined where they agree. Where the program itself gives up on a CIB there is
   * nothing to agree with: `skipped` counts those.
   */
  compare(xml: string): Disagreement | undefined {
    const file = join(this.#folder, "cib.xml");
    writeFileSync(file, xml);
    const theirs = spawnSync("crm_simulate", ["-S", "-x", file, "-t", DATE], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
      env: { ...process.env, TZ: "UTC" },
    });
    if (theirs.status !== 0) {
      this.skipped++;
      return undefined;
    }
    const { text } = simulate(readCib(xml, "cib.xml"), scheduler, {
      nowEpochSeconds: Date.parse(DATE) / 1_000,
      setDatetime: DATE,
    });
    return disagreement(theirs.stdout, text);
  }

  skipped = 0;

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
