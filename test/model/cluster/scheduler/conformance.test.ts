import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../../../model/cluster/cib/dates.js";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";
import { allCases, areCasesHere, type Case, fileOf, printedOf } from "../../../conformance-cases.js";
import { disagreement } from "../../../differential/sections.js";

describe.skipIf(!areCasesHere())("decisions recorded from Pacemaker 2.1.5", () => {
  test("are ours: summary, executed actions and revised status", () => {
    const cases = allCases();
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter((one) => !agrees(one)).map(({ name }) => name)).toEqual([]);
  });
});

function agrees({ name, date }: Case): boolean {
  const xml = readFileSync(fileOf(name), "utf8");
  const expected = printedOf(name);
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
