import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readRunbookFile } from "../../../../scenarios/runbook/page/prepare-runbook.js";
import { mutateRunbook } from "../../../../scenarios/runbook/rehearse/mutate.js";
import { isCi } from "../../../real-things.js";
import { pairPage, settledPage } from "../settled-page.js";

const FOLDER = "fixtures/runbooks";
const all = readdirSync(FOLDER).filter((name) => /^[\w-]+\.md$/.test(name) && name !== "README.md");
/** Pages that fence, confirm a fence, power a node, or move or mount the datadir. */
const touching = all.filter((name) =>
  /stonith|fence|power-o|reboot|mysql|storage|nfs/i.test(readRunbookFile(`${FOLDER}/${name}`).text),
);
/** Every mutant of every page takes two minutes of processor time: beyond CI, the shortest pages alone. */
const played = isCi ? all : ["clean-up.md", "move-and-clear.md"];

describe("the shipped runbooks got wrong on purpose", () => {
  test("most of them touch fencing or the datadir", () => expect(touching.length).toBeGreaterThan(8));

  test.each(played)(
    "%s: the page itself does no harm, and some way to get it wrong does",
    async (name) => {
      const page = readRunbookFile(`${FOLDER}/${name}`);
      const { page: verdict, mutants } = await mutateRunbook(settledPage(page), page);
      expect(verdict).toBe("pass");
      const ends = mutants.filter(({ outcome }) => outcome === "harmful" || outcome === "caught");
      expect(ends.length).toBeGreaterThan(0);
      for (const one of ends) expect(one.harm?.text).not.toBe("");
      for (const one of mutants.filter(({ outcome }) => outcome === "harmful")) expect(one.missing).toMatch(/see that/);
    },
    300_000,
  );
});

test("a page that only looks has no harmful mutant, whichever step is skipped, repeated, swapped or mistyped", async () => {
  const page = pairPage(
    "~~~sh\npcs status\n~~~\n\n~~~sh\ncrm_mon -1 | grep Online\n~~~\n\n~~~sh\ncurl -s http://10.0.0.100/\n~~~\n",
    "outages:\n  - { journey: visit, outage: 1m }\n",
  );
  const { mutants, score } = await mutateRunbook(settledPage(page), page);
  expect(mutants.length).toBeGreaterThan(10);
  expect(mutants.filter(({ outcome }) => outcome !== "harmless")).toEqual([]);
  expect(score).toBe(1);
});
