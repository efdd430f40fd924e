import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { holdAgainst, readRecording } from "../../scenarios/recording.js";

const FOLDER = resolve(process.cwd(), process.env["FENCEPOST_RECORDINGS"] ?? "../shared/recordings");
const present = existsSync(FOLDER);
if (!present && process.env["CI"] === "true") throw new Error(`${FOLDER} is missing`);

describe.skipIf(!present)(
  `recordings of a real cluster${present ? "" : " (skipped: ../shared/recordings is not here)"}`,
  () => {
    for (const name of present
      ? readdirSync(FOLDER)
          .filter((file) => file.endsWith(".json"))
          .sort()
      : [])
      test(`${basename(name, ".json")}: the twin tells the same story`, () => {
        const file = `${FOLDER}/${name}`;
        const comparison = holdAgainst(readRecording(readFileSync(file, "utf8"), file), file, scheduler);
        expect(comparison.reasons).toEqual([]);
        expect(comparison.pairs).toBeGreaterThan(0);
      }, 120_000);
  },
);
