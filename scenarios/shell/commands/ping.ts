import { fail, ok, type ShellCommand } from "../command.js";
import { resolveHost } from "../names.js";
import { readOptions } from "../options.js";

const COUNT_MAX = 1_000;

/** ping: one request a second. Source: ping(8). */
export const ping: ShellCommand = {
  names: ["ping"],
  interface: "Linux",
  run(call) {
    const { values, flags, rest, unknown } = readOptions(call.args, {
      flags: ["-q", "-n", "-4"],
      values: ["-c", "-W", "-w", "-i", "-I", "-s"],
    });
    if (unknown !== undefined) return call.notModelled(`ping ${unknown}`);
    const [name] = rest;
    if (name === undefined) return fail("Usage: ping [-c count] destination", 2);
    const address = resolveHost(call, name);
    if (address === undefined) return fail(`ping: unknown host ${name}`, 2);
    // Without -c a person presses Ctrl-C after a few.
    const count = Math.min(COUNT_MAX, Number(values.get("c") ?? 4) || 1);
    const everyMs = Math.max(10, Number(values.get("i") ?? 1) * 1000);
    const waitMs = Number(values.get("W") ?? 10) * 1000;
    const lines = [`PING ${name} (${address}) 56(84) bytes of data.`];
    let received = 0;
    for (let i = 1; i <= count; i++) {
      const path = call.twin.network.path(call.read, call.node, address);
      if (path.ok) {
        received++;
        if (!flags.has("q")) lines.push(`64 bytes from ${address}: icmp_seq=${i} ttl=64 time=0.3 ms`);
      } else if (path.failure === "unreachable" && !flags.has("q"))
        lines.push(`From ${call.node} icmp_seq=${i} Destination Host Unreachable`);
      if (i < count) call.handle.advance(everyMs);
    }
    if (received === 0) call.handle.advance(waitMs);
    const lost = Math.round(((count - received) / count) * 100);
    lines.push(
      "",
      `--- ${name} ping statistics ---`,
      `${count} packets transmitted, ${received} received, ${lost}% packet loss, time ${(count - 1) * everyMs}ms`,
    );
    if (received > 0) lines.push("rtt min/avg/max/mdev = 0.300/0.300/0.300/0.000 ms");
    return { ...ok(`${lines.join("\n")}\n`), exitCode: received > 0 ? 0 : 1 };
  },
};
