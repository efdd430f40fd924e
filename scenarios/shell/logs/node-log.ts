import type { TraceEntry } from "../../../model/kernel/index.js";
import type { NodeId } from "../../../model/twin/parts.js";
import type { WorldHandle } from "../world-handle.js";

/** One line of a node's logs. */
export interface LogLine {
  readonly atMs: number;
  /** As syslog names it: `pacemaker-controld`, `corosync`, `kernel`, a unit. */
  readonly program: string;
  readonly text: string;
}

/**
 * What a node's daemons wrote since the session's start, from the trace: its own operations, what its cluster saw and
 * decided on it, its units, its mounts. The words that people grep for are Pacemaker 2.1's; the rest is the trace's.
 */
export function logLines(handle: WorldHandle, node: NodeId): readonly LogLine[] {
  return handle.trace.flatMap((entry) => linesOf(entry, node).map((line) => ({ ...line, atMs: entry.atMs })));
}

type Line = Omit<LogLine, "atMs">;

function linesOf({ kind, subject, what, to, text, data = {} }: TraceEntry, node: NodeId): readonly Line[] {
  const { seenBy, dc, node: ranOn, resource, operation, status, target, action, by } = data as Record<string, string>;
  const peer = subject.replace(/^node\//, "");
  switch (kind) {
    case "membership":
      if ((seenBy ?? dc) !== node) return [];
      return what === "lost"
        ? [
            { program: "corosync", text: "  [TOTEM ] A processor failed, forming new configuration." },
            { program: "pacemaker-attrd", text: `notice: Node ${peer} state is now lost` },
          ]
        : what === "member"
          ? [{ program: "pacemakerd", text: `notice: Node ${peer} state is now member` }]
          : [{ program: "corosync", text: `  [QUORUM] ${text ?? what}` }];
    case "decision":
      if (dc !== node) return [];
      return (text ?? "")
        .split(";")
        .map((one) =>
          one
            .replace(/^\s*\*\s*/, "")
            .replace(/\s+/g, " ")
            .trim(),
        )
        .filter((one) => one !== "")
        .map((one) => ({ program: "pacemaker-schedulerd", text: `notice: Actions: ${one}` }));
    case "action": {
      const found = /^resource\/[^/]+\/(.+)@([^@]+)$/.exec(subject);
      if (!found || (ranOn ?? found[2]) !== node) return [];
      const [verb = operation, ...result] = what.split(" ");
      const level = Number(status ?? 0) === 0 ? "notice" : "error";
      return [
        {
          program: "pacemaker-controld",
          text: `${level}: Result of ${verb} operation for ${resource ?? found[1]} on ${node}: ${result.join(" ")}`,
        },
      ];
    }
    case "fence":
      if (seenBy !== node) return [];
      if (what === "fence-requested")
        return [{ program: "pacemaker-fenced", text: `notice: Requesting peer fencing (${action}) targeting ${peer}` }];
      return [
        {
          program: "pacemaker-fenced",
          text: `${what === "fenced" ? "notice" : "error"}: Operation '${action}' targeting ${target ?? peer} by ${by ?? node} for pacemaker-controld@${node}: ${what === "fenced" ? "OK" : (text ?? "failed")}`,
        },
      ];
    case "operator":
      return subject.startsWith(`file/`) || subject !== `node/${node}` || what !== "typed"
        ? []
        : [{ program: "bash", text: `root: ${text}` }];
    case "state":
      return stateLines(subject, what, to, text, node);
    default:
      return [];
  }
}

function stateLines(subject: string, what: string, to: string | undefined, text: string | undefined, node: NodeId) {
  const own = /^(?:unit|instance|mysqld)\/(.+)@([^@]+)$/.exec(subject);
  const why = text === undefined ? "" : `: ${text}`;
  if (own) {
    if (own[2] !== node || subject.startsWith("instance/")) return [];
    const program = subject.startsWith("mysqld/") ? "mysqld" : own[1]!;
    return [{ program, text: `${words(what)}${to === undefined ? "" : ` (${to})`}${why}` }];
  }
  if (subject === `node/${node}` && what === "NODE_BOOTED")
    return [{ program: "kernel", text: "Linux version: booted" }];
  const mount = /^mount\/([^:]+):(.+)$/.exec(subject);
  if (mount?.[1] === node) {
    const isHung = to === "hung";
    return [
      {
        program: "kernel",
        text: isHung
          ? `nfs: server not responding, still trying (${mount[2]})`
          : `${mount[2]} ${to ?? words(what)}${why}`,
      },
    ];
  }
  return [];
}

function words(what: string): string {
  return what.toLowerCase().replaceAll("_", " ");
}

const CLUSTER = /^(pacemaker|corosync)/;

/** The log files of a node, by what goes into them. */
function filesOf(handle: WorldHandle, node: NodeId): ReadonlyMap<string, (line: LogLine) => boolean> {
  const { topology, clusters, plant } = handle.twin;
  const isOld = /^RHEL 6/.test(topology.release.os ?? "");
  const files = new Map<string, (line: LogLine) => boolean>();
  files.set("/var/log/messages", ({ program }) => program !== "mysqld" && program !== "bash");
  files.set("/var/log/secure", ({ program }) => program === "bash");
  if (clusters.clusterOf(node) !== undefined) {
    files.set(isOld ? "/var/log/cluster/corosync.log" : "/var/log/pacemaker/pacemaker.log", ({ program }) =>
      CLUSTER.test(program),
    );
    if (!isOld) files.set("/var/log/cluster/corosync.log", ({ program }) => program === "corosync");
  }
  for (const unit of plant.units.list(node)) files.set(fileOf(unit), ({ program }) => program === unit);
  return files;
}

/** `/var/log/neutron/dhcp-agent.log`, `/var/log/nova/api.log`, `/var/log/mysqld.log`. */
function fileOf(unit: string): string {
  const neutron = /^neutron-(.+)$/.exec(unit);
  if (neutron) return `/var/log/neutron/${neutron[1]}.log`;
  const other = /^openstack-(\w+)-?(.*)$/.exec(unit);
  return other ? `/var/log/${other[1]}/${other[2] || other[1]}.log` : `/var/log/${unit}.log`;
}

export function logPaths(handle: WorldHandle, node: NodeId): readonly string[] {
  return [...filesOf(handle, node).keys()];
}

/** A log file's text; undefined for what is no log. */
export function logText(handle: WorldHandle, node: NodeId, path: string): string | undefined {
  if (!path.startsWith("/var/log/")) return undefined;
  const isIn = filesOf(handle, node).get(path);
  if (!isIn) return undefined;
  return logLines(handle, node)
    .filter(isIn)
    .map((line) => `${syslogText(handle, node, line)}\n`)
    .join("");
}

/** `May 13 17:00:05 mysql1 pacemaker-controld[2001]: notice: …`. */
export function syslogText(handle: WorldHandle, host: string, { atMs, program, text }: LogLine): string {
  const seconds = handle.epochSeconds - Math.floor((handle.run.nowMs - atMs) / 1000);
  const date = new Date(seconds * 1000);
  const month = date.toUTCString().slice(8, 11);
  const day = String(date.getUTCDate()).padStart(2);
  return `${month} ${day} ${date.toISOString().slice(11, 19)} ${host} ${program}${program === "kernel" ? "" : "[2001]"}: ${text}`;
}
