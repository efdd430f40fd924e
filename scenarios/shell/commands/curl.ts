import { fail, ok, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { ask, failureOf, failureWords } from "../reach.js";

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** curl: whether a service answers, with which status. The body is not the real one's. Source: curl(1). */
export const curl: ShellCommand = {
  names: ["curl"],
  interface: "Linux",
  run(call) {
    const { rest, values, flags, unknown } = readOptions(call.args, {
      flags: [
        "-s --silent",
        "-S --show-error",
        "-f --fail",
        "-k --insecure",
        "-I --head",
        "-i --include",
        "-L --location",
        "-v --verbose",
        "-g",
      ],
      values: [
        "-m --max-time",
        "--connect-timeout",
        "-o --output",
        "-w --write-out",
        "-H --header",
        "-X --request",
        "-d --data",
        "-u --user",
        "-A",
      ],
    });
    if (unknown !== undefined) return call.notModelled(`curl ${unknown}`);
    const url = /^(?:(https?):\/\/)?([\w.-]+)(?::(\d+))?(\/.*)?$/.exec(rest[0] ?? "");
    if (!url) return fail("curl: (3) URL using bad/illegal format or missing URL", 3);
    const [, scheme = "http", host = "", portText] = url;
    const port = portText === undefined ? PORTS[scheme]! : Number(portText);
    const waitMs = Number(values.get("max-time") ?? values.get("connect-timeout") ?? 63) * 1000;
    const asked = ask(call, host, port, waitMs);
    const said = (text: string) => (flags.has("silent") && !flags.has("show-error") ? "" : text);
    if (asked === undefined) return fail(said(`curl: (6) Couldn't resolve host '${host}'`), 6);
    const failure = failureOf(asked.path);
    if (failure !== undefined)
      return fail(
        said(
          `curl: (${failure === "timeout" ? 28 : 7}) ${failure === "timeout" ? "Operation timed out" : `couldn't connect to host: ${failureWords(failure)}`}`,
        ),
        failure === "timeout" ? 28 : 7,
      );
    const { answer } = asked.path;
    const status = answer.status ?? (answer.grade === "failed" ? 503 : 200);
    if (status >= 400 && flags.has("fail"))
      return fail(said(`curl: (22) The requested URL returned error: ${status}`), 22);
    const words = status === 200 ? "OK" : answer.text;
    const head = flags.has("head") || flags.has("include") ? `HTTP/1.1 ${status} ${words}\r\n\r\n` : "";
    const body = flags.has("head") || values.has("output") ? "" : `${words}\n`;
    const written = (values.get("write-out") ?? "")
      .replaceAll(/%\{(?:http_code|response_code)\}/g, String(status))
      .replaceAll("\\n", "\n");
    return { stdout: head + body + written, exitCode: 0 };
  },
};

/** nc, telnet: whether a port takes connections. Source: nc(1). */
export const nc: ShellCommand = {
  names: ["nc", "telnet"],
  interface: "Linux",
  run(call) {
    const { rest, values, unknown } = readOptions(call.args, {
      flags: ["-z", "-v", "-n", "-4", "-N"],
      values: ["-w", "-i"],
    });
    if (unknown !== undefined) return call.notModelled(`${call.name} ${unknown}`);
    const [host = "", port = ""] = rest;
    if (!/^\d+$/.test(port)) return fail(`usage: ${call.name} host port`);
    const asked = ask(call, host, Number(port), Number(values.get("w") ?? 63) * 1000);
    if (asked === undefined) return fail(`${call.name}: getaddrinfo: Name or service not known`);
    const failure = failureOf(asked.path);
    if (failure === undefined) return ok(`Connection to ${host} ${port} port [tcp/*] succeeded!`);
    return fail(`${call.name}: connect to ${host} port ${port} (tcp) failed: ${failureWords(failure)}`);
  },
};

/** ss and netstat: what listens on the node. Source: ss(8). */
export const ss: ShellCommand = {
  names: ["ss", "netstat"],
  interface: "Linux",
  run(call) {
    const { rest, flags, unknown } = readOptions(call.args, {
      flags: ["-l", "-n", "-t", "-u", "-p", "-a", "-4", "-H"],
    });
    if (unknown !== undefined || rest.length > 0) return call.notModelled(`${call.name} ${call.args.join(" ")}`);
    const { twin, read, node } = call;
    const lines: string[] = [];
    for (const service of twin.topology.services.values()) {
      if (service.node !== node || !twin.plant.units.isRunning(read, node, service.unit)) continue;
      const process = flags.has("p") ? ` users:(("${service.unit}",2001,4))` : "";
      for (const { address, port } of service.listens)
        lines.push(
          `LISTEN     0      128    ${`${address === "0.0.0.0" ? "*" : address}:${port}`.padEnd(24)} *:*${process}`,
        );
    }
    const balancer = twin.services.haproxy.isBalancer(node) ? twin.services.haproxy.config(read, node) : undefined;
    for (const [port, proxies] of balancer?.bound ?? [])
      for (const { address } of proxies) lines.push(`LISTEN     0      128    ${`${address}:${port}`.padEnd(24)} *:*`);
    return ok(
      ["State      Recv-Q Send-Q Local Address:Port         Peer Address:Port", ...[...new Set(lines)].sort(), ""].join(
        "\n",
      ),
    );
  },
};
