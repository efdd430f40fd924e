import type { Cib } from "../../../model/cluster/cib/types.js";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../model/cluster/scheduler/simulate/simulate.js";
import { fail, ok, type Result, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { here, section } from "../pacemaker.js";
import { pairIn } from "./crm-tools.js";

const REFUSED = "Connection to cluster failed: Transport endpoint is not connected";

/** crm_verify -L, crm_simulate -L: the CIB judged. Sources: their manual pages. */
export const crmVerify: ShellCommand = {
  names: ["crm_verify", "crm_simulate"],
  interface: "Pacemaker",
  run(call) {
    const found = here(call, `${call.name}: ${REFUSED}`);
    if ("failed" in found) return found.failed;
    if (call.name === "crm_verify") {
      const { flags, unknown } = readOptions(call.args, { flags: ["-L --live-check", "-V --verbose"] });
      if (unknown !== undefined || !flags.has("live-check"))
        return call.notModelled(`crm_verify ${call.args.join(" ")}`);
      return verified(found.cib);
    }
    const { flags, unknown } = readOptions(call.args, {
      flags: ["-L --live-check", "-S --simulate", "-s --show-scores", "-R --run"],
    });
    if (unknown !== undefined || !flags.has("live-check"))
      return call.notModelled(`crm_simulate ${call.args.join(" ")}`);
    const nowEpochSeconds = call.handle.epochSeconds;
    const { text } = simulate(found.cib, scheduler, { nowEpochSeconds, showScores: flags.has("show-scores") });
    return ok(
      flags.has("simulate") || flags.has("run") ? text : text.slice(0, text.indexOf("Executing Cluster Transition:")),
    );
  },
};

function verified(cib: Cib): Result {
  const hasDevice = section(cib, "resources").some(({ attrs }) => attrs["class"] === "stonith");
  const enabled = pairIn(section(cib, "crm_config"), "stonith-enabled") !== "false";
  if (enabled && !hasDevice)
    return fail(
      "error: Resource start-up disabled since no STONITH resources have been defined\nerror: Either configure some or disable STONITH with the stonith-enabled option\nErrors found during check: config not valid",
      78,
    );
  return ok();
}
