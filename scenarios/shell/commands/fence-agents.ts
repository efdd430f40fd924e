import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";

/** Fence agents by hand, and ipmitool: a power controller asked over its network. Sources: fence_ipmilan(8), ipmitool(1). */
export const fenceAgents: ShellCommand = {
  names: ["fence_ipmilan", "fence_vmware_soap", "fence_ilo", "fence_drac5", "ipmitool"],
  interface: "Power (vCenter, BMC)",
  run(call) {
    const isIpmitool = call.name === "ipmitool";
    const { values, rest, unknown } = readOptions(call.args, {
      flags: ["-P --lanplus", "-z --ssl --ssl-insecure", "-v --verbose", "-x"],
      values: isIpmitool
        ? ["-H", "-U", "-P", "-I", "-L"]
        : ["-a --ip", "-l --username", "-p --password", "-o --action", "-n --plug", "-u --ipport", "-A --auth"],
    });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    const verb = isIpmitool ? rest.filter((word) => word !== "chassis" && word !== "power")[0] : values.get("action");
    return act(call, values.get(isIpmitool ? "H" : "ip") ?? "", values.get("plug"), verb ?? "reboot");
  },
};

const LOGIN_MS = 5_000;

function act(call: Call, address: string, plug: string | undefined, verb: string): Result {
  const { twin, read, node, handle, name } = call;
  const controller = [...twin.topology.powerControllers.values()].find((one) => one.address === address);
  if (!controller || !twin.power.answers(read, controller.id, node)) {
    handle.advance(LOGIN_MS);
    return fail(
      name === "ipmitool"
        ? "Error: Unable to establish IPMI v2 / RMCP+ session"
        : "Unable to connect/login to fencing device",
    );
  }
  if (verb === "list") return ok(controller.targets.map((one) => `${one.plug},\n`).join(""));
  const target = controller.targets.find(
    (one) => plug === undefined || one.plug === plug || one.node === plug || one.plug.endsWith(`/${plug}`),
  );
  if (!target) return fail(`Failed: Unable to obtain correct plug status or plug is not available`);
  const isOff = twin.hosts.state(read, target.node) === "off";
  if (verb === "status" || verb === "monitor")
    return name === "ipmitool"
      ? ok(`Chassis Power is ${isOff ? "off" : "on"}`)
      : { stdout: `Status: ${isOff ? "OFF" : "ON"}\n`, exitCode: isOff && verb === "status" ? 2 : 0 };
  if (!["on", "off", "reboot", "cycle", "reset"].includes(verb)) return call.notModelled(`${name} ${verb}`);
  const typed = `${name} ${call.args.join(" ")}`;
  handle.act(node, typed, (instant) => {
    if (verb !== "on") twin.hosts.powerOff(instant, target.node, `switched off by ${name}`);
    if (verb !== "off") twin.hosts.powerOn(instant, target.node);
  });
  handle.advance(LOGIN_MS);
  if (name === "ipmitool")
    return ok(`Chassis Power Control: ${verb === "on" ? "Up/On" : verb === "off" ? "Down/Off" : "Cycle"}`);
  return ok(verb === "on" ? "Success: Powered ON" : verb === "off" ? "Success: Powered OFF" : "Success: Rebooted");
}
