import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeXml } from "../../model/cluster/cib/write.js";
import type { Both } from "./decide-both.js";
import { Draws, mutate } from "./mutations.js";

export interface MutationRun {
  /** A folder of CIBs. */
  readonly folder: string;
  readonly runs: number;
  readonly seed: number;
  /** A folder to write each CIB to on which the two disagree. */
  readonly save: string | undefined;
}

/**
 * Takes the CIBs of a folder in turn, each with one to three mutations, and lets both decide. The same seed gives the
 * same CIBs. A CIB on which they disagree unmutated is left out: it says nothing new. Returns how many disagreements.
 */
export async function mutateCases(
  both: Both,
  { folder, runs, seed, save }: MutationRun,
  say: (text: string) => void,
): Promise<number> {
  const files = readdirSync(folder)
    .filter((f) => f.endsWith(".xml"))
    .sort();
  if (files.length === 0) {
    say(`${folder}: no *.xml there`);
    return 0;
  }
  const sound = new Map<string, boolean>();
  let disagreements = 0;
  for (let run = 0; run < runs; run++) {
    const draws = new Draws(seed * 1_000_003 + run);
    const file = files[draws.below(files.length)]!;
    const xml = readFileSync(join(folder, file), "utf8");
    if (!sound.has(file)) sound.set(file, (await both.compare(xml)) === undefined);
    if (!sound.get(file)) continue;
    const { root, did } = mutate(xml, file, draws, 1 + draws.below(3));
    const mutated = writeXml(root);
    let found: string[];
    try {
      const differs = await both.compare(mutated);
      if (!differs) continue;
      const few = (sign: string, lines: readonly string[]) => lines.slice(0, 6).map((line) => `    ${sign} ${line}`);
      found = [
        `  ${differs.section}`,
        ...few("pacemaker", differs.onlyPacemaker),
        ...few("fencepost", differs.onlyFencepost),
      ];
    } catch (error) {
      found = [`  threw ${error instanceof Error ? error.stack : String(error)}`];
    }
    disagreements++;
    const name = `${file.slice(0, -4)}~${run}`;
    say([`${name}: ${did.join("; ")}`, ...found].join("\n"));
    if (save !== undefined && existsSync(save)) writeFileSync(join(save, `${name}.xml`), mutated);
  }
  return disagreements;
}
