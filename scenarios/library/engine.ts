import { scheduler } from "../../model/cluster/scheduler/index.js";
import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { crmSimulate } from "../engines/crm-simulate.js";

/** Who decides for the clusters: our scheduler, or the installed Pacemaker's own program. */
export type Engine = "fencepost" | "crm_simulate";

export function schedulerOf(engine: Engine = "fencepost"): Scheduler {
  return engine === "crm_simulate" ? crmSimulate() : scheduler;
}
