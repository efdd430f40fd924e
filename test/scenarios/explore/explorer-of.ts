import { join } from "node:path";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import type { Scheduler } from "../../../model/cluster/scheduler/interface.js";
import { buildTwin } from "../../../model/twin/twin.js";
import { Explorer } from "../../../scenarios/explore/explorer.js";
import { DEFAULT_LIMITS } from "../../../scenarios/explore/limits.js";
import { rememberingScheduler } from "../../../scenarios/explore/remembering-scheduler.js";
import { settle } from "../../../scenarios/runner/prepare.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

/** Explores a shipped topology from its settled world, with all faults or those named. */
export function explorerOf(
  fixture: string,
  faultNames: readonly string[] = [],
  decide: Scheduler = rememberingScheduler(scheduler),
): Explorer {
  const loaded = loadTopology(join(import.meta.dirname, `../../../fixtures/${fixture}/topology.yaml`));
  if (!loaded.ok) throw loaded.errors[0];
  return new Explorer(
    settle(buildTwin(loaded.topology, { scheduler: decide }), { seed: 1 }),
    DEFAULT_LIMITS,
    1,
    faultNames,
  );
}
