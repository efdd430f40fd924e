import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";
import { disagreement } from "../../../differential/sections.js";

/**
 * Small CIBs that taught a rule, each named for it, with what crm_simulate 2.1.5 printed for it (-S -t DATE). They came
 * from mutated cases on which it and we disagreed.
 */
const FOLDER = join(import.meta.dirname, "taught");
const DATE = "2026-01-01T00:00:00Z";
/** The clock when they were recorded: what is played then is newer than what the histories say. */
const RECORDED_EPOCH_SECONDS = 1_795_900_000;

const names = readdirSync(FOLDER)
  .filter((f) => f.endsWith(".xml"))
  .map((f) => f.slice(0, -4));

test.each(names)("%s", (name) => {
  const text = (ending: string) => readFileSync(join(FOLDER, name + ending), "utf8");
  const options = { nowEpochSeconds: RECORDED_EPOCH_SECONDS, setDatetime: DATE };
  const ours = simulate(readCib(text(".xml"), `${name}.xml`), scheduler, options).text;
  expect(disagreement(text(".summary"), ours)).toBeUndefined();
});
