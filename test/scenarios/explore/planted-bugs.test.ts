import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import type { Topology } from "../../../model/topology/types.js";
import { type ExploreSettings, explore } from "../../../scenarios/explore/explore.js";
import { decodeReplay, encodeReplay } from "../../../scenarios/records/replay-token.js";
import { replayToken } from "../../../scenarios/replay.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { VERSION } from "../../../scenarios/version.js";
import { fencepost, newFolder } from "../../viewer/cli/fencepost.js";

const CIB = "files/all/var/lib/pacemaker/cib/cib.xml";

interface Planted {
  readonly bug: string;
  /** A topology without it, in which the same faults break nothing. */
  readonly sound: string;
  readonly file: string;
  readonly plant: (text: string) => string;
  readonly faults: number;
  readonly faultNames: readonly string[];
  readonly breaks: string;
  readonly by: RegExp;
}

const BALANCED = "test/scenarios/explore/balanced-pair";
const PLANTED: readonly Planted[] = [
  {
    bug: "an order constraint removed: at a cold start HAProxy waits for its certificates all the same, after a failover for nothing",
    sound: BALANCED,
    file: CIB,
    plant: (text) => text.replace(/.*id="vip-then-haproxy".*\n/, ""),
    faults: 1,
    faultNames: ["lose-node"],
    breaks: "served-again/journey/visit",
    by: /^lose-node lb1$/,
  },
  {
    bug: "fence devices powered from the node that they fence",
    sound: BALANCED,
    file: "topology.yaml",
    plant: (text) => text.replaceAll(/, feeds: \[feed-[ab]\], powers/g, ", powers"),
    faults: 1,
    faultNames: ["cut-feed"],
    breaks: "served-again/journey/visit",
    by: /^cut-feed feed-a$/,
  },
  {
    bug: "a token shorter than a link's flap",
    sound: BALANCED,
    file: "files/all/etc/corosync/corosync.conf",
    plant: (text) => text.replace("token: 10000", "token: 1000"),
    faults: 1,
    faultNames: ["flap-link"],
    breaks: "healthy-node-fenced",
    by: /^flap-link lb[12]\.eth0--switch down 2s up 8s$/,
  },
  {
    bug: "a health check slower than the client's patience",
    sound: BALANCED,
    file: "files/all/etc/haproxy/haproxy.cfg",
    plant: (text) => text.replaceAll("inter 2s", "inter 60s").replace("    option redispatch\n", ""),
    faults: 1,
    faultNames: ["lose-node"],
    breaks: "within-budget/journey/visit",
    by: /^lose-node app[12]$/,
  },
  {
    bug: "migration-threshold=1 on both nodes",
    sound: "fixtures/minimal-pair",
    file: CIB,
    plant: (text) =>
      text.replace(
        /(\s*)<nvpair id="rsc-options-stickiness".*/,
        (line, indent) => `${line}${indent}<nvpair id="threshold" name="migration-threshold" value="1"/>`,
      ),
    faults: 2,
    faultNames: ["kill-process"],
    breaks: "served-again/journey/visit",
    by: /^kill-process web1 nginx, at \d.*kill-process web2 nginx$/,
  },
];

function loaded(folder: string): Topology {
  const topology = loadTopology(join(folder, "topology.yaml"));
  if (!topology.ok) throw topology.errors[0];
  return topology.topology;
}

/** A copy of the sound topology with the bug in one of its files. */
function planted({ sound, file, plant }: Planted): string {
  const folder = join(newFolder(), "planted");
  cpSync(sound, folder, { recursive: true });
  const text = readFileSync(join(folder, file), "utf8");
  const changed = plant(text);
  if (changed === text) throw new Error(`${file} is as it was`);
  writeFileSync(join(folder, file), changed);
  return folder;
}

describe.each(PLANTED)("$bug", (one) => {
  const settings: ExploreSettings = {
    scheduler,
    version: VERSION,
    faults: one.faults,
    faultNames: one.faultNames,
    limits: { outageMs: 60_000 },
  };

  it("is found, where the same faults break nothing without it; its counterexample is minimal and replays elsewhere", async () => {
    const sound = await explore(loaded(one.sound), settings);
    expect(sound.counterexamples.flatMap(({ promises }) => promises)).toEqual([]);
    expect(sound.verdict).toBe("pass");

    const folder = planted(one);
    const topology = loaded(folder);
    const report = await explore(topology, settings);
    const found = report.counterexamples.find(({ promises }) => promises.includes(one.breaks));
    expect(found?.text).toMatch(one.by);
    const { replay, timeline } = found!;
    const token = decodeReplay(replay);
    const { run } = replayToken(replay, topology, settings);
    expect(run.verdict.verdict).toBe("fail");

    // Without any one of its steps the same promise holds.
    expect(found!.minimal).toBe(true);
    for (const [left] of timeline.entries()) {
      const rest = timeline.filter((_, i) => i !== left);
      if (rest.length === 0) continue;
      const scenario = { ...(token.scenario as object), timeline: rest };
      const shorter = replayToken(encodeReplay({ ...token, scenario }), topology, settings);
      expect(shorter.run.verdict.promises.filter(({ status }) => status === "broken")).toEqual([]);
    }

    const elsewhere = await fencepost(["replay", replay, "-t", join(folder, "topology.yaml"), "--json"], {
      cwd: newFolder(),
    });
    expect(elsewhere.code, elsewhere.stderr).toBe(1);
    const [played] = JSON.parse(elsewhere.stdout).scenarios;
    expect(JSON.stringify(played.trace)).toBe(JSON.stringify(run.trace));
  }, 180_000);
});
