import { Option } from "commander";
import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { OWN_ENGINE } from "../text/replay-command.js";

/** `--engine`: who decides, our scheduler or the installed program. */
export function engineOption(): Option {
  return new Option("--engine <name>", "who decides for the clusters")
    .choices([OWN_ENGINE, "crm_simulate"])
    .default(OWN_ENGINE)
    .env("FENCEPOST_ENGINE");
}

export async function schedulerFor(engine: string): Promise<Scheduler> {
  if (engine === "crm_simulate") return (await import("../../scenarios/engines/crm-simulate.js")).crmSimulate();
  return (await import("../../model/cluster/scheduler/index.js")).scheduler;
}
