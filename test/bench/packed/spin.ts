import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Exploration, exploreModel } from "../../../model/packed/index.js";
import { isInstalled } from "../../installed.js";
import { median, processorMs, say } from "../measure.js";
import { clusterModel } from "./cluster-model.js";

/** By the number of faults: the states on which Spin and TLC agree, and the size of Spin's table. */
const CASES = [
  { faults: 8, states: 3_341_356, spinTable: 24 },
  { faults: 12, states: 13_580_926, spinTable: 27 },
];
const RUNS = 3;

/** States a second on one core against Spin, taking turns; ours includes compiling the model, Spin's does not. */
export function againstSpin(): void {
  const absent = ["spin", "gcc"].filter((program) => !isInstalled(program));
  for (const { faults, states, spinTable } of CASES) {
    say(`exhaustive search of the three-node cluster with ${faults} faults: ${states.toLocaleString("en-US")} states`);
    const promela = resolve(`../shared/peers/cluster-3-nodes-${faults}-faults.pml`);
    const peer = absent.length === 0 && existsSync(promela) ? new Spin(promela, spinTable) : undefined;
    const ownMs: number[] = [];
    const peerMs: number[] = [];
    let bytes = "";
    for (let run = 0; run < RUNS; run++) {
      let found: Exploration | undefined;
      ownMs.push(
        processorMs(() => {
          found = exploreModel(clusterModel(faults));
        }),
      );
      if (found?.states !== states || found.verdict !== "pass")
        throw new Error(`${found?.verdict}, ${found?.states} states`);
      bytes = `${(found.bytes / states).toFixed(1)} bytes a state`;
      const spun = peer?.run();
      if (spun === undefined) continue;
      if (spun.states !== states) throw new Error(`Spin met ${spun.states} states`);
      peerMs.push(spun.ms);
    }
    const rate = (ms: number) =>
      `${Math.round((states / ms) * 1_000).toLocaleString("en-US")} states/s of processor time`;
    say(`  packed: ${rate(median(ownMs))}, ${bytes} (median of ${RUNS}; aim 16 bytes)`);
    if (peer === undefined)
      say(`  Spin: skipped, ${absent.length > 0 ? `no ${absent.join(", no ")}` : `no ${promela}`}`);
    else {
      say(`  Spin -O2 -DSAFETY: ${rate(median(peerMs))} (median of ${RUNS})`);
      say(`  ratio: ${(median(peerMs) / median(ownMs)).toFixed(1)} times (aim 4)`);
      peer.remove();
    }
  }
}

/** Spin's verifier of one Promela model, compiled once. */
class Spin {
  readonly #folder = mkdtempSync(join(tmpdir(), "fencepost-spin-"));
  readonly #table: number;

  constructor(promela: string, table: number) {
    this.#table = table;
    copyFileSync(promela, join(this.#folder, "model.pml"));
    this.#run("spin", "-a", "model.pml");
    this.#run("gcc", "-O2", "-DSAFETY", "-o", "pan", "pan.c");
  }

  /** Its processor time, as the shell that starts it tells. */
  run(): { states: number; ms: number } {
    const out = this.#run("sh", "-c", `./pan -m3000000 -w${this.#table} && times`);
    const times = [...out.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
    );
    return {
      states: Number(/(\d+) states, stored/.exec(out)?.[1]),
      ms: (times[2]! + times[3]!) * 1_000,
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(program: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: this.#folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout;
  }
}
