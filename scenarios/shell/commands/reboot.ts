import { fail, ok, type ShellCommand } from "../command.js";
import { powerCut, powerVerb } from "../power.js";

/** reboot, poweroff, halt, shutdown. Source: shutdown(8). */
export const reboot: ShellCommand = {
  names: ["reboot", "poweroff", "halt", "shutdown"],
  interface: "Linux",
  run(call) {
    const { name, args } = call;
    const has = (flag: string) => args.includes(flag);
    if (name !== "shutdown") {
      if (args.some((arg) => !/^(-f|-p|-n|--force)$/.test(arg))) return call.notModelled(`${name} ${args.join(" ")}`);
      const then = name === "reboot" ? "reboot" : "off";
      return has("-f") || has("--force") ? powerCut(call, then) : powerVerb(call, then);
    }
    if (has("-c")) return ok();
    const when = args.find((arg) => !arg.startsWith("-"));
    if (when === undefined) return fail("shutdown: time expected");
    const minutes = when === "now" ? 0 : /^\+\d+$/.test(when) ? Number(when) : undefined;
    if (minutes === undefined) return call.notModelled(`shutdown at ${when}`);
    call.handle.advance(minutes * 60_000);
    return powerVerb(call, has("-r") ? "reboot" : "off");
  },
};
