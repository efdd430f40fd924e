import { Run, type TraceEntry, type World } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";

/** A twin that was left to settle: the world that every scenario on it forks from. */
export interface SettledTwin {
  readonly twin: Twin;
  readonly base: World;
  /** What happened on the way: the start of everything. Ids go on in every scenario's trace. */
  readonly prologue: readonly TraceEntry[];
  /** Why it is not steady, as sentences; empty where it is. */
  readonly problems: readonly string[];
  readonly events: number;
}

export interface SettleOptions {
  readonly seed?: number;
  /** How long it must have been quiet. */
  readonly quietMs?: number;
  readonly longestMs?: number;
  readonly eventsMax?: number;
}

const CHUNK_MS = 60_000;
const ROUND_MS = 600_000;

/** Lets everything start and the clusters do what they do by themselves, until nothing has happened for a while. */
export function settle(twin: Twin, options: SettleOptions = {}): SettledTwin {
  const { seed = 1, quietMs = 300_000, longestMs = 4 * 3_600_000, eventsMax = 5_000_000 } = options;
  const prologue: TraceEntry[] = [];
  const run = new Run(twin.blueprint.world(seed), { onTrace: (entry) => prologue.push(entry) });
  let events = 0;
  let quietSinceMs = 0;
  startClusters(run, twin);
  while (run.nowMs < longestMs && events < eventsMax) {
    const before = prologue.length;
    events += run.advanceTo(run.nowMs + CHUNK_MS, eventsMax - events);
    const settled = twin.clusters.ids.every((id) => twin.clusters.isSettled(run, id));
    if (prologue.length > before || !settled) quietSinceMs = run.nowMs;
    else if (run.nowMs - quietSinceMs >= quietMs) break;
  }
  // A round time, so that times in the trace are easy to read beside one another.
  events += run.advanceTo(Math.ceil(run.nowMs / ROUND_MS) * ROUND_MS, Math.max(0, eventsMax - events));
  const unserved = [...twin.served].flatMap(([name, served]) =>
    served(run) ? [] : [`${name} is not served (${twin.services.answer(run, name).text})`],
  );
  const busy = twin.clusters.ids
    .filter((id) => !twin.clusters.isSettled(run, id))
    .map((id) => `cluster ${id} has not settled`);
  const broken = twin.promises.promises.flatMap(({ name, cell }) => {
    const status = run.get(cell);
    return status.broken ? [`${name} was broken while everything started: ${status.evidence}`] : [];
  });
  return { twin, base: run.freeze(), prologue, problems: [...broken, ...unserved, ...busy], events };
}

/** Where init does not start the cluster (pcs on RHEL 6), somebody has: a settled estate has all its clusters up. */
function startClusters(run: Run, twin: Twin): void {
  run.advanceTo(run.nowMs);
  const { clusters, hosts, topology } = twin;
  for (const id of clusters.ids)
    for (const node of clusters.nodesOf(id))
      if (!topology.nodes.get(node)?.clusterAtBoot && hosts.isRunning(run, node) && !clusters.isStackRunning(run, node))
        run.act((instant) => clusters.operator.startCluster(instant, node));
}
