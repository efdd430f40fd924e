import { type Call, fail, ok, type ShellCommand } from "../command.js";
import { absolute, nodeBehind } from "../names.js";
import { readOptions } from "../options.js";

/** scp of one file between nodes. Source: scp(1). */
export const scp: ShellCommand = {
  names: ["scp"],
  interface: "Linux",
  async run(call) {
    const { rest, unknown } = readOptions(call.args, { flags: ["-p", "-q", "-B", "-C"], values: ["-o", "-P", "-i"] });
    if (unknown !== undefined || rest.length !== 2) return call.notModelled(`scp ${call.args.join(" ")}`);
    const [from, to] = rest.map((word) => placeOf(call, word));
    for (const place of [from!, to!]) {
      if (place.node === undefined)
        return fail(`ssh: Could not resolve hostname ${place.host}: Name or service not known`, 1);
      if (place.node !== call.node && !call.twin.hosts.isRunning(call.read, place.node)) {
        call.handle.advance(3_000);
        return fail(`ssh: connect to host ${place.host} port 22: No route to host`, 1);
      }
    }
    const { twin, read, handle } = call;
    const text = twin.files.read(read, from!.node!, from!.path);
    if (text === undefined) return fail(`scp: ${from!.path}: No such file or directory`);
    const path = to!.path.endsWith("/") || to!.path === "" ? `${to!.path}${from!.path.split("/").at(-1)}` : to!.path;
    if (to!.node === call.node) call.files.put(path, text);
    else
      handle.act(call.node, `scp ${call.args.join(" ")}`, (instant) =>
        twin.files.write(instant, to!.node!, path, text),
      );
    return ok();
  },
};

function placeOf(call: Call, word: string) {
  const remote = /^(?:[\w.-]+@)?([\w.-]+):(.*)$/.exec(word);
  if (remote) return { host: remote[1]!, node: nodeBehind(call, remote[1]!), path: absolute("/root", remote[2]!) };
  return { host: call.node, node: call.node as string | undefined, path: absolute(call.cwd, word) };
}
