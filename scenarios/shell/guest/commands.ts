import type { NeutronNetwork } from "../../../model/topology/types.js";
import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { date, hostname, sleep, sudo, timeout, watch } from "../commands/time.js";
import { readOptions } from "../options.js";

const METADATA = "169.254.169.254";

/** ip address, link and route in a guest: one interface, its lease, its way to its metadata. */
const ip: ShellCommand = {
  names: ["ip", "route", "ifconfig"],
  interface: "Guest",
  run(call) {
    const { twin, read, node, name } = call;
    const { guests } = twin.services;
    const { address } = twin.topology.guests.get(node)!;
    const network = networkOf(call);
    const gateway = network.subnet.gateway;
    const words = (name === "route" ? ["route", ...call.args] : call.args).filter((arg) => !/^-(4|o|n|br)$/.test(arg));
    const [object = "", verb = "show", ...more] = words;
    const hasAddress = guests.isUp(read, node);
    if (/^a(ddr|ddress)?$/.test(object) || name === "ifconfig")
      return ok(
        `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 16436\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n${hasAddress ? `    inet ${address}/${network.subnet.cidr.split("/")[1]} scope global eth0\n` : ""}`,
      );
    if (/^l(ink)?$/.test(object)) return ok("2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP\n");
    if (!/^r(oute)?$/.test(object)) return call.notModelled(`ip ${call.args.join(" ")} in a guest`);
    const hop = guests.nextHop(read, node);
    if (verb === "show" || verb === "list" || verb === "ls")
      return ok(
        [
          gateway === undefined ? "" : `default via ${gateway} dev eth0\n`,
          hop === undefined || hop === gateway
            ? ""
            : hop === METADATA
              ? "169.254.0.0/16 dev eth0 scope link\n"
              : `${METADATA} via ${hop} dev eth0\n`,
          `${network.subnet.cidr} dev eth0 proto kernel scope link src ${address}\n`,
        ].join(""),
      );
    if (verb === "get" && more[0] === METADATA) {
      if (hop === undefined) return fail("RTNETLINK answers: Network is unreachable", 2);
      return ok(`${METADATA}${hop === METADATA ? "" : ` via ${hop}`} dev eth0  src ${address}`);
    }
    const target = more[0]?.replace(/\/32$/, "");
    const via = more[more.indexOf("via") + 1];
    if (target !== METADATA || !["add", "replace", "del", "delete"].includes(verb))
      return call.notModelled(`ip route ${words.slice(1).join(" ")} in a guest`);
    if (verb !== "replace" && verb !== "add")
      return act(call, (instant) => guests.addRoute(instant, node, "no-metadata-route"));
    if (!more.includes("via") || !/^\d+(\.\d+){3}$/.test(via ?? ""))
      return fail("Error: an inet address is expected", 1);
    if (verb === "add" && hop !== undefined && hop !== gateway && hop !== METADATA)
      return fail("RTNETLINK answers: File exists", 2);
    return act(call, (instant) => guests.addRoute(instant, node, `via ${via}`));
  },
};

function networkOf({ twin, node }: Call): NeutronNetwork {
  return twin.topology.neutron.networks.get(twin.topology.guests.get(node)!.network)!;
}

function act(call: Call, body: Parameters<Call["handle"]["act"]>[2]): Result {
  call.handle.act(call.node, `${call.name} ${call.args.join(" ")}`, body);
  return ok();
}

/** curl of the metadata service: whether it answers, and the few keys that people ask for. */
const curl: ShellCommand = {
  names: ["curl", "wget"],
  interface: "Guest",
  run(call) {
    const { rest, values, flags, unknown } = readOptions(call.args, {
      flags: ["-s --silent", "-S", "-f --fail", "-i --include", "-I --head", "-v", "-q", "-L", "-O"],
      values: ["-m --max-time", "--connect-timeout", "-o --output", "-w --write-out", "-T", "-t"],
    });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    const path = /^(?:http:\/\/)?169\.254\.169\.254(?::80)?(\/.*)?$/.exec(rest[0] ?? "");
    if (!path) return call.notModelled(`${call.name} ${rest[0] ?? ""} in a guest: only its metadata is known`);
    const { twin, read, node, handle } = call;
    const answer = twin.services.guests.metadata(read, node);
    const said = (text: string) => (flags.has("silent") ? "" : text);
    if (answer.failure === "timeout") {
      handle.advance(Number(values.get("max-time") ?? values.get("connect-timeout") ?? 63) * 1000);
      return fail(said("curl: (28) connect() timed out!"), 28);
    }
    if (answer.failure === "refused" || answer.failure === "unreachable")
      return fail(
        said(
          `curl: (7) couldn't connect to host: ${answer.failure === "refused" ? "Connection refused" : "Network is unreachable"}`,
        ),
        7,
      );
    const status = answer.status ?? (answer.grade === "failed" ? 500 : 200);
    if (status >= 400 && flags.has("fail"))
      return fail(said(`curl: (22) The requested URL returned error: ${status}`), 22);
    const body = status === 200 ? bodyOf(call, path[1] ?? "/") : `${status} ${answer.text}\n`;
    const head =
      flags.has("include") || flags.has("head") ? `HTTP/1.1 ${status} ${status === 200 ? "OK" : "Error"}\n\n` : "";
    const written = (values.get("write-out") ?? "")
      .replaceAll(/%\{(?:http_code|response_code)\}/g, String(status))
      .replaceAll("\\n", "\n");
    return { stdout: head + (flags.has("head") || values.has("output") ? "" : body) + written, exitCode: 0 };
  },
};

