import fc from "fast-check";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import type { Topology } from "../../model/topology/types.js";
import { Twins } from "../run.js";
import { readRunbookFile, settledFor } from "../runbook/page/prepare-runbook.js";
import { playRunbook } from "../runbook/play/play.js";
import type { RunbookResult } from "../runbook/play/result.js";
import { type MutantKind, plannedMutants } from "../runbook/rehearse/mutate.js";

/** One way to get a runbook wrong. */
export interface RunbookMutation {
  readonly kind: MutantKind;
  /** Of the step that is not done as the page says. */
  readonly line: number;
  /** What it says besides: `lose-node lb1`, for a second fault. */
  readonly detail: string;
  /** Plays the page so, going on behind failed checks. */
  play(): Promise<RunbookResult>;
}

/**
 * The ways to get a runbook's page wrong: each step skipped, repeated, swapped with the next, done on the peer, too
 * early, or with a second fault before it. It shrinks to the earliest step. Throws InputError for what is no runbook,
 * or names what the topology has not.
 *
 * @example
 * fc.asyncProperty(runbookMutation(topology, "fence-by-hand.md"), async (mutation) => {
 *   const { verdict } = await mutation.play();
 *   expect(verdict).not.toBe("pass");
 * });
 */
export function runbookMutation(topology: Topology, file: string): fc.Arbitrary<RunbookMutation> {
  const runbook = readRunbookFile(file);
  const settled = settledFor(runbook, topology, new Twins({ scheduler }));
  const mutations = plannedMutants(settled, runbook).map(({ kind, item, detail, plan }) => ({
    kind,
    line: item.step.line,
    detail,
    play: () => playRunbook(settled, runbook, { before: runbook.before, plan, keepGoing: true }),
    [fc.toStringMethod]: () => `line ${item.step.line} ${kind}${detail === "" ? "" : ` (${detail})`}`,
  }));
  return fc.constantFrom(...mutations);
}
