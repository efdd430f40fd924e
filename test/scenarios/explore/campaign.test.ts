import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { explore } from "../../../scenarios/explore/explore.js";
import { mergeCampaign, readCampaignFiles } from "../../../scenarios/explore/merge.js";
import type { ExplorationReport } from "../../../scenarios/explore/report.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "../../../fixtures/minimal-pair/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const { topology } = loaded;
const settings = { scheduler, version: "test", faults: 2, faultNames: ["lose-node", "lose-arp"] };
const folder = mkdtempSync(join(tmpdir(), "fencepost-campaign-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${++files}.jsonl`);
const merged = async (...paths: string[]) => mergeCampaign(topology, readCampaignFiles(paths), settings);

let whole: ExplorationReport;
let wholeFile: string;
beforeAll(async () => {
  wholeFile = newFile();
  whole = await explore(topology, { ...settings, campaignFile: wholeFile });
});

describe("a campaign's file", () => {
  it("changes nothing about what is found", async () => {
    expect(whole.counts.combinations.some(({ faults, run }) => faults === 2 && run > 0)).toBe(true);
    expect(whole).toEqual(await explore(topology, settings));
  });

  it("cut off at any byte, goes on there: the same report, and the same units once each", async () => {
    const text = readFileSync(wholeFile, "utf8");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length - 1 }), async (bytes) => {
        const file = newFile();
        writeFileSync(file, text.slice(0, bytes));
        expect(await explore(topology, { ...settings, campaignFile: file })).toEqual(whole);
        expect(sorted(readFileSync(file, "utf8"))).toEqual(sorted(text));
      }),
      { numRuns: 5, seed: 4, examples: [[5], [text.indexOf("\n") + 1]] },
    );
  });

  it.each([
    ["seed", { seed: 2 }, /--seed: the file has 1, here it is 2/],
    ["version", { version: "other" }, /version of fencepost: the file has "test", here it is "other"/],
    ["faults", { faultNames: ["lose-arp"] }, /--fault: the file has/],
    ["topology", { set: [":no-quorum-policy=stop"] }, /topology: the file has/],
    ["patience", { limits: { patienceMs: 1_000 } }, /--patience/],
  ])("of another %s is refused, and stays as it was", async (_, other, message) => {
    const before = readFileSync(wholeFile, "utf8");
    await expect(explore(topology, { ...settings, ...other, campaignFile: wholeFile })).rejects.toThrow(message);
    expect(readFileSync(wholeFile, "utf8")).toBe(before);
  });

  it("that is somebody's own is refused, and stays as it was", async () => {
    for (const text of ["name: my-topology", "{}\n", "[1]\n{}"]) {
      const file = newFile();
      writeFileSync(file, text);
      await expect(explore(topology, { ...settings, campaignFile: file })).rejects.toThrow(/no file of a campaign/);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  it("with a result that names a fault which is not there is refused, with its line", async () => {
    const [header, line = ""] = readFileSync(wholeFile, "utf8").split("\n");
    const file = newFile();
    writeFileSync(file, `${header}\n${line.replace(/"instance":\d+/, '"instance":4096')}\n`);
    await expect(merged(file)).rejects.toThrow(`${file}:2: this is no result of single`);
  });
});

describe("shards", () => {
  it.each([2, 3])("%i of them, merged in any order, report as one process does", async (of) => {
    const paths: string[] = [];
    for (let index = 1; index <= of; index++) {
      paths.push(newFile());
      await explore(topology, { ...settings, shard: { index, of }, campaignFile: paths.at(-1)! });
    }
    expect(await merged(...paths)).toEqual(whole);
    expect(await merged(...paths.reverse(), paths[0]!)).toEqual(whole);
    const without = await merged(...paths.slice(1));
    expect(without.counts.missing).toBeGreaterThan(0);
    expect(without.verdict).not.toBe("pass");
  });

  it("of single faults play each fault once between them", async () => {
    const alone = { ...settings, faults: 1 };
    const paths = [newFile(), newFile()];
    const [one, two] = [
      await explore(topology, { ...alone, shard: { index: 1, of: 2 }, campaignFile: paths[0]! }),
      await explore(topology, { ...alone, shard: { index: 2, of: 2 }, campaignFile: paths[1]! }),
    ];
    const all = await explore(topology, alone);
    expect(one.counts.worlds + two.counts.worlds).toBe(all.counts.worlds);
    expect(await merged(...paths)).toEqual(all);
  });

  it("that contradict each other are refused", async () => {
    const file = newFile();
    writeFileSync(file, readFileSync(wholeFile, "utf8").replace(/"events":\d+/, '"events":7'));
    await expect(merged(wholeFile, file)).rejects.toThrow(/came out otherwise in .*: one of the two is damaged/);
  });

  it("of two campaigns are refused", async () => {
    const file = newFile();
    await explore(topology, { ...settings, faults: 1, campaignFile: file });
    appendFileSync(file, '{"unit":');
    await expect(merged(wholeFile, file)).rejects.toThrow(/not of the same campaign as .*--faults/);
    truncateSync(file, 0);
    expect(await merged(wholeFile, file)).toEqual(whole);
  });
});

function sorted(text: string): readonly string[] {
  return text.split("\n").sort();
}
