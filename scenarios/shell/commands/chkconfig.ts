import { fail, ok, type ShellCommand } from "../command.js";
import { isStackUnit } from "../units.js";

/** chkconfig(8): what starts at boot is looked at; and changed. */
export const chkconfig: ShellCommand = {
  names: ["chkconfig"],
  interface: "Linux",
  run(call) {
    const { twin, read, node, args, handle } = call;
    const { units } = twin.plant;
    const isOn = (unit: string) => unit === "pcsd" || units.atBoot.has(read, node, unit);
    const line = (unit: string) =>
      `${unit.padEnd(15)}\t0:off\t1:off\t2:${isOn(unit) ? "on" : "off"}\t3:${isOn(unit) ? "on" : "off"}\t4:${isOn(unit) ? "on" : "off"}\t5:${isOn(unit) ? "on" : "off"}\t6:off\n`;
    const [first, second] = args;
    if (first === undefined || (first === "--list" && second === undefined))
      return ok(twin.plant.units.list(node).map(line).join(""));
    if (first === "--list") return ok(line(second!));
    if (second === undefined) return { exitCode: isOn(first) ? 0 : 1 };
    if (!units.has(node, first) && !isStackUnit(first))
      return fail(`error reading information on service ${first}: No such file or directory`);
    if (second !== "on" && second !== "off") return call.notModelled(`chkconfig ${args.join(" ")}`);
    handle.act(node, `chkconfig ${args.join(" ")}`, (instant) =>
      units.atBoot.set(instant, node, first, second === "on"),
    );
    return ok();
  },
};
