import { fail, ok, type ShellCommand } from "../command.js";
import { logLines, syslogText } from "../logs/node-log.js";
import { readOptions } from "../options.js";
import { spanMs } from "../pacemaker.js";

const CLUSTER_UNITS: Readonly<Record<string, RegExp>> = { pacemaker: /^pacemaker/, corosync: /^corosync/ };

/** journalctl and dmesg: what the node's daemons and kernel wrote since the session began. Source: journalctl(1). */
export const journalctl: ShellCommand = {
  names: ["journalctl", "dmesg"],
  interface: "Linux",
  run(call) {
    const { handle, node, args, name, twin } = call;
    if (name === "journalctl" && /^RHEL 6/.test(twin.topology.release.os ?? ""))
      return fail("bash: journalctl: command not found: this release has no systemd, see /var/log/messages", 127);
    const { flags, values, rest, unknown } = readOptions(args, {
      flags: [
        "-b --boot",
        "-x",
        "-e",
        "-f --follow",
        "-k --dmesg",
        "-T",
        "--no-pager",
        "-q --quiet",
        "-r --reverse",
        "-a",
        "-l",
      ],
      values: ["-u --unit", "-n --lines", "-S --since", "-g --grep", "-t --identifier", "-o --output", "-p --priority"],
    });
    if (unknown !== undefined || rest.length > 0) return call.notModelled(`${name} ${unknown ?? rest[0]}`);
    const sinceMs = since(values.get("since"));
    if (sinceMs === undefined) return call.notModelled(`journalctl --since ${values.get("since")}`);
    const unit = values.get("unit")?.replace(/\.service$/, "");
    const isWanted = (program: string) => {
      if (name === "dmesg" || flags.has("dmesg")) return program === "kernel";
      if (values.has("identifier")) return program === values.get("identifier");
      return unit === undefined || (CLUSTER_UNITS[unit]?.test(program) ?? program === unit);
    };
    const grep = values.get("grep");
    let lines = logLines(handle, node)
      .filter(({ atMs, program }) => isWanted(program) && atMs >= handle.run.nowMs - sinceMs)
      .filter(({ program }) => !values.has("priority") || program !== "bash")
      .map((line) => syslogText(handle, node, line))
      .filter((line) => grep === undefined || line.includes(grep));
    const count = Number(values.get("lines") ?? (flags.has("follow") ? 10 : Number.POSITIVE_INFINITY));
    if (Number.isFinite(count)) lines = lines.slice(-count);
    if (flags.has("reverse")) lines.reverse();
    return lines.length > 0 ? ok(`${lines.join("\n")}\n`) : ok(name === "dmesg" ? "" : "-- No entries --");
  },
};

/** `-1h`, `10 min ago`, `today`; undefined for what is not understood. */
function since(text: string | undefined): number | undefined {
  if (text === undefined || text === "today" || text === "yesterday") return Number.POSITIVE_INFINITY;
  const found = /^-?(\d+)\s*(\w+?)s?(?:\s+ago)?$/.exec(text.trim());
  return found
    ? spanMs(`${found[1]}${{ minute: "min", hour: "h", second: "s", day: "d" }[found[2]!] ?? found[2]}`)
    : undefined;
}
