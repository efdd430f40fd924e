// `npm test`: type-checks, lints and runs every test. Closes with the line `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, install, runBin } from "./prepare.mjs";

install();
build();
const scratch = mkdtempSync(join(tmpdir(), "fencepost-test-"));
const report = join(scratch, "vitest.json");
let failedSteps = 0;
if (runBin("tsc", ["-p", "tsconfig.json", "--noEmit"]) !== 0) failedSteps++;
if (runBin("tsc", ["-p", "viewer/web", "--noEmit"]) !== 0) failedSteps++;
if (runBin("biome", ["check", "."]) !== 0) failedSteps++;
const vitest = runBin("vitest", [
  "run",
  "--reporter",
  "default",
  "--reporter",
  "json",
  "--outputFile.json",
  report,
  ...process.argv.slice(2),
]);
const {
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
} = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
rmSync(scratch, { recursive: true, force: true });
if (vitest !== 0 && numFailedTests === 0) failedSteps++;
console.log(
  `${numPassedTests} passed, ${numFailedTests + failedSteps} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ""}`,
);
process.exit(vitest !== 0 || failedSteps > 0 || numPassedTests === 0 ? 1 : 0);
