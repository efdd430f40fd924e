import { decisions } from "./decisions.js";
import { pairs, pairsSample, singleFaults } from "./explore.js";
import { growth } from "./growth.js";
import { compiledMachine, eventQueue } from "./kernel.js";
import { say } from "./measure.js";
import { againstXstateGraph } from "./packed/graph.js";
import { againstSpin } from "./packed/spin.js";
import { twoWorkers } from "./packed/workers.js";
import { runbooks } from "./runbooks.js";
import { idleDay, scenariosPerSecond } from "./scenarios-per-second.js";

/** `npm run bench [section…]`: ratios and medians measured in one run. Its sections are named below. */
const sections: Readonly<Record<string, () => void | Promise<void>>> = {
  decisions,
  scenarios: scenariosPerSecond,
  idle: idleDay,
  growth: () => growth([10, 100, 1_000, 10_000]),
  runbooks,
  machine: compiledMachine,
  queue: eventQueue,
  graph: againstXstateGraph,
  spin: againstSpin,
  workers: twoWorkers,
  explore: singleFaults,
  pairs,
  "pairs-sample": pairsSample,
};

/** They take long: played where they are asked for. */
const BY_NAME = ["pairs", "pairs-sample"];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in sections));
if (unknown.length > 0) {
  console.error(`unknown section ${unknown.join(", ")}; sections: ${Object.keys(sections).join(", ")}`);
  process.exit(2);
}
for (const [name, section] of Object.entries(sections)) {
  if (asked.length > 0 ? !asked.includes(name) : BY_NAME.includes(name)) continue;
  await section();
  say("");
}
