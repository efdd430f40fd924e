import { fail, ok, type ShellCommand } from "../command.js";
import { nodeBehind, resolveHost } from "../names.js";
import { readOptions } from "../options.js";

/** ssh to another node: a command there, or (alone on its line) a hop that the next lines follow. */
export const ssh: ShellCommand = {
  names: ["ssh"],
  interface: "Linux",
  async run(call) {
    const { rest, values, unknown } = readOptions(call.args, {
      flags: ["-t", "-T", "-q", "-n", "-A", "-x", "-X", "-4", "-v"],
      values: ["-p", "-o", "-l", "-i", "-F"],
      stopsAtWord: true,
    });
    if (unknown !== undefined) return call.notModelled(`ssh ${unknown}`);
    const [target, ...words] = rest;
    if (target === undefined) return fail("usage: ssh [options] destination [command]", 255);
    const host = target.slice(target.indexOf("@") + 1);
    const { twin, read, node, handle } = call;
    const behind = nodeBehind(call, host);
    const address = resolveHost(call, host);
    if (address === undefined && behind === undefined)
      return fail(`ssh: Could not resolve hostname ${host}: Name or service not known`, 255);
    if (behind === undefined && address !== undefined) {
      handle.advance(3_000);
      return fail(`ssh: connect to host ${host} port 22: No route to host`, 255);
    }
    const isLocal = behind === node;
    const path = address === undefined || isLocal ? undefined : twin.network.path(read, node, address);
    if (!twin.hosts.isRunning(read, behind!) || (path && !path.ok)) {
      const isSilent = twin.hosts.state(read, behind!) === "frozen" || path?.failure === "timeout";
      const allowed = /ConnectTimeout=(\d+)/.exec(values.get("o") ?? "")?.[1];
      handle.advance(Math.min(isSilent ? 63_000 : 3_000, allowed === undefined ? Infinity : Number(allowed) * 1000));
      return fail(
        `ssh: connect to host ${host} port 22: ${isSilent ? "Connection timed out" : "No route to host"}`,
        255,
      );
    }
    if (words.length === 0) {
      handle.hop(behind!);
      return ok();
    }
    const result = await call.exec(words.join(" "), behind, call.stdin);
    if (!twin.hosts.isRunning(read, behind!))
      return { ...result, stderr: `${result.stderr}Connection to ${host} closed by remote host.\n`, exitCode: 255 };
    return result;
  },
};
