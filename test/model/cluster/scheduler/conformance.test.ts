import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../../../model/cluster/cib/dates.js";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";
import { disagreement } from "../../../differential/sections.js";

const folder = join(process.cwd(), "..", "shared", "conformance");
const present = existsSync(join(folder, "index.json"));

interface Case {
  readonly name: string;
  readonly date: string | null;
}

describe("decisions recorded from Pacemaker 2.1.5", () => {
  test("are there to be compared with, in CI", () => {
    if (process.env["CI"] === "true") expect(present, "../shared/conformance is absent").toBe(true);
  });

  test.skipIf(!present)("are ours: summary, executed actions and revised status", () => {
    const cases = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Case[];
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter((one) => !agrees(one)).map(({ name }) => name)).toEqual([]);
  });
});

function agrees({ name, date }: Case): boolean {
  const xml = readFileSync(join(folder, "cases", `${name}.xml`), "utf8");
  const expected = readFileSync(join(folder, "expected", `${name}.summary`), "utf8");
  const now = (date === null ? undefined : parseDate(date, 0)) ?? 1_767_225_600;
  try {
    const { text } = simulate(readCib(xml, `${name}.xml`), scheduler, {
      nowEpochSeconds: now,
      ...(date !== null && { setDatetime: date }),
    });
    return disagreement(expected, text) === undefined;
  } catch {
    return false;
  }
}
