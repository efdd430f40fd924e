import { cibadmin, withDefault } from "./cib-commands.js";
import { options, pick } from "./command-options.js";
import type { CommandWorld } from "./command-world.js";

/** Carries out one shell line as a user of the lab would type it. Returns the commands in it that are not modelled. */
export function runCommandLine(world: CommandWorld, line: string): readonly string[] {
  const unknown: string[] = [];
  for (const words of splitCommands(line)) {
    if (words.length === 0) continue;
    if (!runCommand(world, words)) unknown.push(words.join(" "));
  }
  return unknown;
}

/** Commands of a line (separated by ; && || or a line break) as words; quotes are honoured, redirections dropped. */
export function splitCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let word = "";
  let inWord = false;
  let quote = "";
  const end = () => {
    if (inWord) commands[commands.length - 1]!.push(word);
    word = "";
    inWord = false;
  };
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quote) {
      if (c === quote) quote = "";
      else word += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      inWord = true;
    } else if (c === ">" || c === "<") {
      // A redirection: its number before, its target after.
      if (!/^\d*$/.test(word)) end();
      word = "";
      inWord = false;
      const rest = /^[><&]*\s*[^\s;|&<>]*/.exec(line.slice(i))![0];
      i += Math.max(0, rest.length - 1);
    } else if (c === ";" || c === "\n" || c === "|" || c === "&") {
      end();
      commands.push([]);
    } else if (c === " " || c === "\t") end();
    else {
      word += c;
      inWord = true;
    }
  }
  end();
  return commands.filter((words) => words.length > 0);
}

type Handler = (world: CommandWorld, args: readonly string[]) => boolean;

/** Nothing that they do matters to the cluster. */
const HARMLESS = new Set([
  "true",
  ":",
  "sync",
  "echo",
  "date",
  "ls",
  "cat",
  "ps",
  "crm_mon",
  "crm_verify",
  "crm_simulate",
  "crmadmin",
  "test",
  "[",
  "corosync-quorumtool",
  "corosync-cfgtool",
  "crm_error",
  "crm_diff",
  "pidof",
  "pgrep",
  "logger",
]);

const COMMANDS: Readonly<Record<string, Handler>> = {
  rm: removeFiles,
  unlink: removeFiles,
  touch: touchFiles,
  crm_attribute: crmAttribute,
  crm_standby: crmStandby,
  crm_resource: crmResource,
  crm_failcount: crmFailcount,
  crm_node: crmNode,
  attrd_updater: attrdUpdater,
  cibadmin,
  stonith_admin: stonithAdmin,
  ip: ipCommand,
  killall: killProcesses,
  pkill: killProcesses,
  // kill -9 $(pidof corosync)
  kill: (world, args) =>
    killProcesses(
      world,
      args
        .map((arg) => arg.replace(/^[$`(]+/, "").replace(/[)`]+$/, ""))
        .filter((arg) => arg !== "pidof" && arg !== "pgrep"),
    ),
};

