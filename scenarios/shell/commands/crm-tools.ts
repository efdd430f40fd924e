import { writeCib, writeXml } from "../../../model/cluster/cib/write.js";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../model/cluster/scheduler/simulate/simulate.js";
import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { confirmFenced, fenceByHand } from "../fencing.js";
import { readOptions } from "../options.js";
import { here, section } from "../pacemaker.js";

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

function pairIn(sets: ReturnType<typeof section>, name: string): string | undefined {
  return sets.flatMap((set) => set.children).find(({ attrs }) => attrs["name"] === name)?.attrs["value"];
}

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

/** cibadmin -Q, crm_verify -L, crm_simulate -L: the CIB looked at. Sources: their manual pages. */
export const cibTools: ShellCommand = {
  names: ["cibadmin", "crm_verify", "crm_simulate"],
  interface: "Pacemaker",
  run(call) {
    const found = here(call, `${call.name}: ${REFUSED}`);
    if ("failed" in found) return found.failed;
    if (call.name === "cibadmin") return cibadmin(call, found.cib);
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

function cibadmin(call: Call, cib: Parameters<typeof writeCib>[0]): Result {
  const { flags, values, unknown } = readOptions(call.args, {
    flags: ["-Q --query", "-l --local"],
    values: ["-o --scope", "-A --xpath"],
  });
  if (unknown !== undefined || !flags.has("query") || values.has("xpath"))
    return call.notModelled(`cibadmin ${call.args.join(" ")}`);
  const scope = values.get("scope");
  if (scope === undefined) return ok(writeCib(cib));
  if (scope === "configuration") return ok(writeXml(cib.configuration));
  const part = cib.configuration.children.find(({ name }) => name === scope);
  return part ? ok(writeXml(part)) : call.notModelled(`cibadmin --scope ${scope}`);
}

function verified(cib: Parameters<typeof writeCib>[0]): Result {
  const hasDevice = section(cib, "resources").some(({ attrs }) => attrs["class"] === "stonith");
  const enabled = pairIn(section(cib, "crm_config"), "stonith-enabled") !== "false";
  if (enabled && !hasDevice)
    return fail(
      "error: Resource start-up disabled since no STONITH resources have been defined\nerror: Either configure some or disable STONITH with the stonith-enabled option\nErrors found during check: config not valid",
      78,
    );
  return ok();
}
