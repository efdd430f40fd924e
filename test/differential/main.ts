import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isInstalled } from "../installed.js";
import { plainCib, randomCib } from "./cib-arbitrary.js";
import { Both } from "./decide-both.js";
import { mutateCases } from "./mutate-cases.js";
import { compareRandomCibs, describeFound, type Found, shrink } from "./random-cibs.js";

/**
 * `npm run differential -- --runs N --seed S`: random CIBs decided by the installed program and by ours: the status, the
 * summary, what is executed, the status then, and the transition graph. Counts the disagreements by where they begin.
 * --plain leaves out features such as sets, tickets, utilization and rules.
 * --only RUN takes that one alone; --shrink makes the first smaller and shows it; --save FILE writes it.
 * With --mutate-cases DIR the CIBs are those of a folder (of recorded cluster states, say), each with a few things about
 * it changed: nodes lost, resources disabled, operations failed, constraints added, resources moved in from another of the
 * folder's CIBs; and at one of a few dates. --save FOLDER writes those on which
 * the two disagree.
 */
const USAGE =
  "usage: npm run differential -- [--runs N] [--seed S] [--only RUN] [--plain] [--shrink] [--save FILE] [--mutate-cases DIR]";
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    plain: { type: "boolean", default: false },
    shrink: { type: "boolean", default: false },
    save: { type: "string" },
    "mutate-cases": { type: "string" },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const only = values.only === undefined ? undefined : Number(values.only);
const isPosition = (n: number) => Number.isInteger(n) && n >= 0;
if (!isPosition(runs) || runs === 0 || !Number.isInteger(seed) || (only !== undefined && !isPosition(only))) {
  console.error(USAGE);
  process.exit(2);
}
if (!isInstalled("crm_simulate")) {
  console.error("crm_simulate is not installed (Debian: pacemaker-cli-utils): nothing to compare with");
  process.exit(3);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = values["mutate-cases"];
const both = new Both({ graphs: folder === undefined });
let disagreements = 0;
try {
  disagreements =
    folder === undefined ? await random() : await mutateCases(both, { folder, runs, seed, save: values.save }, say);
} finally {
  both.end();
}
for (const [how, count] of both.gaveUp) say(`${count} on which crm_simulate ${how}`);
say(`${only === undefined ? runs : 1} random CIBs, seed ${seed}: ${disagreements} disagreements`);
process.exit(disagreements > 0 ? 1 : 0);

async function random(): Promise<number> {
  const cibs = values.plain ? plainCib : randomCib;
  const found: Found[] = [];
  if (only === undefined) await compareRandomCibs(both, { cibs, seed, runs }, (one) => found.push(one));
  else await compareRandomCibs(both, { cibs, seed, runs: only + 1, from: only }, (one) => found.push(one));
  found.sort((a, b) => a.run - b.run);
  const kinds = new Map<string, number>();
  for (const { disagreement } of found) kinds.set(disagreement.section, (kinds.get(disagreement.section) ?? 0) + 1);
  for (const [section, count] of kinds) say(`first differing in "${section}" ${count}`);
  let first = found[0];
  if (first && values.shrink) first = (await shrink(both, { cibs, seed, run: first.run })) ?? first;
  if (first && (values.shrink || only !== undefined))
    say(describeFound(first, `${values.plain ? "--plain " : ""}--seed ${seed}`));
  else if (first) say(`the first: --only ${first.run}; add --shrink to see it small`);
  if (first && values.save !== undefined) writeFileSync(values.save, first.xml);
  return found.length;
}
