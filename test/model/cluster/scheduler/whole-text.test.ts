import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../../../model/cluster/cib/dates.js";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";
import { allCases, areCasesHere, type Case, fileOf, printedOf } from "../../../conformance-cases.js";

/** Cases that decide alike and whose lines are in another order still; the list may only shrink. */
const OTHER_ORDER: readonly string[] = ["migrate-fencing", "promoted-partially-demoted-group"];

describe.skipIf(!areCasesHere())("the text of a simulation", () => {
  test("is crm_simulate's to the byte", () => {
    const wrong = allCases()
      .filter((one) => !isSame(one))
      .map(({ name }) => name);
    expect(wrong.filter((name) => !OTHER_ORDER.includes(name))).toEqual([]);
  });
});

function isSame({ name, date }: Case): boolean {
  const cib = readCib(readFileSync(fileOf(name), "utf8"), `${name}.xml`);
  const nowEpochSeconds = (date === null ? undefined : parseDate(date, 0)) ?? 1_767_225_600;
  const { text } = simulate(cib, scheduler, { nowEpochSeconds, ...(date !== null && { setDatetime: date }) });
  return text === printedOf(name);
}
