import { haproxyConfig } from "../../../model/services/haproxy-config.js";
import { fail, ok, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";

const STATS_FIELDS =
  "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck";

/** haproxy -c -f FILE: whether the file can be read. Source: haproxy(1). */
export const haproxy: ShellCommand = {
  names: ["haproxy"],
  interface: "HAProxy",
  run(call) {
    const { values, flags, unknown } = readOptions(call.args, { flags: ["-c", "-v", "-q"], values: ["-f"] });
    if (unknown !== undefined || !flags.has("c")) return call.notModelled(`haproxy ${call.args.join(" ")}`);
    const path = values.get("f") ?? "/etc/haproxy/haproxy.cfg";
    const text = call.files.text(path);
    if (text === undefined)
      return fail(`[ALERT] : Could not open configuration file ${path} : No such file or directory`);
    const config = haproxyConfig(text);
    return typeof config === "string"
      ? fail(`[ALERT] : parsing [${path}] : ${config}\n[ALERT] : Fatal errors found in configuration.`)
      : ok("Configuration file is valid");
  },
};

/** socat on HAProxy's stats socket: show stat, show info. Source: HAProxy's management guide, 9. */
export const socat: ShellCommand = {
  names: ["socat"],
  interface: "HAProxy",
  run(call) {
    const socket = call.args.find((arg) => /(^|:)\/.*(stats|sock)/.test(arg));
    const { twin, read, node } = call;
    const config = twin.services.haproxy.isBalancer(node) ? twin.services.haproxy.config(read, node) : undefined;
    if (socket === undefined) return call.notModelled(`socat ${call.args.join(" ")}`);
    if (config === undefined)
      return fail(`socat[2001] E connect(3, AF=1 "${socket.slice(socket.indexOf("/"))}"): Connection refused`);
    const asked = call.stdin.trim();
    if (asked === "show info") return ok("Name: HAProxy\nVersion: 1.4.24\nNbproc: 1\nProcess_num: 1\n");
    if (asked !== "show stat") return call.notModelled(`HAProxy's socket: ${asked.slice(0, 60)}`);
    const lines = [...config.servers.values()].map(({ proxy, server }) => {
      const health = twin.services.haproxy.health(read, node, proxy.name, server.name);
      return `${proxy.name},${server.name},0,0,0,0,,0,0,0,0,0,0,0,0,0,0,${health === "down" ? "DOWN" : health === "up" ? "UP" : "no check"},1,1,0`;
    });
    return ok(`${STATS_FIELDS}\n${lines.join("\n")}\n`);
  },
};
