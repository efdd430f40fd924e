import { ok, type ShellCommand } from "../command.js";
import { isStackUnit } from "../units.js";

/** chkconfig(8): what starts at boot is looked at; changing it is not modelled. */
export const chkconfig: ShellCommand = {
  names: ["chkconfig"],
  interface: "Linux",
  run(call) {
    const { twin, node, args } = call;
    const found = twin.topology.nodes.get(node)!;
    const isOn = (unit: string) => (isStackUnit(unit) ? found.clusterAtBoot : found.units.includes(unit));
    const line = (unit: string) =>
      `${unit.padEnd(15)}\t0:off\t1:off\t2:${isOn(unit) ? "on" : "off"}\t3:${isOn(unit) ? "on" : "off"}\t4:${isOn(unit) ? "on" : "off"}\t5:${isOn(unit) ? "on" : "off"}\t6:off\n`;
    const [first, second] = args;
    if (first === undefined || (first === "--list" && second === undefined))
      return ok(twin.plant.units.list(node).map(line).join(""));
    if (first === "--list") return ok(line(second!));
    if (second === undefined) return { exitCode: isOn(first) ? 0 : 1 };
    return call.notModelled(`chkconfig ${args.join(" ")}: what starts at boot is the topology's`);
  },
};
