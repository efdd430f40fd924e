import { fail, ok, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { here } from "../pacemaker.js";
import { crmStatus } from "../text/crm-status.js";

/** crm_mon: the status, once. Without -1 a person watches it for a moment. Source: crm_mon(8). */
export const crmMon: ShellCommand = {
  names: ["crm_mon"],
  interface: "Pacemaker",
  run(call) {
    const options = readOptions(call.args, {
      flags: [
        "-1 --one-shot",
        "-r --inactive",
        "-f --failcounts",
        "-A --show-node-attributes",
        "-n --group-by-node",
        "-s --simple-status",
        "-N",
      ],
      values: ["-i --interval"],
    });
    if (options.unknown !== undefined) return call.notModelled(`crm_mon ${options.unknown}`);
    if (options.flags.has("group-by-node")) return call.notModelled("crm_mon --group-by-node");
    const found = here(call, "crm_mon: Connection to cluster failed: Connection refused");
    if ("failed" in found) return found.failed.exitCode === 127 ? found.failed : { ...found.failed, exitCode: 107 };
    const { handle, node, twin, read } = call;
    if (options.flags.has("simple-status")) {
      const shown = twin.clusters.status(read, found.cluster, node);
      const off = [...(shown?.nodes ?? [])].filter(([, state]) => !state.startsWith("online")).map(([name]) => name);
      const count = shown?.nodes.size ?? 0;
      if (off.length > 0)
        return { stdout: `CLUSTER WARN: ${off.map((name) => `offline node: ${name}`).join(", ")}\n`, exitCode: 1 };
      return ok(`CLUSTER OK: ${count} nodes online, ${shown?.resources.size ?? 0} resource instances configured`);
    }
    if (options.rest.length > 0) return fail(`crm_mon: extra argument ${options.rest[0]}`, 64);
    return ok(
      crmStatus(handle, found.cluster, node, {
        inactive: options.flags.has("inactive"),
        failCounts: options.flags.has("failcounts"),
        nodeAttributes: options.flags.has("show-node-attributes"),
      }),
    );
  },
};
