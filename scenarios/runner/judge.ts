import type { PromiseResult, Verdict } from "../../model/verdict/types.js";
import { formatDuration } from "../file/duration.js";
import type { Scenario } from "../file/read-scenario.js";

type Judged = Pick<Verdict, "verdict" | "because" | "finding" | "unknowns">;

/**
 * pass, fail or unknown, with the one line that says why.
 *
 * - A steady state that does not hold before the first fault makes everything after it meaningless: unknown.
 * - A broken promise is a fail, unless the scenario exists to show just that: then it is a pass with its finding, as
 *   long as every promise that it names broke and no other did.
 * - A finding that was not found is a fail: the weakness is gone, or the scenario no longer shows it.
 * - A bound that was reached, or a witness that was not seen, is unknown: nothing was shown.
 */
export function judge(scenario: Scenario, results: readonly PromiseResult[], bounds: readonly string[]): Judged {
  const broken = results.filter(({ status }) => status === "broken");
  const before = broken.find(({ name }) => name === "steady/before");
  if (before) {
    const because = `the steady state did not hold before the first fault: ${before.evidence}`;
    return { verdict: "unknown", because, unknowns: [because] };
  }
  const named = scenario.finding?.promises ?? [];
  const isNamed = ({ name }: PromiseResult) =>
    named.some((one) => name === one || name.startsWith(`${one}/`) || name.startsWith(`${one} `));
  const unexpected = broken.find((result) => !isNamed(result));
  if (unexpected) return { verdict: "fail", because: sentence(unexpected), unknowns: bounds };
  if (scenario.finding) {
    const missing = named.find(
      (one) => !broken.some(({ name }) => name === one || name.startsWith(`${one}/`) || name.startsWith(`${one} `)),
    );
    if (missing === undefined) {
      const { text } = scenario.finding;
      const shown = broken.find(isNamed)!;
      return {
        verdict: "pass",
        because: `the expected finding was found: ${sentence(shown)}`,
        finding: text,
        unknowns: [],
      };
    }
    if (bounds.length === 0)
      return { verdict: "fail", because: `the expected finding was not found: ${missing} held`, unknowns: [] };
  }
  const unseen = results.filter(({ kind, status }) => kind === "sometimes" && status === "not-exercised");
  const unreached = results.filter(({ kind, status }) => kind === "within" && status === "not-exercised");
  const unknowns = [
    ...bounds,
    ...unseen.map(({ name }) => `nothing was exercised: ${name.slice("sometimes/".length)} was not seen`),
    ...unreached.map(({ name }) => `the deadline of ${name} was not reached`),
  ];
  if (unknowns.length > 0) return { verdict: "unknown", because: unknowns[0]!, unknowns };
  const kept = results.filter(({ status }) => status === "kept").length;
  return { verdict: "pass", because: `${kept} promises were put to the test and kept`, unknowns: [] };
}

function sentence({ name, atMs, evidence }: PromiseResult): string {
  const at = atMs === undefined ? "" : ` at ${formatDuration(atMs)}`;
  return `${name}${at}${evidence ? `: ${evidence}` : ""}`;
}