function runCommand(world: CommandWorld, words: readonly string[]): boolean {
  const name = (words[0] ?? "").replace(/^.*\//, "");
  if (HARMLESS.has(name)) return true;
  const handler = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return handler ? handler(world, words.slice(1)) : false;
}

function removeFiles({ instant, parts, node }: CommandWorld, args: readonly string[]): boolean {
  const traces = new Map(instant.get(parts.traces));
  let understood = true;
  for (const path of args) {
    if (path.startsWith("-")) continue;
    const clean = path.replace(/^\/var\/run\//, "/run/");
    if (!/^\/run\/[^/]+\.state$/.test(clean)) {
      understood = false;
      continue;
    }
    const pattern = new RegExp(`^${clean.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
    for (const key of [...traces.keys()])
      if (key.startsWith(`${node}/file/`) && pattern.test(key.slice(`${node}/file`.length))) traces.delete(key);
  }
  instant.set(parts.traces, traces);
  return understood;
}

function touchFiles({ instant, parts, node }: CommandWorld, args: readonly string[]): boolean {
  const traces = new Map(instant.get(parts.traces));
  for (const path of args) {
    const clean = path.replace(/^\/var\/run\//, "/run/");
    if (!/^\/run\/[^/]+\.state$/.test(clean)) return false;
    traces.set(`${node}/file${clean}`, "active");
  }
  instant.set(parts.traces, traces);
  return true;
}

const DELETE_FLAGS = new Set([
  "-D",
  "--delete",
  "-G",
  "--query",
  "-q",
  "--quiet",
  "-V",
  "-p",
  "--promotion",
  "-P",
  "--pattern",
]);

function crmAttribute(world: CommandWorld, args: readonly string[]): boolean {
  const { values } = options(args, DELETE_FLAGS);
  if (values.has("-G") || values.has("--query")) return true;
  const name = pick(values, "-n", "--name");
  if (name === undefined) return false;
  const removed = values.has("-D") || values.has("--delete");
  const value = removed ? undefined : pick(values, "-v", "--update", "--attr-value");
  if (!removed && value === undefined) return true;
  const type = pick(values, "-t", "--type");
  const node = pick(values, "-N", "--node", "-U", "--uname");
  const { instant, clusters } = world;
  if (
    type === "crm_config" ||
    (type === undefined && node === undefined && !values.has("-l") && !values.has("--lifetime"))
  ) {
    clusters.operator.setOption(instant, world.node, name, value);
    return true;
  }
  if (type === "rsc_defaults" || type === "op_defaults") {
    clusters.operator.edit(instant, world.node, `crm_attribute ${args.join(" ")}`, (cib) =>
      withDefault(cib, type, name, value),
    );
    return true;
  }
  const lifetime = pick(values, "-l", "--lifetime");
  const transient = type === "status" || lifetime === "reboot";
  clusters.operator.setNodeAttribute(
    instant,
    world.node,
    node ?? world.node,
    name,
    value,
    transient ? "reboot" : "forever",
  );
  return true;
}

function crmStandby(world: CommandWorld, args: readonly string[]): boolean {
  const { values } = options(args, DELETE_FLAGS);
  if (values.has("-G") || values.has("--query")) return true;
  const node = pick(values, "-N", "--node", "-U", "--uname") ?? world.node;
  const removed = values.has("-D") || values.has("--delete");
  const value = removed ? undefined : (pick(values, "-v", "--update", "--attr-value") ?? "true");
  const lifetime = pick(values, "-l", "--lifetime") === "reboot" ? "reboot" : "forever";
  world.clusters.operator.setNodeAttribute(world.instant, world.node, node, "standby", value, lifetime);
  return true;
}

const RESOURCE_FLAGS = new Set([
  "-M",
  "--move",
  "-B",
  "--ban",
  "-U",
  "--clear",
  "--un-move",
  "--un-ban",
  "-C",
  "--cleanup",
  "-R",
  "--refresh",
  "-P",
  "--reprobe",
  "-m",
  "--meta",
  "-F",
  "--fail",
  "-f",
  "--force",
  "-V",
  "-W",
  "--locate",
  "-L",
  "--list",
  "-l",
  "-q",
  "-Q",
  "--quiet",
  "--restart",
  "--force-stop",
  "--force-start",
  "--force-demote",
  "--force-promote",
  "--force-check",
  "-c",
  "--list-cts",
  "-O",
  "-o",
  "-Y",
  "--why",
  "--master",
  "--promoted",
  "--wait",
  "-y",
  "-K",
  "--failed",
  "-D",
  "--delete",
  "-x",
  "--expired",
]);

function crmResource(world: CommandWorld, args: readonly string[]): boolean {
  const { values } = options(args, RESOURCE_FLAGS);
  const has = (...names: readonly string[]) => names.some((name) => values.has(name));
  const { instant, clusters, node: at } = world;
  const { operator } = clusters;
  const resource = pick(values, "-r", "--resource");
  const node = pick(values, "-N", "--node", "-H", "--host", "--host-uname");
  if (has("-C", "--cleanup")) {
    operator.cleanup(instant, at, resource, node);
    return true;
  }
  if (has("-R", "--refresh", "-P", "--reprobe")) {
    operator.refresh(instant, at, resource, node);
    return true;
  }
  if (resource === undefined) return has("-L", "--list", "-l", "-c", "-O", "-o", "--wait");
  if (has("-M", "--move")) operator.move(instant, at, resource, node);
  else if (has("-B", "--ban")) operator.ban(instant, at, resource, node);
  else if (has("-U", "--clear", "--un-move", "--un-ban")) operator.clear(instant, at, resource, node);
  else if (values.has("-p") || values.has("--set-parameter") || values.has("-d") || values.has("--delete-parameter")) {
    const name = pick(values, "-p", "--set-parameter", "-d", "--delete-parameter")!;
    const removed = has("-d", "--delete-parameter");
    const value = removed ? undefined : (pick(values, "-v", "--parameter-value") ?? "");
    if (has("-m", "--meta")) operator.setMeta(instant, at, resource, name, value);
    else operator.setParameter(instant, at, resource, name, value);
  } else if (has("-F", "--fail")) operator.failResource(instant, at, resource, node ?? at);
  else if (has("--force-stop")) return forceAgent(world, resource, "stop");
  else if (has("--force-start")) return forceAgent(world, resource, "start");
  else return has("-W", "--locate", "-q", "-Q", "--why", "-Y", "--force-check");
  return true;
}

/** `crm_resource --force-stop`: the agent's operation by hand, behind the cluster's back. */
function forceAgent({ instant, parts, node }: CommandWorld, resource: string, operation: "start" | "stop"): boolean {
  const agent = parts.agents.agentFor("lab", resource);
  agent.complete(instant, node, operation, agent.begin(instant, node, operation));
  return true;
}

function crmFailcount(world: CommandWorld, args: readonly string[]): boolean {
  const { values } = options(args, DELETE_FLAGS);
  if (values.has("-G") || values.has("--query")) return true;
  const resource = pick(values, "-r", "--resource");
  if (resource === undefined) return false;
  const node = pick(values, "-N", "--node", "-U", "--uname") ?? world.node;
  world.clusters.operator.cleanup(world.instant, world.node, resource, node);
  return true;
}

function crmNode(_world: CommandWorld, args: readonly string[]): boolean {
  return !args.some((arg) => arg === "-R" || arg.startsWith("--remove"));
}

function attrdUpdater({ instant, clusters, node }: CommandWorld, args: readonly string[]): boolean {
  const { values } = options(args, new Set(["-D", "--delete", "-Q", "--query", "-R", "--refresh"]));
  const name = pick(values, "-n", "--name");
  if (name === undefined || values.has("-Q") || values.has("--query")) return true;
  const removed = values.has("-D") || values.has("--delete");
  const value = removed ? undefined : pick(values, "-U", "-v", "--update");
  clusters.operator.setNodeAttribute(instant, node, pick(values, "-N", "--node") ?? node, name, value, "reboot");
  return true;
}

function stonithAdmin({ instant, clusters, node }: CommandWorld, args: readonly string[]): boolean {
  const { values } = options(args, new Set(["-V", "--force", "-q", "--list-registered", "-L", "-Q"]));
  const off = pick(values, "-F", "--fence");
  const reboot = pick(values, "-B", "--reboot");
  const confirmed = pick(values, "-C", "--confirm");
  if (off !== undefined) clusters.operator.fence(instant, node, off, "off");
  else if (reboot !== undefined) clusters.operator.fence(instant, node, reboot, "reboot");
  else if (confirmed !== undefined) clusters.operator.confirmFenced(instant, node, confirmed);
  else
    return ["-H", "--history", "-l", "--list", "-L", "--list-registered", "-Q", "-K"].some((name) => values.has(name));
  return true;
}

function ipCommand({ instant, parts, node }: CommandWorld, args: readonly string[]): boolean {
  const words = args.filter((arg) => !/^-/.test(arg));
  const [what, verb] = words;
  if (what !== undefined && "address".startsWith(what) && verb !== undefined) {
    const address = words.find((word) => /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(word))?.replace(/\/.*$/, "");
    const traces = new Map(instant.get(parts.traces));
    if (verb === "del" || verb === "delete") {
      if (address === undefined) return false;
      traces.delete(`${node}/address/${address}`);
    } else if (verb === "add" || verb === "replace") {
      if (address === undefined) return false;
      traces.set(`${node}/address/${address}`, "active");
    } else if (verb !== "show" && verb !== "list") return false;
    instant.set(parts.traces, traces);
    return true;
  }
  if (what !== undefined && "link".startsWith(what) && verb === "set" && words.includes("eth0")) {
    if (words.includes("down")) parts.isolate(instant, node, true);
    else if (words.includes("up")) parts.isolate(instant, node, false);
    else return false;
    return true;
  }
  return verb === "show" || verb === undefined || verb === "list";
}

/** Started again before anybody misses it. */
const RESTARTED_UNNOTICED = new Set(["pacemaker-attrd", "attrd"]);

function killProcesses({ instant, parts, clusters, node }: CommandWorld, args: readonly string[]): boolean {
  let signal = "TERM";
  const names: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "-s" || arg === "--signal") signal = (args[++i] ?? "TERM").replace(/^SIG/, "");
    else if (/^-(SIG)?(9|KILL)$/.test(arg)) signal = "KILL";
    else if (/^-(SIG)?(15|TERM)$/.test(arg)) signal = "TERM";
    else if (arg === "-q" || arg === "-x" || arg === "-f" || arg === "-w") continue;
    else if (arg.startsWith("-")) return false;
    else names.push(arg);
  }
  const hard = signal === "KILL" || signal === "9";
  for (const name of names) {
    if (name === "corosync") {
      // pacemakerd is the first process of the lab's node: it exits with its membership layer, and the node with it.
      parts.hosts.powerOff(instant, node, "corosync was killed");
    } else if (name === "pacemakerd") {
      if (hard) continue; // The first process of a namespace cannot be killed from inside.
      clusters.operator.stopCluster(instant, node);
    } else if (name === "pacemaker-based" || name === "cib") {
      clusters.operator.killFencer(instant, node);
      clusters.operator.killController(instant, node);
    } else if (name === "pacemaker-controld" || name === "crmd") clusters.operator.killController(instant, node);
    else if (name === "pacemaker-execd" || name === "lrmd") clusters.operator.killExecutor(instant, node);
    else if (name === "pacemaker-fenced" || name === "stonithd") clusters.operator.killFencer(instant, node);
    else if (!RESTARTED_UNNOTICED.has(name)) return false;
  }
  return names.length > 0;
}