function bodyOf({ node, twin }: Call, path: string): string {
  const { address } = twin.topology.guests.get(node)!;
  const keys: Readonly<Record<string, string>> = {
    "ami-id": "ami-00000001",
    hostname: `${node}.novalocal`,
    "instance-id": `i-${[...twin.topology.guests.keys()].indexOf(node).toString(16).padStart(8, "0")}`,
    "local-hostname": `${node}.novalocal`,
    "local-ipv4": address,
    "public-keys/": "0=key",
  };
  const key = /meta-data\/(.+)$/.exec(path)?.[1];
  if (key !== undefined) return `${keys[key] ?? ""}\n`;
  if (/meta-data\/?$/.test(path)) return `${Object.keys(keys).join("\n")}\n`;
  if (/meta_data\.json$/.test(path)) return `{"hostname": "${node}.novalocal", "name": "${node}"}\n`;
  return /\/(latest|openstack|\d{4}-\d\d-\d\d)\/?$/.test(path) ? "meta-data\nuser-data\n" : "1.0\nlatest\n";
}

/** ping of what answers on the guest's own network: its DHCP port, its gateway. */
const ping: ShellCommand = {
  names: ["ping"],
  interface: "Guest",
  run(call) {
    const { rest, values, unknown } = readOptions(call.args, { flags: ["-q", "-n"], values: ["-c", "-W", "-w", "-i"] });
    const [target = ""] = rest;
    if (unknown !== undefined) return call.notModelled(`ping ${unknown}`);
    const { twin, read, node, handle } = call;
    const network = networkOf(call);
    if (target !== network.subnet.gateway)
      return call.notModelled(`ping ${target} in a guest: only its gateway is known`);
    const count = Math.min(100, Number(values.get("c") ?? 4) || 1);
    const answers = twin.services.guests.fromOutside(read, node).grade !== "failed";
    handle.advance(count * 1000);
    return {
      stdout: `PING ${target} (${target}) 56(84) bytes of data.\n\n--- ${target} ping statistics ---\n${count} packets transmitted, ${answers ? count : 0} received, ${answers ? 0 : 100}% packet loss\n`,
      exitCode: answers ? 0 : 1,
    };
  },
};

/** The network scripts: ifup, `service network restart`, dhclient. */
const network: ShellCommand = {
  names: ["ifup", "ifdown", "service", "systemctl", "dhclient", "nmcli"],
  interface: "Guest",
  run(call) {
    const { twin, node, name, args } = call;
    const line = args.join(" ");
    const isUp =
      name === "ifup" ||
      name === "dhclient" ||
      /^(network|NetworkManager) (re)?start$/.test(line) ||
      /^(re)?start (network|NetworkManager)(\.service)?$/.test(line);
    if (name === "ifdown") return ok();
    if (!isUp) return call.notModelled(`${name} ${line} in a guest`);
    return act(call, (instant) => twin.services.guests.networkUp(instant, node));
  },
};

const reboot: ShellCommand = {
  names: ["reboot", "shutdown"],
  interface: "Guest",
  run(call) {
    const { twin, node, name, args } = call;
    if (name === "shutdown" && !args.includes("-r")) return call.notModelled(`shutdown ${args.join(" ")} in a guest`);
    return act(call, (instant) => twin.services.guests.reboot(instant, node));
  },
};

const all: readonly ShellCommand[] = [ip, curl, ping, network, reboot, date, hostname, sleep, sudo, timeout, watch];

/** Every command of a guest's shell that acts on the twin, by each of its names. */
export const guestCommands: ReadonlyMap<string, ShellCommand> = new Map(
  all.flatMap((command) => command.names.map((name) => [name, command] as const)),
);
