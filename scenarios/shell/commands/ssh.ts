import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
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
    const guest = guestBehind(call, host);
    if (guest !== undefined) return intoGuest(call, host, guest, words);
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

function guestBehind({ twin }: Call, name: string): string | undefined {
  if (twin.topology.guests.has(name)) return name;
  return [...twin.topology.guests.values()].find(({ address }) => address === name)?.id;
}

/** By its network, as everybody reaches it; a Windows guest has no shell of this kind. */
async function intoGuest(call: Call, host: string, guest: string, words: readonly string[]): Promise<Result> {
  const { twin, read, handle } = call;
  const { guests } = twin.services;
  const answer = guests.fromOutside(read, guest);
  if (twin.topology.images.get(twin.topology.guests.get(guest)!.image)!.os === "windows")
    return call.notModelled(`ssh ${host}: a shell of a Windows guest`);
  if (!guests.isUp(read, guest) || answer.grade === "failed") {
    const isSilent = answer.failure === "timeout";
    handle.advance(isSilent ? 63_000 : 3_000);
    return fail(`ssh: connect to host ${host} port 22: ${isSilent ? "Connection timed out" : "No route to host"}`, 255);
  }
  if (words.length > 0) return call.exec(words.join(" "), guest, call.stdin);
  handle.hop(guest);
  return ok();
}
