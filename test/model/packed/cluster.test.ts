import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exploreModel } from "../../../model/packed/index.js";
import { clusterModel } from "../../bench/packed/cluster-model.js";
import { isHere, isProgramHere } from "../../real-things.js";

const PROMELA = "../shared/peers/cluster-3-nodes-5-faults.pml";
const canCompare = isProgramHere("spin") && isProgramHere("gcc") && isHere(PROMELA, existsSync(PROMELA));

describe("a cluster of three nodes with five faults", () => {
  const found = exploreModel(clusterModel(5));

  test("has exactly the states and transitions on which Spin and TLC agree", () => {
    expect(found).toMatchObject({ verdict: "pass", bounded: false, states: 514_227, transitions: 3_187_610 });
  });

  test("never lets the third node decide: with a majority it sees an earlier one", () => {
    const decisions = found.neverPossible.filter((rule) => /^n3 (asks|places|stops|sees)/.test(rule));
    expect(decisions).toHaveLength(11);
  });

  test.skipIf(!canCompare)(
    "has the numbers that Spin reports here",
    () => {
      expect(spin(PROMELA)).toEqual({ states: found.states, transitions: found.transitions });
    },
    120_000,
  );
});

/** Spin's own numbers of a Promela model. */
function spin(model: string): { states: number; transitions: number } {
  const folder = mkdtempSync(join(tmpdir(), "fencepost-spin-"));
  try {
    copyFileSync(model, join(folder, "model.pml"));
    const run = (program: string, ...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
      expect(status, stderr).toBe(0);
      return stdout;
    };
    run("spin", "-a", "model.pml");
    run("gcc", "-O2", "-DSAFETY", "-o", "pan", "pan.c");
    const out = run("./pan", "-m3000000", "-w24");
    const number = (what: RegExp) => Number(what.exec(out)?.[1]);
    return { states: number(/(\d+) states, stored/), transitions: number(/(\d+) transitions/) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
