import type { Nic } from "../../../model/topology/types.js";
import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { netns } from "./netns.js";

/** ip addr, link, route, neigh: looked at; addresses and links changed. Source: ip(8). */
export const ip: ShellCommand = {
  names: ["ip"],
  interface: "Linux",
  run(call) {
    // Options stand before the object; behind `netns exec` they are another command's.
    const at = call.args.findIndex((arg) => !/^-(4|o|br|brief|s|d)$/.test(arg));
    const words = at < 0 ? [] : call.args.slice(at);
    const isShort = call.args.slice(0, Math.max(at, 0)).includes("-o");
    const [object = "", ...more] = words;
    if (/^a(ddr|ddress)?$/.test(object)) return address(call, more, isShort);
    if (/^l(ink)?$/.test(object)) return link(call, more);
    if (/^r(oute)?$/.test(object)) return route(call, more);
    if (object === "netns") return netns(call, more);
    return call.notModelled(`ip ${call.args.join(" ")}`);
  },
};

/** The addresses on a NIC now: its own, and those that a cluster (or a person) put there. */
function addressesOn(
  { twin, read, node }: Call,
  nic: Nic,
): readonly { address: string; prefix: number; isOwn: boolean }[] {
  const own = nic.addresses.map(({ address, prefix }) => ({ address, prefix, isOwn: true }));
  const floating = [...twin.topology.virtualAddresses.values()]
    .filter((one) => twin.network.holders(read, one.address).includes(node))
    .filter((one) => (one.nic === undefined ? nic.networks.includes(one.network) : one.nic === nic.name))
    .map(({ address, prefix }) => ({ address, prefix, isOwn: false }));
  // What the topology does not know of stands on the NIC whose network it belongs to.
  const others = twin.plant.network
    .addedOn(read, node)
    .filter((address) => !twin.topology.virtualAddresses.has(address))
    .filter((address) => nic.networks.includes(twin.plant.network.networkOf(address) ?? ""))
    .map((address) => ({ address, prefix: own[0]?.prefix ?? 24, isOwn: false }));
  return [...own, ...floating, ...others];
}

/** One of its cables carries frames. */
function isUp({ twin, read }: Call, nic: Nic): boolean {
  return nic.links.some((id) => {
    const cell = twin.blueprint.find(`link/${id}`);
    return cell === undefined || (read.get(cell) as { value?: string }).value !== "down";
  });
}

function address(call: Call, words: readonly string[], isShort: boolean): Result {
  const { twin, node, handle } = call;
  const nics = twin.topology.nodes.get(node)!.nics;
  const [verb = "show", ...more] = words;
  if (verb === "add" || verb === "del" || verb === "delete") {
    const given = more.find((word) => /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(word));
    if (given === undefined) return fail("Error: an inet prefix is expected", 1);
    const plain = given.split("/")[0]!;
    handle.act(node, `ip ${call.args.join(" ")}`, (instant) =>
      verb === "add" ? twin.network.addAddress(instant, node, plain) : twin.network.removeAddress(instant, node, plain),
    );
    return ok();
  }
  const wanted = (verb === "show" || verb === "list" || verb === "ls" ? more : words).filter((word) => word !== "dev");
  const unknown = wanted.find((word) => !nics.some((nic) => nic.name === word) && word !== "lo");
  if (unknown !== undefined) return fail(`Device "${unknown}" does not exist.`, 1);
  const shown = nics
    .map((nic, i) => [nic, i + 2] as const)
    .filter(([nic]) => wanted.length === 0 || wanted.includes(nic.name));
  const loopback =
    wanted.length === 0 || wanted.includes("lo")
      ? isShort
        ? "1: lo    inet 127.0.0.1/8 scope host lo\n"
        : "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n    inet 127.0.0.1/8 scope host lo\n"
      : "";
  if (isShort)
    return ok(
      loopback +
        shown
          .flatMap(([nic, index]) =>
            addressesOn(call, nic).map(
              (one) =>
                `${index}: ${nic.name}    inet ${one.address}/${one.prefix} scope global${one.isOwn ? "" : " secondary"} ${nic.name}\n`,
            ),
          )
          .join(""),
    );
  return ok(
    loopback +
      shown
        .map(([nic, index]) => {
          const up = isUp(call, nic);
          const flags = up ? "<BROADCAST,MULTICAST,UP,LOWER_UP>" : "<NO-CARRIER,BROADCAST,MULTICAST,UP>";
          const lines = addressesOn(call, nic).map(
            (one) => `    inet ${one.address}/${one.prefix} scope global${one.isOwn ? "" : " secondary"} ${nic.name}\n`,
          );
          return `${index}: ${nic.name}: ${flags} mtu 1500 qdisc pfifo_fast state ${up ? "UP" : "DOWN"} qlen 1000\n${lines.join("")}`;
        })
        .join(""),
  );
}

