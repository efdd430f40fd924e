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
  if (command[0] === "curl" && command.some((word) => /^(http:\/\/)?169\.254\.169\.254(\/|$)/.test(word)))
    return metadata(call, command, port);
  if (command[0] === "ping") return ping(call, command, space.network);
  return call.notModelled(`ip netns exec ${name} ${line}`);
}

/**
 * The metadata address asked from the namespace itself: it is no guest's, so that an agent that runs answers 404 and one
 * that does not, its proxy, 500.
 */
function metadata(
  call: Call,
  command: readonly string[],
  { metadataAddress, proxy }: { readonly metadataAddress: boolean; readonly proxy: string },
): Result {
  const { twin, read, node, handle } = call;
  const valueAfter = (...names: readonly string[]) => command[command.findIndex((word) => names.includes(word)) + 1];
  const has = (...names: readonly string[]) => command.some((word) => names.includes(word));
  if (!metadataAddress) {
    handle.advance(Number(has("-m", "--max-time") ? valueAfter("-m", "--max-time") : 63) * 1000);
    return fail("curl: (28) connect() timed out!", 28);
  }
  if (proxy !== "running") return fail("curl: (7) couldn't connect to host: Connection refused", 7);
  const status = twin.plant.units.isRunning(read, node, "neutron-metadata-agent") ? 404 : 500;
  const written = has("-w", "--write-out")
    ? (valueAfter("-w", "--write-out") ?? "").replaceAll("%{http_code}", String(status)).replaceAll("\\n", "\n")
    : "";
  const body = has("-o", "--output") ? "" : `${status} ${status === 404 ? "Not Found" : "Internal Server Error"}\n`;
  return { stdout: body + written, exitCode: 0 };
}

/** A guest of the network that is up with its address answers. */
function ping(call: Call, command: readonly string[], network: string): Result {
  const { twin, read, handle } = call;
  const target = command.find((word) => /^\d+(\.\d+){3}$/.test(word));
  const guest = [...twin.topology.guests.values()].find((one) => one.network === network && one.address === target);
  if (!guest) return call.notModelled(`ping ${target ?? ""} in the namespace of ${network}: no guest's address`);
  const at = command.indexOf("-c");
  const count = Math.min(100, Number(at < 0 ? 4 : command[at + 1]) || 1);
  handle.advance(count * 1000);
  const received = twin.services.guests.isUp(read, guest.id) ? count : 0;
  return {
    stdout: `PING ${target} (${target}) 56(84) bytes of data.\n\n--- ${target} ping statistics ---\n${count} packets transmitted, ${received} received, ${received > 0 ? 0 : 100}% packet loss\n`,
    exitCode: received > 0 ? 0 : 1,
  };
}
