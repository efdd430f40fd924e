import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeXml } from "../../model/cluster/cib/write.js";
import { type Both, DATE } from "./decide-both.js";
import { Draws } from "./mutations/draft.js";
import { mutate } from "./mutations/index.js";

export interface MutationRun {
  /** A folder of CIBs. */
  readonly folder: string;
  readonly runs: number;
  readonly seed: number;
  /** A folder to write each CIB to on which the two disagree. */
  readonly save: string | undefined;
}

/** Most compare at one date; some when failures are fresh, and some before the CIB was written. */
const DATES = [DATE, DATE, DATE, DATE, "2014-05-02T03:10:00Z", "2005-01-20T12:00:00Z"];

/**
 * Takes CIBs of a folder, each with one to three mutations, and lets both decide. The same seed gives the same CIBs. A CIB on which they disagree unmutated is left out: it says nothing new. Returns how many disagreements.
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
    const other = () => readFileSync(join(folder, draws.of(files)), "utf8");
    const { root, did } = mutate(xml, draws, 1 + draws.below(3), other);
    const date = draws.of(DATES);
    const mutated = writeXml(root);
    let found: string[];
    try {
      const differs = await both.compare(mutated, date);
      if (!differs) continue;
      if (!sound.has(file)) sound.set(file, (await both.compare(xml)) === undefined);
      if (!sound.get(file)) continue;
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
    say([`${name} (at ${date}): ${did.join("; ")}`, ...found].join("\n"));
    if (save === undefined || !existsSync(save)) continue;
    writeFileSync(join(save, `${name}.xml`), mutated);
    writeFileSync(join(save, `${name}.date`), date);
  }
  return disagreements;
}
