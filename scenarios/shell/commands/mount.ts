import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";

/** mount and umount of what the topology knows: fstab's and the resources' mounts. Source: mount(8), mount.nfs(8). */
export const mount: ShellCommand = {
  names: ["mount", "umount"],
  interface: "Linux",
  run(call) {
    const { rest, unknown, flags, values } = readOptions(call.args, {
      flags: ["-a", "-f", "-l", "-v", "-n"],
      values: ["-t", "-o", "-O"],
    });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    if (call.name === "umount") return umount(call, rest, flags);
    if (flags.has("a")) return mountAll(call, values.get("t"));
    if (rest.length === 0) return ok(mounted(call, values.get("t")));
    const point = rest.at(-1)!.replace(/(.)\/+$/, "$1");
    const device = rest.length > 1 ? rest[0] : undefined;
    return mountOne(call, point, device);
  },
};

function idOf({ twin, node }: Call, what: string): string | undefined {
  const { mounts } = twin.topology;
  if (mounts.has(`${node}:${what}`)) return `${node}:${what}`;
  return [...mounts.values()].find((one) => one.node === node && one.device === what)?.id;
}

function mounted({ twin, read, node }: Call, type: string | undefined): string {
  return [...twin.topology.mounts.values()]
    .filter(
      (one) =>
        one.node === node &&
        (type === undefined || type.split(",").includes(one.type)) &&
        twin.plant.storage.isMounted(read, one.id),
    )
    .map(
      (one) =>
        `${one.device} on ${one.mountPoint} type ${one.type} (${["rw", ...one.options.filter((option) => option !== "rw" && option !== "defaults")].join(",")})\n`,
    )
    .join("");
}

function mountOne(call: Call, point: string, device: string | undefined): Result {
  const { twin, read, handle, node } = call;
  const id = idOf(call, point);
  if (id === undefined) {
    if (device === undefined) return fail(`mount: can't find ${point} in /etc/fstab or /etc/mtab`);
    return call.notModelled(`a mount that the topology does not know: ${device} on ${point}`);
  }
  const known = twin.topology.mounts.get(id)!;
  if (device === undefined && known.by.kind !== "fstab")
    return fail(`mount: can't find ${point} in /etc/fstab or /etc/mtab`);
  if (device !== undefined && device !== known.device)
    return call.notModelled(`${device} on ${point}: the topology mounts ${known.device} there`);
  const { storage } = twin.plant;
  if (storage.isMounted(read, id)) return fail(`mount.nfs: ${known.mountPoint} is busy or already mounted`, 32);
  handle.about({ kind: "mount", node, mount: id });
  const attempt = storage.tryMount(read, id);
  if (attempt.kind === "fails") return fail(`mount.nfs: ${attempt.reason}`, 32);
  if (attempt.kind === "hangs") {
    const held = handle.advanceUntil(() => storage.tryMount(read, id).kind === "mounts", 120_000);
    if (held !== "held") return fail("mount.nfs: Connection timed out", 32);
  }
  handle.act(node, `mount ${call.args.join(" ")}`, (instant) => storage.mount(instant, id));
  return ok();
}

function mountAll(call: Call, type: string | undefined): Result {
  const { twin, read, node } = call;
  const failures: string[] = [];
  for (const one of twin.topology.mounts.values()) {
    if (one.node !== node || one.by.kind !== "fstab" || twin.plant.storage.isMounted(read, one.id)) continue;
    if (type !== undefined && !type.split(",").includes(one.type)) continue;
    const { stderr = "" } = mountOne(call, one.mountPoint, undefined);
    if (stderr !== "") failures.push(stderr);
  }
  return failures.length > 0 ? fail(failures.join(""), 32) : ok();
}

function umount(call: Call, rest: readonly string[], flags: ReadonlySet<string>): Result {
  const { twin, read, handle, node } = call;
  const [what] = rest;
  if (what === undefined) return fail("Usage: umount [options] <source> | <directory>");
  const id = idOf(call, what.replace(/(.)\/+$/, "$1"));
  const { storage } = twin.plant;
  if (id === undefined || !storage.isMounted(read, id)) return fail(`umount: ${what}: not mounted`, 32);
  const users = usersOf(call, id);
  if (users.length > 0 && !flags.has("l"))
    return fail(
      `umount: ${what}: device is busy.\n        (In some cases useful info about processes that use\n         the device is found by lsof(8) or fuser(1))`,
      32,
    );
  if (storage.mountState(read, id) === "hung" && !flags.has("f") && !flags.has("l")) {
    if (handle.advanceUntil(() => storage.mountState(read, id) !== "hung", 180_000) !== "held")
      return fail(`umount.nfs: ${what}: device is busy`, 16);
  }
  handle.act(node, `umount ${call.args.join(" ")}`, (instant) => storage.unmount(instant, id));
  return ok();
}

/** Processes that hold files on a mount: the databases whose datadir it is. */
export function usersOf({ twin, read, node }: Call, mountId: string): readonly string[] {
  const { mysql } = twin.plant.storage;
  return [...twin.topology.databases.values()]
    .filter((one) => `${node}:${one.datadir}` === mountId && one.nodes.includes(node))
    .filter(
      (one) =>
        ["recovering", "ready", "stopping"].includes(mysql.state(read, one.id, node)) &&
        !mysql.isOnEmptyDirectory(read, one.id, node),
    )
    .map(() => "mysqld");
}
