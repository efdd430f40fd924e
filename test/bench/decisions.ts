import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cibFromXml } from "../../model/cluster/cib/read.js";
import type { XmlElement } from "../../model/cluster/cib/types.js";
import { parseXml } from "../../model/cluster/cib/xml.js";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { rememberingScheduler } from "../../scenarios/explore/remembering-scheduler.js";
import { isInstalled } from "../installed.js";
import { median, processorMs, say } from "./measure.js";
import { syntheticCib } from "./synthetic-cib.js";

/**
 * How long a decision takes, from the parsed XML to the transition graph with nothing remembered, over what the
 * installed `crm_simulate --profile` takes for the same: both in process, in one run, both in processor time (which is
 * what the program prints; ours has the collection of garbage in it). The program prints hundredths of a second, so each
 * CIB is repeated until it has taken long enough to be told apart.
 */
export function decisions(): void {
  say("a decision, ours over crm_simulate --profile (parsed XML -> transition graph)");
  if (!isInstalled("crm_simulate")) {
    say("  skipped: crm_simulate is not installed (Debian: pacemaker-cli-utils)");
    return;
  }
  const cases = resolve("..", "shared", "conformance", "cases");
  if (existsSync(cases)) ofRecordedCases(cases);
  else say("  the conformance cases are absent (../shared/conformance): only made-up CIBs");
  growth();
}

function ofRecordedCases(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith(".xml"));
  const documents = new Map(files.map((name) => [name, parseXml(readFileSync(join(folder, name), "utf8"), name)]));
  const rows = compare(documents, (name) => join(folder, name)).sort((a, b) => a.ratio - b.ratio);
  const remembered = rememberedTimes(documents);
  const at = (share: number): number => rows[Math.min(rows.length - 1, Math.floor(rows.length * share))]!.ratio;
  const total = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const worst = rows.at(-1)!;
  say(`  ${rows.length} recorded cases: median ${at(0.5).toFixed(3)} (aim 0.1), 90th percentile ${at(0.9).toFixed(3)}`);
  say(`  slowest for us: ${worst.ratio.toFixed(3)} (aim 0.5), ${worst.name}`);
  const slow = rows.filter((row) => row.ratio > 0.5).length;
  say(`  over half of the program's time: ${slow === 0 ? "none" : slow}`);
  say(`  all together: ${total((r) => r.oursMs).toFixed(0)} ms over ${total((r) => r.theirsMs).toFixed(0)} ms`);
  const again = median(rows.map((row) => remembered.get(row.name)! / row.theirsMs));
  say(`  decided before, and remembered: median ${again.toFixed(4)} (from the CIB as a value, as a run asks)`);
}

/** Milliseconds of a decision that was made before, by name. */
function rememberedTimes(documents: ReadonlyMap<string, XmlElement>): Map<string, number> {
  const remembering = rememberingScheduler(scheduler);
  const times = new Map<string, number>();
  for (const [name, xml] of documents) {
    const cib = cibFromXml(xml, name);
    times.set(
      name,
      timeOf(() => remembering.decide(cib, { nowEpochSeconds: NOW })),
    );
  }
  return times;
}

function growth(): void {
  say("  growth                                  ours ms   theirs ms   ratio");
  const sizes = [
    ...[2, 4, 8, 16, 32].map((nodes) => ({ nodes, resources: 50, constraints: 25 })),
    ...[10, 100, 500, 1_000].map((resources) => ({ nodes: 4, resources, constraints: 10 })),
    ...[10, 100, 400].map((constraints) => ({ nodes: 4, resources: 200, constraints })),
  ];
  const scratch = mkdtempSync(join(tmpdir(), "fencepost-bench-"));
  try {
    const documents = new Map<string, XmlElement>();
    for (const { nodes, resources, constraints } of sizes) {
      const name = `${nodes} nodes, ${resources} resources, ${constraints} constraints`;
      const text = syntheticCib(nodes, resources, constraints);
      writeFileSync(join(scratch, `${name}.xml`), text);
      documents.set(name, parseXml(text, name));
    }
    for (const row of compare(documents, (name) => join(scratch, `${name}.xml`))) {
      const figures = `${row.oursMs.toFixed(2).padStart(9)}${row.theirsMs.toFixed(2).padStart(12)}`;
      say(`  ${row.name.padEnd(38)}${figures}${row.ratio.toFixed(3).padStart(8)}`);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

interface Row {
  readonly name: string;
  readonly oursMs: number;
  readonly theirsMs: number;
  readonly ratio: number;
}

/** An instant after all that the recorded cases remember. */
const NOW = 1_767_225_600;

/** Processor time of one piece of work in milliseconds, the median of batches that are long enough for the clock. */
function timeOf(work: () => void): number {
  work();
  const onceMs = processorMs(work);
  const times = Math.max(1, Math.ceil(3 / Math.max(onceMs, 0.001)));
  const batch = (): void => {
    for (let i = 0; i < times; i++) work();
  };
  return median(Array.from({ length: 7 }, () => processorMs(batch) / times));
}

function compare(documents: ReadonlyMap<string, XmlElement>, pathOf: (name: string) => string): Row[] {
  const theirs = theirTimes([...documents.keys()], pathOf);
  const decide = (name: string, xml: XmlElement): unknown =>
    scheduler.decide(cibFromXml(xml, name), { nowEpochSeconds: NOW });
  for (let warm = 0; warm < 5; warm++) for (const [name, xml] of documents) decide(name, xml);
  const rows: Row[] = [];
  for (const [name, xml] of documents) {
    const oursMs = timeOf(() => decide(name, xml));
    const theirsMs = theirs.get(name)!;
    rows.push({ name, oursMs, theirsMs, ratio: oursMs / theirsMs });
  }
  return rows;
}

/** What the program counts of one CIB before its time can be told from the next hundredth of a second. */
const LONG_ENOUGH_MS = 150;

/** Milliseconds a decision takes the program, by name. */
function theirTimes(names: readonly string[], pathOf: (name: string) => string): Map<string, number> {
  const times = new Map<string, number>();
  let left = [...names];
  for (const repeat of [10, 100, 500]) {
    const took = profile(left, pathOf, repeat);
    for (const name of left) times.set(name, took.get(name)! / repeat);
    left = left.filter((name) => took.get(name)! < LONG_ENOUGH_MS);
    if (left.length === 0) break;
  }
  return times;
}

/** Milliseconds that `repeat` decisions on each CIB take the program. */
function profile(names: readonly string[], pathOf: (name: string) => string, repeat: number): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), "fencepost-bench-"));
  try {
    names.forEach((name, i) => {
      symlinkSync(pathOf(name), join(folder, `${i}.xml`));
    });
    const options = { encoding: "utf8", maxBuffer: 1 << 28 } as const;
    const { stdout } = spawnSync("crm_simulate", ["--profile", folder, "--repeat", String(repeat)], options);
    const found = new Map<string, number>();
    for (const [, i, seconds] of stdout.matchAll(/\/(\d+)\.xml \.\.\. ([\d.]+) secs/g)) {
      found.set(names[Number(i)]!, Number(seconds) * 1_000);
    }
    const missing = names.find((name) => !found.has(name));
    if (missing !== undefined) throw new Error(`crm_simulate --profile printed no time for ${missing}`);
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
