import { writeXml } from "../../../model/cluster/cib/write.js";
import { findResource } from "../../../model/cluster/configuration/edit.js";
import { fail, ok, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { activeOn, hasResource, here, section, spanMs, waitSettled } from "../pacemaker.js";
import { resourceLines, stateAt } from "../text/crm-status.js";

/** crm_resource: one resource looked at or acted upon. Source: crm_resource(8). */
export const crmResource: ShellCommand = {
  names: ["crm_resource"],
  interface: "Pacemaker",
  run(call) {
    const options = readOptions(call.args, {
      flags: [
        "-L --list",
        "-W --locate",
        "-M --move",
        "-B --ban",
        "-U --clear",
        "-C --cleanup",
        "-P --reprobe --refresh",
        "-R --refresh",
        "-F --fail",
        "--wait",
        "-f --force",
        "-m --meta",
        "-Q --quiet",
        "-l --list-raw",
        "--restart",
        "-a -A --stack --constraints",
        "-q --query-xml",
        "-Y --why",
      ],
      values: [
        "-r --resource",
        "-N -H --host --node",
        "-p --set-parameter",
        "-v --parameter-value",
        "-d --delete-parameter",
        "-g --get-parameter",
        "-T --timeout",
      ],
    });
    if (options.unknown !== undefined) return call.notModelled(`crm_resource ${options.unknown}`);
    const found = here(call, "crm_resource: Could not connect to the cluster: Transport endpoint is not connected");
    if ("failed" in found) return { ...found.failed, exitCode: found.failed.exitCode === 127 ? 127 : 102 };
    const { cluster, cib, nodes } = found;
    const { flags, values } = options;
    const id = values.get("resource");
    const on = values.get("node");
    const { handle, node, twin } = call;
    const { operator } = twin.clusters;
    if (flags.has("wait")) {
      const done = waitSettled(call, cluster, spanMs(values.get("timeout") ?? "60min") ?? 3_600_000);
      return done ? ok() : fail("crm_resource: Pending actions did not complete in time", 62);
    }
    if (flags.has("list"))
      return ok(`Full List of Resources:\n${resourceLines(stateAt(handle, cluster, node), () => true)}`);
    const typed = `crm_resource ${call.args.join(" ")}`;
    const act = (body: Parameters<typeof handle.act>[2]) => handle.act(node, typed, body);
    if (flags.has("cleanup") || flags.has("refresh")) {
      if (id !== undefined && !hasResource(cib, id))
        return fail(
          `Resource '${id}' not found: No such device or address\nError performing operation: No such object`,
          105,
        );
      handle.about({ kind: "cleanup", cluster, resource: id });
      act((instant) => operator[flags.has("cleanup") ? "cleanup" : "refresh"](instant, node, id, on));
      handle.advance(2_000);
      return ok(
        (on === undefined ? nodes : [on]).map((one) => `Cleaned up ${id ?? "all resources"} on ${one}\n`).join(""),
      );
    }
    if (id === undefined) return call.notModelled(`crm_resource ${call.args.join(" ")}`);
    if (!hasResource(cib, id))
      return fail(
        `Resource '${id}' not found: No such device or address\nError performing operation: No such object`,
        105,
      );
    if (flags.has("restart")) return call.exec(`pcs resource restart ${id}`);
    if (flags.has("query-xml")) return ok(`${id}:\n${writeXml(findResource(cib, id)!)}`);
    if (flags.has("constraints")) {
      const named = section(cib, "constraints").filter((one) => Object.values(one.attrs).includes(id));
      return ok(`Constraints on ${id}:\n${named.map((one) => `  * ${one.attrs["id"]}\n`).join("")}`);
    }
    if (flags.has("locate")) {
      const places = activeOn(call, cluster, cib, id);
      if (places.length === 0) return { stderr: `resource ${id} is NOT running\n`, exitCode: 0 };
      return ok(
        places
          .map((place) => (flags.has("quiet") ? `${place}\n` : `resource ${id} is running on: ${place} \n`))
          .join(""),
      );
    }
    if (flags.has("move")) {
      act((instant) => operator.move(instant, node, id, on));
      return ok();
    }
    if (flags.has("ban")) {
      act((instant) => operator.ban(instant, node, id, on));
      return ok();
    }
    if (flags.has("clear")) {
      act((instant) => operator.clear(instant, node, id, on));
      return ok();
    }
    if (flags.has("fail")) {
      if (on === undefined) return fail("crm_resource: --fail requires --node", 64);
      act((instant) => operator.failResource(instant, node, id, on));
      return ok();
    }
    const set = values.get("set-parameter");
    const removed = values.get("delete-parameter");
    const name = set ?? removed;
    if (name !== undefined) {
      const value = set === undefined ? undefined : values.get("parameter-value");
      act((instant) =>
        flags.has("meta")
          ? operator.setMeta(instant, node, id, name, value)
          : operator.setParameter(instant, node, id, name, value),
      );
      return ok();
    }
    return call.notModelled(`crm_resource ${call.args.join(" ")}`);
  },
};
