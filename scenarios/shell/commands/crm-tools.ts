import { fail, ok, type ShellCommand } from "../command.js";
import { confirmFenced, fenceByHand } from "../fencing.js";
import { readOptions } from "../options.js";
import { here, section } from "../pacemaker.js";
import { stateAt } from "../text/crm-status.js";
import { failCountsOf } from "../text/failed-actions.js";

const REFUSED = "Connection to cluster failed: Transport endpoint is not connected";

/** crm_node: who this is and who is there. Source: crm_node(8). */
export const crmNode: ShellCommand = {
  names: ["crm_node"],
  interface: "Pacemaker",
  run(call) {
    const found = here(call, `crm_node: ${REFUSED}`);
    if ("failed" in found) return found.failed;
    const { flags, unknown } = readOptions(call.args, {
      flags: ["-n --name", "-l --list", "-p --partition", "-q --quorum", "-i --cluster-id"],
    });
    if (unknown !== undefined) return call.notModelled(`crm_node ${unknown}`);
    const { twin, read, node } = call;
    const members = twin.clusters.members(read, node);
    const ids = new Map(twin.topology.clusters.get(found.cluster)!.nodes.map((one) => [one.node, one.nodeId]));
    if (flags.has("list"))
      return ok(
        found.nodes.map((one) => `${ids.get(one)} ${one} ${members.includes(one) ? "member" : "lost"}\n`).join(""),
      );
    if (flags.has("partition")) return ok(members.join(" "));
    if (flags.has("quorum")) return ok(twin.clusters.isQuorate(read, node) ? "1" : "0");
    return ok(flags.has("cluster-id") ? String(ids.get(node)) : node);
  },
};

/** crm_attribute and crm_standby: cluster options and node attributes. Source: crm_attribute(8). */
export const crmAttribute: ShellCommand = {
  names: ["crm_attribute", "crm_standby"],
  interface: "Pacemaker",
  run(call) {
    const found = here(call, `crm_attribute: ${REFUSED}`);
    if ("failed" in found) return found.failed;
    const { flags, values, unknown } = readOptions(call.args, {
      flags: ["-G --query", "-D --delete", "-q --quiet"],
      values: [
        "-n --attr-name --name",
        "-v --attr-value --update",
        "-N -U --uname --node",
        "-t --type",
        "-l --lifetime",
        "-d --default",
      ],
    });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    const name = values.get("name") ?? (call.name === "crm_standby" ? "standby" : undefined);
    if (name === undefined) return fail("crm_attribute: --name is required", 64);
    const isOption =
      call.name === "crm_attribute" &&
      (values.get("type") === "crm_config" || (!values.has("node") && !values.has("lifetime")));
    const node = values.get("node") ?? call.node;
    const { operator } = call.twin.clusters;
    const typed = `${call.name} ${call.args.join(" ")}`;
    const update = values.get("update");
    if (update !== undefined || flags.has("delete")) {
      const value = flags.has("delete") ? undefined : update;
      const lifetime = values.get("lifetime") === "reboot" || values.get("type") === "status" ? "reboot" : "forever";
      call.handle.act(call.node, typed, (instant) =>
        isOption
          ? operator.setOption(instant, call.node, name, value)
          : operator.setNodeAttribute(instant, call.node, node, name, value, lifetime),
      );
      return ok();
    }
    const value = isOption
      ? pairIn(section(found.cib, "crm_config"), name)
      : (pairIn(
          section(found.cib, "nodes")
            .filter((one) => one.attrs["uname"] === node)
            .flatMap((one) => one.children),
          name,
        ) ?? found.cib.status.nodes.get(node)?.attributes.get(name));
    const shown = value ?? values.get("default");
    if (shown === undefined)
      return fail(
        `scope=${isOption ? "crm_config" : "nodes"}  name=${name} value=(null)\nError performing operation: No such device or address`,
        105,
      );
    return ok(flags.has("quiet") ? shown : `scope=${isOption ? "crm_config" : "nodes"}  name=${name} value=${shown}`);
  },
};

