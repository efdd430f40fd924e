import { expect, it } from "vitest";
import { Findings } from "../../../scenarios/explore/findings.js";
import { DEFAULT_LIMITS } from "../../../scenarios/explore/limits.js";
import { shownCounterexamples } from "../../../scenarios/explore/shown.js";
import { explorerOf } from "./explorer-of.js";

const explorer = explorerOf("minimal-pair");
const VISIT = "served-again/journey/visit";

/** What exploration believes that these faults break. */
function shown(...texts: string[]) {
  const findings = new Findings(explorer.instances, []);
  for (const text of texts) {
    const { index } = explorer.instances.find((one) => one.text === text)!;
    findings.addBroken(VISIT, explorer.single(index)!.outcome.schedule, 600_000);
  }
  return shownCounterexamples(explorer, findings, { seed: 1, version: "test", limits: DEFAULT_LIMITS });
}

it("a schedule that does not break it as a scenario is told, and another one shows the promise", () => {
  const { counterexamples, unshown, inVain } = shown("lose-node web1", "lose-switch switch");
  expect(counterexamples.map(({ text, promises }) => [text, promises])).toEqual([["lose-switch switch", [VISIT]]]);
  expect(unshown).toEqual([]);
  expect(inVain).toEqual([`lose-node web1: broke ${VISIT} in exploration, and not as a scenario`]);
});

it("where no schedule shows it, the promise is left out, and it is said", () => {
  const { counterexamples, unshown, inVain } = shown("lose-node web1");
  expect(counterexamples).toEqual([]);
  expect(unshown).toEqual([VISIT]);
  expect(inVain).toHaveLength(1);
});
