import { scheduler } from "../../model/cluster/scheduler/index.js";
import { Run } from "../../model/kernel/index.js";
import { buildTwin } from "../../model/twin/twin.js";
import { settle } from "../../scenarios/runner/prepare.js";
import { loadSynthetic } from "./load-synthetic.js";
import { heapBytes, medianMs, say } from "./measure.js";
import { nodeName, syntheticTopology } from "./synthetic-topology.js";

/** How building, settling, one lost node and memory grow with the number of nodes, in two-node clusters. */
export function growth(sizes: readonly number[]): void {
  say("growth with the number of nodes (pairs with fencing, an address and a service each)");
  say(
    "    nodes    load ms   build ms  settle ms  lost node ms  idle day ms  MB of twin and world  MB a thousand nodes",
  );
  for (const nodes of sizes) {
    const files = syntheticTopology(nodes);
    const before = heapBytes();
    let startedMs = performance.now();
    const lap = () => {
      const ms = performance.now() - startedMs;
      startedMs = performance.now();
      return ms;
    };
    const topology = loadSynthetic(nodes, files);
    const loadMs = lap();
    const twin = buildTwin(topology, { scheduler });
    const buildMs = lap();
    const settled = settle(twin);
    const settleMs = lap();
    if (settled.problems.length > 0) throw new Error(settled.problems[0]);
    const megabytes = (heapBytes() - before) / 1e6;
    const lostMs = medianMs(5, () => {
      const run = new Run(settled.base);
      run.act((instant) => twin.hosts.powerOff(instant, nodeName(0, 0), "power lost"));
      run.advanceTo(settled.base.nowMs + 600_000);
    });
    const idleMs = medianMs(5, () => {
      new Run(settled.base).advanceTo(settled.base.nowMs + 86_400_000);
    });
    const columns = [loadMs, buildMs, settleMs, lostMs, idleMs, megabytes, (megabytes / nodes) * 1_000];
    const widths = [11, 11, 11, 14, 13, 22, 21];
    say(`${String(nodes).padStart(9)}${columns.map((value, i) => value.toFixed(1).padStart(widths[i]!)).join("")}`);
  }
}