export function pairIn(sets: ReturnType<typeof section>, name: string): string | undefined {
  return sets.flatMap((set) => set.children).find(({ attrs }) => attrs["name"] === name)?.attrs["value"];
}

/** crm_failcount: one resource's failures on a node. Source: crm_failcount(8). */
export const crmFailcount: ShellCommand = {
  names: ["crm_failcount"],
  interface: "Pacemaker",
  run(call) {
    const found = here(call, `crm_failcount: ${REFUSED}`);
    if ("failed" in found) return found.failed;
    const { flags, values, unknown } = readOptions(call.args, {
      flags: ["-G --query", "-D --delete", "-q --quiet"],
      values: ["-r --resource-id --resource", "-N -U --uname --node", "-n --operation", "-I --interval"],
    });
    if (unknown !== undefined || values.has("operation"))
      return call.notModelled(`crm_failcount ${call.args.join(" ")}`);
    const id = values.get("resource");
    if (id === undefined) return fail("crm_failcount: --resource is required", 64);
    const node = values.get("node") ?? call.node;
    if (flags.has("delete")) {
      const { handle, twin } = call;
      handle.about({ kind: "cleanup", cluster: found.cluster, resource: id });
      handle.act(call.node, `crm_failcount ${call.args.join(" ")}`, (instant) =>
        twin.clusters.operator.cleanup(instant, call.node, id, node),
      );
      return ok(`Cleaned up ${id} on ${node}`);
    }
    const counts = failCountsOf(stateAt(call.handle, found.cluster, call.node)).filter(
      (one) => one.resource === id && one.node === node,
    );
    const value = counts.some(({ count }) => count === "INFINITY")
      ? "INFINITY"
      : String(counts.reduce((sum, { count }) => sum + Number(count), 0));
    return ok(flags.has("quiet") ? value : `scope=status  name=fail-count-${id} value=${value}`);
  },
};

/** stonith_admin: fence, confirm, list, history. Source: stonith_admin(8). */
export const stonithAdmin: ShellCommand = {
  names: ["stonith_admin"],
  interface: "Pacemaker",
  run(call) {
    const found = here(call, `stonith_admin: ${REFUSED}`);
    if ("failed" in found) return found.failed;
    const { flags, values, unknown } = readOptions(call.args, {
      flags: ["-L --list-registered", "-V --verbose"],
      values: [
        "-F --fence",
        "-B --reboot",
        "-U --unfence",
        "-C --confirm",
        "-l --list",
        "-H --history",
        "-t --timeout",
      ],
    });
    if (unknown !== undefined) return call.notModelled(`stonith_admin ${unknown}`);
    const typed = `stonith_admin ${call.args.join(" ")}`;
    const target = values.get("fence") ?? values.get("reboot");
    if (target !== undefined) {
      const done = fenceByHand(call, target, values.has("fence") ? "off" : "reboot", typed);
      return done === "fenced" ? ok() : fail(`Could not fence ${target}: ${done}`);
    }
    const confirmed = values.get("confirm");
    if (confirmed !== undefined) {
      if (!found.nodes.includes(confirmed)) return fail(`stonith_admin: unknown node ${confirmed}`, 105);
      confirmFenced(call, confirmed, typed);
      return ok();
    }
    const listed = values.get("list");
    if (listed !== undefined || flags.has("list-registered")) {
      const devices = call.twin.topology.clusters
        .get(found.cluster)!
        .fenceDevices.filter((one) => listed === undefined || one.targets.has(listed));
      return ok(`${devices.map(({ id }) => ` ${id}\n`).join("")}${devices.length} devices found\n`);
    }
    const history = values.get("history");
    if (history !== undefined) {
      const fences = call.handle.trace.filter(
        (one) =>
          one.kind === "fence" &&
          /^fence(d|-failed)$/.test(one.what) &&
          (history === "*" || one.subject === `node/${history}`),
      );
      return ok(
        fences.length === 0
          ? "0 events found"
          : `${fences.map(({ text }) => `${text}\n`).join("")}${fences.length} events found\n`,
      );
    }
    return call.notModelled(`stonith_admin ${call.args.join(" ")}`);
  },
};
