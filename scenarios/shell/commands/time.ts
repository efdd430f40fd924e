import { fail, ok, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { spanMs } from "../pacemaker.js";

/** date: the twin's clock. Formats are the shell's own command's. */
export const date: ShellCommand = {
  names: ["date"],
  interface: "Linux",
  run(call) {
    const { args, handle } = call;
    if (args.some((arg) => arg === "-s" || arg.startsWith("--set"))) return call.notModelled("setting a node's clock");
    const relative = args.findIndex((arg) => arg === "-d" || arg.startsWith("--date"));
    const given =
      relative < 0 ? undefined : args[relative]!.startsWith("--date=") ? args[relative]!.slice(7) : args[relative + 1];
    const now = handle.epochSeconds;
    if (given === undefined) return call.original(["-d", `@${now}`, ...args]);
    const shift = /^([+-]?\s*\d+)\s*(second|sec|minute|min|hour|day)s?(\s+ago)?$/.exec(given.trim());
    if (!shift && given !== "now")
      return /^(@|\d{4}-)/.test(given) ? call.original(args) : call.notModelled(`date -d '${given}'`);
    const unit = { second: 1, sec: 1, minute: 60, min: 60, hour: 3600, day: 86400 }[shift?.[2] ?? "second"]!;
    const seconds = shift ? Number(shift[1]!.replace(/\s/g, "")) * unit * (shift[3] ? -1 : 1) : 0;
    const others = args.filter(
      (_, i) => i !== relative && (args[relative]!.startsWith("--date=") || i !== relative + 1),
    );
    return call.original(["-d", `@${now + seconds}`, ...others]);
  },
};

/** sleep: virtual time passes. */
export const sleep: ShellCommand = {
  names: ["sleep"],
  interface: "Linux",
  run({ args, handle }) {
    if (args.length === 0) return fail("sleep: missing operand");
    let totalMs = 0;
    for (const arg of args) {
      const ms = spanMs(arg);
      if (ms === undefined) return fail(`sleep: invalid time interval '${arg}'`);
      totalMs += ms;
    }
    handle.advance(totalMs);
    return {};
  },
};

/** timeout: a deadline in virtual time; what waits ends there with 124. Source: timeout(1). */
export const timeout: ShellCommand = {
  names: ["timeout"],
  interface: "Linux",
  async run(call) {
    const { rest, unknown } = readOptions(call.args, {
      flags: ["--foreground", "--preserve-status"],
      values: ["-s --signal", "-k --kill-after"],
      stopsAtWord: true,
    });
    if (unknown !== undefined) return call.notModelled(`timeout ${unknown}`);
    const ms = spanMs(rest[0] ?? "");
    if (ms === undefined || rest.length < 2) return fail("timeout: missing operand", 125);
    let result = { stdout: "", stderr: "", exitCode: 0 };
    const isLate = await call.handle.withDeadline(ms, async () => {
      result = await call.exec(rest.slice(1).map(quoted).join(" "), undefined, call.stdin);
    });
    return isLate ? { ...result, exitCode: 124 } : result;
  },
};

/** sudo, su -c, env-less wrappers: everybody is root here already. */
export const sudo: ShellCommand = {
  names: ["sudo"],
  interface: "Linux",
  async run(call) {
    const { rest, unknown } = readOptions(call.args, {
      flags: ["-i", "-s", "-E", "-n", "-H"],
      values: ["-u", "-g"],
      stopsAtWord: true,
    });
    if (unknown !== undefined) return call.notModelled(`sudo ${unknown}`);
    return rest.length === 0 ? {} : call.exec(rest.map(quoted).join(" "), undefined, call.stdin);
  },
};

/** watch: a person looks once and presses Ctrl-C. */
export const watch: ShellCommand = {
  names: ["watch"],
  interface: "Linux",
  async run(call) {
    const { rest, values, unknown } = readOptions(call.args, {
      flags: ["-d", "-t", "-g"],
      values: ["-n --interval"],
      stopsAtWord: true,
    });
    if (unknown !== undefined) return call.notModelled(`watch ${unknown}`);
    call.handle.advance((Number(values.get("interval") ?? 2) || 2) * 1000);
    return call.exec(rest.join(" "), undefined, call.stdin);
  },
};

export const hostname: ShellCommand = {
  names: ["hostname", "uname"],
  interface: "Linux",
  run({ name, args, node, twin }) {
    if (name === "hostname")
      return args.every((arg) => /^-[sf]$/.test(arg))
        ? ok(node)
        : fail("hostname: you must be root to change the host name");
    const isSix = /^RHEL 6/.test(twin.topology.release.os ?? "");
    const kernel = isSix ? "2.6.32-431.el6.x86_64" : "5.14.0";
    if (args.includes("-a")) return ok(`Linux ${node} ${kernel} #1 SMP x86_64 x86_64 x86_64 GNU/Linux`);
    if (args.includes("-r")) return ok(kernel);
    return ok(args.includes("-n") ? node : "Linux");
  },
};

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