function link(call: Call, words: readonly string[]): Result {
  const { twin, node, handle } = call;
  const nics = twin.topology.nodes.get(node)!.nics;
  if (words[0] === "set") {
    const name = words.slice(1).find((word) => word !== "dev");
    const nic = nics.find((one) => one.name === name);
    if (!nic) return fail(`Cannot find device "${name}"`, 1);
    const up = words.includes("up");
    if (!up && !words.includes("down")) return call.notModelled(`ip link ${words.join(" ")}`);
    handle.act(node, `ip ${call.args.join(" ")}`, (instant) => twin.plant.network.setNic(instant, node, nic.name, up));
    return ok();
  }
  const wanted = words.filter((word) => !/^(show|list|ls|dev)$/.test(word));
  return ok(
    nics
      .map((nic, i) => [nic, i + 2] as const)
      .filter(([nic]) => wanted.length === 0 || wanted.includes(nic.name))
      .map(([nic, index]) => {
        const up = isUp(call, nic);
        return `${index}: ${nic.name}: ${up ? "<BROADCAST,MULTICAST,UP,LOWER_UP>" : "<NO-CARRIER,BROADCAST,MULTICAST,UP>"} mtu 1500 qdisc pfifo_fast state ${up ? "UP" : "DOWN"} qlen 1000\n`;
      })
      .join(""),
  );
}

function route(call: Call, words: readonly string[]): Result {
  const { twin, node } = call;
  const found = twin.topology.nodes.get(node)!;
  const [verb = "show", target = ""] = words;
  const connected = found.nics.flatMap((nic) =>
    nic.addresses.map((one) => ({ nic: nic.name, ...one, cidr: twin.topology.networks.get(one.network)?.cidr ?? "" })),
  );
  if (verb === "show" || verb === "list")
    return ok(
      [
        ...found.routes
          .filter((one) => one.prefix === 0)
          .map((one) => `default via ${one.gateway} dev ${one.device ?? connected[0]?.nic}\n`),
        ...connected.map((one) => `${one.cidr} dev ${one.nic}  proto kernel  scope link  src ${one.address}\n`),
        ...found.routes
          .filter((one) => one.prefix !== 0)
          .map(
            (one) =>
              `${one.destination}/${one.prefix}${one.gateway === undefined ? "" : ` via ${one.gateway}`} dev ${one.device ?? connected[0]?.nic}\n`,
          ),
      ].join(""),
    );
  if (verb !== "get") return call.notModelled(`ip route ${words.join(" ")}`);
  const network = twin.plant.network.networkOf(target);
  const direct = connected.find((one) => one.network === network);
  if (direct) return ok(`${target} dev ${direct.nic}  src ${direct.address}`);
  const way =
    found.routes.find((one) => one.prefix === 32 && one.destination === target) ??
    found.routes.find((one) => one.prefix === 0);
  if (!way) return fail("RTNETLINK answers: Network is unreachable", 2);
  return ok(
    `${target}${way.gateway === undefined ? "" : ` via ${way.gateway}`} dev ${way.device ?? connected[0]?.nic}  src ${connected[0]?.address}`,
  );
}
