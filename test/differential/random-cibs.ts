import fc from "fast-check";
import type { RandomCib } from "./cib-arbitrary.js";
import { cibXml } from "./cib-xml.js";
import type { Both } from "./decide-both.js";
import type { Disagreement } from "./sections.js";

/** One random CIB on which the two disagree. */
export interface Found {
  /** Its position among the CIBs of the seed. */
  readonly run: number;
  readonly xml: string;
  readonly disagreement: Disagreement;
}

/** Processes of the program at a time. */
const PARALLEL = 3;

/** Which random CIBs: a seed of an arbitrary. */
export interface Source {
  readonly cibs: fc.Arbitrary<RandomCib>;
  readonly seed: number;
}

/** Lets both decide on the first `runs` random CIBs of a seed (but for those before `from`); calls back for each disagreement, in no certain order. */
export async function compareRandomCibs(
  both: Both,
  { cibs: arbitrary, seed, runs, from = 0 }: Source & { readonly runs: number; readonly from?: number },
  found: (one: Found) => void,
): Promise<void> {
  const cibs = fc.sample(arbitrary, { numRuns: runs, seed });
  let next = from;
  const work = async (): Promise<void> => {
    while (next < runs) {
      const run = next++;
      const xml = cibXml(cibs[run]!);
      const disagreement = await both.compare(xml);
      if (disagreement) found({ run, xml, disagreement });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

/** The smallest CIB found that still disagrees, from the one at position `run` of a seed. */
export async function shrink(
  both: Both,
  { cibs, seed, run }: Source & { readonly run: number },
): Promise<Found | undefined> {
  const agrees = async (cib: RandomCib): Promise<boolean> => (await both.compare(cibXml(cib))) === undefined;
  const result = await fc.check(fc.asyncProperty(cibs, agrees), {
    seed,
    path: `${run}`,
    numRuns: 1,
    interruptAfterTimeLimit: 120_000,
  });
  if (!result.counterexample) return undefined;
  const xml = cibXml(result.counterexample[0]);
  const disagreement = await both.compare(xml);
  return disagreement && { run, xml, disagreement };
}

/** What an operator needs to see of a disagreement, and the line that plays it again. */
export function describeFound({ run, xml, disagreement }: Found, replay: string): string {
  const { section, onlyPacemaker, onlyFencepost } = disagreement;
  const lines = [
    xml,
    `They differ in "${section}"`,
    ...onlyPacemaker.map((line) => `  only pacemaker: ${line}`),
    ...onlyFencepost.map((line) => `  only fencepost: ${line}`),
    `Again: npm run differential -- ${replay} --only ${run} --shrink --save cib.xml`,
  ];
  return lines.join("\n");
}
