import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../../../model/cluster/cib/dates.js";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";

const folder = join(process.cwd(), "..", "shared", "conformance");
const present = existsSync(join(folder, "index.json"));

/** Cases that decide alike and whose lines are in another order still; the list may only shrink. */
const OTHER_ORDER: readonly string[] = ["migrate-fencing", "promoted-partially-demoted-group"];

interface Case {
  readonly name: string;
  readonly date: string | null;
}

describe.skipIf(!present)("the text of a simulation (skipped where ../shared/conformance is not here)", () => {
  test("is crm_simulate's to the byte", () => {
    const cases = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Case[];
    const wrong = cases.filter((one) => !isSame(one)).map(({ name }) => name);
    expect(wrong.filter((name) => !OTHER_ORDER.includes(name))).toEqual([]);
  });
});

function isSame({ name, date }: Case): boolean {
  const cib = readCib(readFileSync(join(folder, "cases", `${name}.xml`), "utf8"), `${name}.xml`);
  const nowEpochSeconds = (date === null ? undefined : parseDate(date, 0)) ?? 1_767_225_600;
  const { text } = simulate(cib, scheduler, { nowEpochSeconds, ...(date !== null && { setDatetime: date }) });
  return text === readFileSync(join(folder, "expected", `${name}.summary`), "utf8");
}
