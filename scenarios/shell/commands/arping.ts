import { fail, ok, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";

/** arping: who answers for an address on the wire. Announcing (-U, -A) is not modelled. Source: arping(8). */
export const arping: ShellCommand = {
  names: ["arping"],
  interface: "Linux",
  run(call) {
    const { rest, values, flags, unknown } = readOptions(call.args, {
      flags: ["-D", "-q", "-f"],
      values: ["-c", "-I", "-w", "-s"],
    });
    if (unknown !== undefined) return call.notModelled(`arping ${unknown}`);
    const [address = ""] = rest;
    const { twin, read, node, handle } = call;
    const network = twin.plant.network.networkOf(address);
    if (network === undefined) return fail(`arping: unknown host ${address}`, 2);
    const count = Math.min(100, Number(values.get("c") ?? 3) || 1);
    const own = [...twin.topology.nodes.values()]
      .filter((one) => one.nics.some((nic) => nic.addresses.some((it) => it.address === address)))
      .map(({ id }) => id);
    const there = [
      ...new Set([...own.filter((one) => twin.hosts.isRunning(read, one)), ...twin.network.holders(read, address)]),
    ].filter(
      (one) =>
        one !== node && twin.network.passes(read, one, node, network) && twin.network.passes(read, node, one, network),
    );
    handle.advance(count * 1000);
    const lines = there.map((one) => `Unicast reply from ${address} [52:54:00:${hex(one)}]  0.8ms`);
    const got = there.length > 0 ? count : 0;
    const isFound = flags.has("D") ? there.length === 0 : there.length > 0;
    return {
      ...ok(
        `ARPING ${address}\n${lines.map((line) => `${line}\n`).join("")}Sent ${count} probes (1 broadcast(s))\nReceived ${got * Math.max(1, there.length)} response(s)\n`,
      ),
      exitCode: isFound ? 0 : 1,
    };
  },
};

/** The last bytes of a made-up hardware address, the same for a node in every run. */
function hex(node: string): string {
  let h = 0;
  for (const character of node) h = (h * 31 + character.charCodeAt(0)) % 0x1000000;
  return h
    .toString(16)
    .padStart(6, "0")
    .replace(/(..)(..)(..)/, "$1:$2:$3")
    .toUpperCase();
}
