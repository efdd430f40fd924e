import { type Call, fail, ok, type Result } from "../command.js";

/** `ip netns [list]`, `ip netns exec qdhcp-NETWORK …`: what a DHCP agent has set up. Namespaces are named by the network's name. */
export async function netns(call: Call, words: readonly string[]): Promise<Result> {
  const { twin, read, node } = call;
  const spaces = twin.topology.neutron.dhcp
    .filter((one) => one.node === node && twin.services.dhcp.port(read, one.network, node).plugged)
    .map((one) => ({ name: `qdhcp-${one.network}`, ...one }));
  const [verb = "list", name, ...command] = words;
  if (verb === "list" || verb === "show") return ok(spaces.map((one) => `${one.name}\n`).join(""));
  if (verb !== "exec" || command.length === 0) return call.notModelled(`ip netns ${words.join(" ")}`);
  const space = spaces.find((one) => one.name === name);
  if (!space) return fail(`Cannot open network namespace "${name}": No such file or directory`, 1);
  const port = twin.services.dhcp.port(read, space.network, node);
  const binding = twin.services.dhcp.bindings(read, space.network).find((one) => one.node === node) ?? space;
  const line = command.join(" ");
  if (/^ip (-4 )?a(ddr)?( show)?$/.test(line)) {
    const metadata = port.metadataAddress ? "    inet 169.254.169.254/16 brd 169.254.255.255 scope global tap0\n" : "";
    return ok(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN\n    inet 127.0.0.1/8 scope host lo\n2: tap0: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n    inet ${binding.address}/24 brd 0.0.0.0 scope global tap0\n${metadata}`,
    );
  }
  if (/^(ss|netstat) -l?n?t/.test(line) || /^(ss|netstat) -\w*l\w*$/.test(line)) {
    const listening = [
      port.dnsmasq === "running" && `${binding.address}:53`,
      port.proxy === "running" && "*:80",
    ].filter((one) => one !== false);
    return ok(
      `State      Recv-Q Send-Q Local Address:Port         Peer Address:Port\n${listening.map((one) => `LISTEN     0      128    ${String(one).padEnd(24)} *:*\n`).join("")}`,
    );
  }
  return call.notModelled(`ip netns exec ${name} ${line}`);
}
