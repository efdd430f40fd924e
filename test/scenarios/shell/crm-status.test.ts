import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readCib } from "../../../model/cluster/cib/read.js";
import type { Cib } from "../../../model/cluster/cib/types.js";
import { writeCib } from "../../../model/cluster/cib/write.js";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { unpack } from "../../../model/cluster/scheduler/unpack/unpack.js";
import { Twins } from "../../../scenarios/run.js";
import { statusText } from "../../../scenarios/shell/text/crm-status.js";
import { WorldHandle } from "../../../scenarios/shell/world-handle.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { areCasesHere, CASES } from "../../conformance-cases.js";
import { isCi, isProgramHere } from "../../real-things.js";

/** Where the program leaves out failures that we list. */
const NOT_YET_AGREEING: ReadonlySet<string> = new Set(["group9.xml", "stonith-0.xml"]);
/** Each call of the program costs a tenth of a second. */
const EVERY = isCi ? 8 : 30;

const folder = mkdtempSync(join(tmpdir(), "fencepost-crm-mon-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Both texts of `crm_mon -1r`, without what is the clock's and the connection's. */
function both(cib: Cib, file: string, args = "-1r"): readonly [ours: string, theirs: string] {
  const { stdout, stderr } = spawnSync("crm_mon", [args], {
    env: { ...process.env, CIB_file: file, TZ: "UTC" },
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const state = unpack(cib, Math.floor(Date.now() / 1000));
  const dc = state.nodes.find(({ id }) => id === cib.attrs["dc-uuid"])?.name;
  const facts = { nowEpochSeconds: 0, dc, quorate: false };
  const ours = statusText(state, facts, { inactive: args.includes("r") });
  return [compared(ours), compared(stdout)];
}

function compared(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => !/^ {2}\* (Last updated|Last change|Stack|Current DC):/.test(line))
    .join("\n")
    .trim();
}

describe.skipIf(!isProgramHere("crm_mon"))("crm_mon -1r", () => {
  test.skipIf(!areCasesHere())("says the same of recorded CIBs", () => {
    const names = readdirSync(CASES).filter((name) => name.endsWith(".xml") && !NOT_YET_AGREEING.has(name));
    for (const name of names.filter((_, i) => i % EVERY === 0)) {
      const file = join(CASES, name);
      const [ours, theirs] = both(readCib(readFileSync(file, "utf8"), file), file);
      expect(ours, name).toBe(theirs);
    }
  });

  test("says the same of a twin's cluster: settled, with a node lost, and with a failure", () => {
    const loaded = loadTopology("fixtures/minimal-pair/topology.yaml");
    if (!loaded.ok) throw loaded.errors[0];
    const { twin, base } = new Twins({ scheduler }).settle(loaded.topology);
    const handle = new WorldHandle(twin, base);
    const look = (when: string) => {
      const cib = twin.clusters.cibOf(handle.run, "web");
      const file = join(folder, "cib.xml");
      writeFileSync(file, writeCib(cib));
      for (const args of ["-1r", "-1"]) {
        const [ours, theirs] = both(readCib(writeCib(cib), file), file, args);
        expect(ours, `${args}, ${when}`).toBe(theirs);
      }
    };
    look("settled");
    handle.run.act((instant) => twin.clusters.operator.standby(instant, "web1", "web2", true));
    handle.advance(20_000);
    look("a node in standby");
    handle.run.act((instant) => twin.plant.units.kill(instant, "web1", "nginx"));
    handle.advance(60_000);
    look("a failure");
    handle.run.act((instant) => twin.hosts.powerOff(instant, "web1", "lost"));
    handle.advance(60_000);
    look("a node lost");
  });
});
