import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { holdAgainst, readRecording } from "../../scenarios/recording.js";
import { isHere } from "../real-things.js";

const FOLDER = process.env["FENCEPOST_RECORDINGS"] ?? "../shared/recordings";
const areHere = isHere(FOLDER, existsSync(FOLDER));
const names = areHere
  ? readdirSync(FOLDER)
      .filter((file) => file.endsWith(".json"))
      .sort()
  : [];

describe.skipIf(!areHere)("recordings of a real cluster", () => {
  for (const name of names)
    test(`${basename(name, ".json")}: the twin tells the same story`, () => {
      const file = `${FOLDER}/${name}`;
      const comparison = holdAgainst(readRecording(readFileSync(file, "utf8"), file), file, scheduler);
      expect(comparison.reasons).toEqual([]);
      expect(comparison.pairs).toBeGreaterThan(0);
    }, 120_000);
});
