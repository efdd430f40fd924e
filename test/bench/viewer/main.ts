import { say } from "../measure.js";
import { longTrace } from "./long-trace.js";
import { report } from "./report.js";
import { vertices } from "./vertices.js";

/**
 * `npm run bench:viewer [section…]`: the browser page in Debian's Chromium. Script is told in the main thread's processor
 * time, so that other programs of the machine are not in it; what is told in milliseconds after a start is not free of them.
 */
const sections: Readonly<Record<string, () => Promise<void>>> = {
  report,
  "vertices-1000": () => vertices(1_000, 10),
  "vertices-5000": () => vertices(5_000, 16),
  "long-trace": longTrace,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in sections));
if (unknown.length > 0) {
  console.error(`unknown section ${unknown.join(", ")}; sections: ${Object.keys(sections).join(", ")}`);
  process.exit(2);
}
for (const [name, section] of Object.entries(sections)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  await section();
  say("");
}
