import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { cibXml, randomCib } from "./cib-arbitrary.js";
import { Both, hasCrmSimulate } from "./decide-both.js";
import { mutateCases } from "./mutate-cases.js";

/**
 * `npm run differential -- --runs N --seed S`: random CIBs decided by the installed program and by ours. Without
 * --shrink it counts every disagreement; with it, it stops at the first and shrinks it. --save writes that CIB.
 * With --mutate-cases DIR the CIBs are those of a folder (of recorded cluster states, say), each with a few things about
 * it changed: nodes lost, resources disabled, operations failed, constraints added. --save FOLDER writes those on which
 * the two disagree.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    shrink: { type: "boolean", default: false },
    save: { type: "string" },
    "mutate-cases": { type: "string" },
  },
});
const numRuns = Number(values.runs);
const seed = Number(values.seed);
if (!Number.isInteger(numRuns) || numRuns <= 0 || !Number.isInteger(seed)) {
  console.error("usage: npm run differential -- [--runs N] [--seed S] [--shrink] [--save FILE] [--mutate-cases DIR]");
  process.exit(2);
}
if (!hasCrmSimulate()) {
  console.error("crm_simulate is not installed (Debian: pacemaker-cli-utils): nothing to compare with");
  process.exit(3);
}

const both = new Both();
const say = (text: string) => process.stdout.write(`${text}\n`);
let disagreements = 0;
try {
  if (values["mutate-cases"] !== undefined) {
    const folder = values["mutate-cases"];
    disagreements = mutateCases(both, { folder, runs: numRuns, seed, save: values.save }, say);
  } else if (values.shrink) {
    const result = fc.check(
      fc.property(randomCib, (cib) => both.compare(cibXml(cib)) === undefined),
      { numRuns, seed },
    );
    if (result.counterexample) {
      const xml = cibXml(result.counterexample[0]);
      disagreements = 1;
      say(xml);
      say(JSON.stringify(both.compare(xml), null, 1));
      say(`seed ${seed}, path ${result.counterexamplePath}`);
      if (values.save) writeFileSync(values.save, xml);
    }
  } else {
    const kinds = new Map<string, number>();
    for (const cib of fc.sample(randomCib, { numRuns, seed })) {
      const found = both.compare(cibXml(cib));
      if (!found) continue;
      disagreements++;
      kinds.set(found.section, (kinds.get(found.section) ?? 0) + 1);
    }
    for (const [section, count] of kinds) say(`first differing in "${section}" ${count}`);
  }
} finally {
  both.end();
}
say(
  `${numRuns} random CIBs, seed ${seed}: ${disagreements} disagreements, ${both.skipped} on which the program itself gave up`,
);
process.exit(disagreements > 0 ? 1 : 0);
