import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readRunbookFile } from "../../../scenarios/runbook/page/prepare-runbook.js";
import { playRunbook } from "../../../scenarios/runbook/play/play.js";
import { settledPage } from "./settled-page.js";

const FOLDER = "test/scenarios/runbook/procedures";

/** Pages that need something the twin does not have, with what each must say. */
const NOT_MODELLED: Readonly<Record<string, RegExp>> = {
  "balancer-drain.md": /HAProxy's socket: disable server/,
  "reboot-controllers.md": /the command free/,
  "update-packages.md": /the command yum/,
};

describe("procedures from public documentation", () => {
  test.each(readdirSync(FOLDER))("%s: each step runs, or says plainly what is not modelled", async (name) => {
    const page = readRunbookFile(`${FOLDER}/${name}`);
    const result = await playRunbook(settledPage(page), page, { keepGoing: true });
    expect([...result.steps.flatMap(({ problems }) => problems), ...result.end]).toEqual([]);
    const wanted = NOT_MODELLED[name];
    if (wanted) expect(result.unknowns.join("\n")).toMatch(wanted);
    else expect(result.unknowns).toEqual([]);
    expect(result.verdict).toBe(wanted ? "unknown" : "pass");
  });
});
