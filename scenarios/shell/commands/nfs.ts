import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { nodeBehind } from "../names.js";
import { readOptions } from "../options.js";
import { usersOf } from "./mount.js";

/** showmount and exportfs: what a server exports, and to whom. Source: showmount(8), exportfs(8). */
export const showmount: ShellCommand = {
  names: ["showmount", "exportfs"],
  interface: "NFS",
  run(call) {
    const { rest, flags, unknown } = readOptions(call.args, {
      flags: ["-e --exports", "-a --all", "-d --directories", "-v", "-r", "-s"],
    });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    const { twin, read, node } = call;
    if (call.name === "exportfs") {
      if (flags.has("r") || flags.has("all"))
        return call.notModelled(`exportfs ${call.args.join(" ")}: exports are read when the server starts`);
      return ok(
        exportsOf(call, node)
          .flatMap((one) => one.clients.map(({ client }) => `${one.path}\t${client}\n`))
          .join(""),
      );
    }
    const host = rest[0] ?? node;
    const server =
      nodeBehind(call, host) ?? [...twin.topology.exports.values()].find((one) => one.addresses.includes(host))?.node;
    if (server === undefined) return fail(`clnt_create: RPC: Unknown host`);
    if (!isServing(call, server)) {
      call.handle.advance(60_000);
      return fail("clnt_create: RPC: Port mapper failure - Timed out");
    }
    if (flags.has("all")) {
      const clients = [...twin.topology.mounts.values()].filter(
        (one) => one.export?.startsWith(`${server}:`) && twin.plant.storage.isMounted(read, one.id),
      );
      return ok(
        `All mount points on ${host}:\n${clients
          .map((one) => `${clientOf(call, one.node)}:${one.device.split(":")[1]}\n`)
          .sort()
          .join("")}`,
      );
    }
    return ok(
      `Export list for ${host}:\n${exportsOf(call, server)
        .map((one) => `${one.path} ${one.clients.map(({ client }) => client).join(",")}\n`)
        .join("")}`,
    );
  },
};

/** rpcinfo -p: what a host's port mapper names. Source: rpcinfo(8). */
export const rpcinfo: ShellCommand = {
  names: ["rpcinfo"],
  interface: "NFS",
  run(call) {
    const { rest, unknown } = readOptions(call.args, { flags: ["-p"] });
    if (unknown !== undefined) return call.notModelled(`rpcinfo ${unknown}`);
    const host = rest[0] ?? call.node;
    const server = nodeBehind(call, host);
    if (server === undefined) return fail(`rpcinfo: can't contact ${host}: Unknown host`);
    if (!call.twin.hosts.isRunning(call.read, server)) {
      call.handle.advance(60_000);
      return fail("rpcinfo: can't contact portmapper: RPC: Remote system error - Connection timed out");
    }
    const programs = [
      [100000, 111, "portmapper"],
      ...(isServing(call, server)
        ? [
            [100003, 2049, "nfs"],
            [100005, 20048, "mountd"],
          ]
        : []),
    ];
    const lines = programs.map(
      ([number, port, name]) => `    ${number}    3   tcp  ${String(port).padStart(5)}  ${name}\n`,
    );
    return ok(`   program vers proto   port  service\n${lines.join("")}`);
  },
};

function exportsOf({ twin }: Call, node: string) {
  return [...twin.topology.exports.values()].filter((one) => one.node === node);
}

/** A client's address on the network of its mount: how the server knows it. */
function clientOf({ twin }: Call, node: string): string {
  const { nics } = twin.topology.nodes.get(node)!;
  const storage = nics
    .flatMap((nic) => nic.addresses)
    .find(({ network }) => twin.topology.networks.get(network)?.role === "storage");
  return (storage ?? nics.flatMap((nic) => nic.addresses)[0])?.address ?? node;
}

function isServing({ twin, read }: Call, node: string): boolean {
  const cell = twin.plant.storage.serverCell(node);
  return cell !== undefined && read.get(cell).value === "serving";
}

/** df: what is mounted; a hung mount keeps it waiting, as the real one. */
export const df: ShellCommand = {
  names: ["df"],
  interface: "Linux",
  run(call): Result {
    const { rest, unknown } = readOptions(call.args, {
      flags: ["-h", "-k", "-T", "-P", "-l", "-i", "-a"],
      values: ["-t"],
    });
    if (unknown !== undefined) return call.notModelled(`df ${unknown}`);
    const { twin, read, node, handle } = call;
    const mounts = [...twin.topology.mounts.values()].filter(
      (one) => one.node === node && twin.plant.storage.isMounted(read, one.id),
    );
    const wanted = mounts.filter(
      (one) =>
        rest.length === 0 ||
        rest.some((path) => path === one.mountPoint || path.startsWith(`${one.mountPoint}/`) || path === one.device),
    );
    for (const one of wanted) {
      if (twin.plant.storage.mountState(read, one.id) !== "hung") continue;
      if (handle.advanceUntil(() => twin.plant.storage.mountState(read, one.id) !== "hung", 600_000) !== "held")
        return fail("df: interrupted after ten minutes", 130);
    }
    const line = (device: string, point: string) => `${device.padEnd(28)} 103079936 41231974  61847962  40% ${point}`;
    const root = rest.length === 0 || wanted.length === 0 ? [line("/dev/mapper/vg_root-lv_root", "/")] : [];
    return ok(
      [
        "Filesystem                   1K-blocks     Used Available Use% Mounted on",
        ...root,
        ...wanted.map((one) => line(one.device, one.mountPoint)),
        "",
      ].join("\n"),
    );
  },
};

/** fuser and lsof: who holds files on a mount. Source: fuser(1). */
export const fuser: ShellCommand = {
  names: ["fuser", "lsof"],
  interface: "Linux",
  run(call) {
    const { rest, unknown } = readOptions(call.args, { flags: ["-m", "-v", "-u"], values: [] });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    const path = rest[0] ?? "";
    const users = usersOf(call, `${call.node}:${path}`);
    if (users.length === 0) return { exitCode: 1 };
    if (call.name === "lsof")
      return ok(
        `COMMAND   PID  USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\nmysqld   2001 mysql   10u   REG   0,21 18874368   12 ${path}/ibdata1\n`,
      );
    return ok(`${path}:             2001m\n`);
  },
};

/** ps and pgrep: the processes that the twin plays. */
export const ps: ShellCommand = {
  names: ["ps", "pgrep", "pidof"],
  interface: "Linux",
  run(call) {
    const { twin, read, node, name, args } = call;
    const running = twin.plant.units.list(node).filter((unit) => twin.plant.units.isRunning(read, node, unit));
    if (twin.clusters.isStackRunning(read, node)) running.push("corosync", "pacemakerd");
    if (name === "ps")
      return ok(
        `  PID TTY          TIME CMD\n${running.map((unit, i) => ` ${2001 + i} ?        00:00:04 ${unit}\n`).join("")}`,
      );
    const wanted = args.filter((arg) => !arg.startsWith("-"));
    const found = running
      .map((unit, i) => [unit, 2001 + i] as const)
      .filter(([unit]) => wanted.some((word) => unit.includes(word)));
    return found.length > 0
      ? ok(
          found
            .map(([unit, pid]) => (args.some((arg) => /^-\w*[la]/.test(arg)) ? `${pid} ${unit}\n` : `${pid}\n`))
            .join(""),
        )
      : { exitCode: 1 };
  },
};
