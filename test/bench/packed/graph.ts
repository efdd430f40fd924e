import { alone, compileModel, exploreCompiled } from "../../../model/packed/index.js";
import { median, processorMs, say } from "../measure.js";
import { regionsMachine } from "./regions-machine.js";

const REGIONS = 8;
const RUNS = 9;
const PEER_RUNS = 3;

/** States a second of the same XState definition against `@xstate/graph`; each run compiles its own machine anew. */
export async function againstXstateGraph(): Promise<void> {
  const states = 4 ** REGIONS;
  const expectAll = (met: number) => {
    if (met !== states) throw new Error(`${met} states met, ${states} expected`);
  };
  say(`exhaustive search of ${REGIONS} parallel regions of four states: ${states} states`);
  const own = Array.from({ length: RUNS + 1 }, () =>
    processorMs(() => expectAll(exploreCompiled(compileModel(alone(regionsMachine(REGIONS)))).states)),
  );
  const ownMs = median(own.slice(1));
  say(
    `  packed, compiling included: ${rate(states, ownMs)} (median of ${RUNS}; ${own[0]!.toFixed(0)} ms the first time)`,
  );
  const graph = await import("@xstate/graph").catch(() => undefined);
  if (graph === undefined) return say("  @xstate/graph: skipped, the package is not installed");
  const peerMs = median(
    Array.from({ length: PEER_RUNS }, () =>
      processorMs(() => {
        const machine = regionsMachine(REGIONS);
        const events = machine.events.map((type) => ({ type }));
        expectAll(Object.keys(graph.getAdjacencyMap(machine as never, { events } as never)).length);
      }),
    ),
  );
  say(`  @xstate/graph: ${rate(states, peerMs)} (median of ${PEER_RUNS})`);
  say(`  ratio: ${(peerMs / ownMs).toFixed(0)} times, ${(peerMs / own[0]!).toFixed(0)} the first time (aim 300)`);
}

function rate(states: number, ms: number): string {
  return `${Math.round((states / ms) * 1_000).toLocaleString("en-US")} states/s of processor time`;
}
