import { readCib } from "../../model/cluster/cib/read.js";
import type { Cib } from "../../model/cluster/cib/types.js";
import { settingsOf } from "../../model/cluster/configuration/settings.js";
import { buildClusters } from "../../model/cluster/index.js";
import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { Blueprint, Run, type TraceEntry } from "../../model/kernel/index.js";
import { runCommandLine } from "./commands.js";
import { isKnownAgent, labParts, traceOf } from "./lab-parts.js";
import { labTopology } from "./lab-topology.js";
import type { RecordedFault, Recording } from "./recording-file.js";

/** What a recording leaves open, as one play settles it. */
export interface Play {
  readonly name: string;
  /** Whether every recurring monitor is due just after a fault, or has looked just before it; and which fault's. */
  readonly monitors: "early" | "late";
  readonly monitorsAtFault: number;
  /** The DC at the beginning: a recording tells that of one of its runs alone. */
  readonly dc: string;
  /** Nodes whose controller, as DC, finds its own updates of the CIB pending and pauses for a second. */
  readonly paused: ReadonlySet<string>;
  /** Where in its range each random delay of a fence device (pcmk_delay_max) falls: 0 least, 1 most. */
  readonly fenceDelay: number;
  /** When each fault really happened, milliseconds from the start of the recording. */
  readonly faultsAtMs: readonly number[];
}

export interface TwinEvent {
  readonly atMs: number;
  readonly event: string;
  readonly node?: string;
  readonly seenBy?: string;
  readonly resource?: string;
  readonly result?: string;
  readonly text?: string;
}

export interface TwinStatus {
  readonly by: string | undefined;
  readonly nodes: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, readonly string[]>>;
}

export interface Played {
  readonly play: Play;
  readonly timeline: readonly TwinEvent[];
  readonly final: TwinStatus | undefined;
  readonly trace: readonly TraceEntry[];
  /** Commands, faults and agents that the twin does not know. */
  readonly notModelled: readonly string[];
}

const EVENTS_MAX = 1_000_000;

/** Plays a recording's faults against a twin of the lab's cluster. */
export function playRecording(recording: Recording, file: string, play: Play, scheduler: Scheduler): Played {
  const recorded = readCib(recording.cib, file);
  const cib: Cib = { ...recorded, attrs: { ...recorded.attrs, "dc-uuid": play.dc.slice(1) } };
  const { topology, names } = labTopology(recording, cib, file);
  const blueprint = new Blueprint();
  const { primitives } = settingsOf(cib);
  const parts = labParts(blueprint, names, primitives, recording.fenceActionMs);
  const anchorMs = play.faultsAtMs[play.monitorsAtFault] ?? Math.min(...play.faultsAtMs);
  const clusters = buildClusters(
    blueprint,
    topology,
    {
      hosts: parts.hosts,
      network: parts.network,
      agents: parts.agents,
      power: parts.power,
      scheduler,
      timings: { nodeActionLimit: 4, tokenPhase: 0.5 },
      drawFenceDelay: () => play.fenceDelay * 0.999,
      diesWithPacemaker(instant, node) {
        parts.hosts.powerOff(instant, node, "pacemakerd ended");
        return true;
      },
      pauseOf: (node) => (play.paused.has(node) ? 1_000 : 0),
    },
    {
      monitorPhase: (_node, _resource, periodMs) => {
        // Early: due just after the fault. Late: it has looked just before.
        const offsetMs = play.monitors === "early" ? 20 : 0;
        return ((anchorMs + offsetMs - 1) % periodMs) + 1;
      },
    },
  );
  parts.onAttribute((instant, node, name, value) => clusters.setAttribute(instant, node, name, value));
  parts.onParameters((read, node, id) => settingsOf(clusters.cibOf(read, "lab", node)).primitives.get(id)?.parameters);
  const notModelled = new Set<string>();
  for (const primitive of primitives.values())
    if (!isKnownAgent(primitive)) notModelled.add(`agent ${primitive.type} of ${primitive.id} is played as Dummy`);

  const trace: TraceEntry[] = [];
  const timeline: TwinEvent[] = [];
  const tell = (event: TwinEvent) => timeline.push(event);
  parts.onPower((instant, what, node) => tell({ atMs: instant.nowMs, event: what, node }));
  const run = new Run(blueprint.world(1), {
    onTrace(entry) {
      trace.push(entry);
      const event = eventOf(entry);
      if (event) tell(event);
    },
  });
  const untilMs = Math.round(recording.untilSeconds * 1000);
  const faults = recording.faults
    .map((fault, index) => ({ fault, atMs: play.faultsAtMs[index] ?? Math.round(fault.at * 1000), index }))
    .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
  for (const { fault, atMs } of faults) {
    if (atMs > untilMs) continue;
    run.advanceTo(atMs, EVENTS_MAX);
    tell({
      atMs,
      event: "fault",
      ...(fault.node !== undefined && { node: fault.node }),
      text: [fault.do, fault.node, fault.cmd].filter((part) => part !== undefined).join(" "),
    });
    run.act((instant) => {
      const entry = instant.note({
        kind: "fault",
        subject: fault.node === undefined ? "power/bmc" : `node/${fault.node}`,
        what: fault.cmd ?? fault.do,
      });
      instant.because(entry, () => {
        for (const unknown of inject(fault)) notModelled.add(unknown);
      });
      function inject(given: RecordedFault): readonly string[] {
        const node = given.node ?? names[0]!;
        if (!names.includes(node)) return [`fault ${given.do} on unknown node ${node}`];
        switch (given.do) {
          case "kill":
            parts.hosts.powerOff(instant, node, "killed");
            return [];
          case "boot":
            parts.hosts.powerOn(instant, node);
            return [];
          case "freeze":
            parts.hosts.freeze(instant, node);
            return [];
          case "thaw":
            parts.hosts.thaw(instant, node);
            return [];
          case "isolate":
          case "heal":
            parts.isolate(instant, node, given.do === "isolate");
            return [];
          case "bmc-fail":
          case "bmc-ok":
            parts.setPowerController(instant, given.do === "bmc-ok");
            return [];
          case "fail-resource": {
            const primitive = primitives.get(given.resource ?? "");
            if (!primitive) return [`fault fail-resource of unknown resource ${given.resource ?? ""}`];
            const traces = new Map(instant.get(parts.traces));
            traces.delete(traceOf(primitive, node));
            instant.set(parts.traces, traces);
            return [];
          }
          case "exec":
          case "crm":
            if (parts.hosts.state(instant, node) !== "up") return [];
            return runCommandLine({ instant, parts, clusters, node }, given.cmd ?? "").map(
              (command) => `command ${command}`,
            );
          default:
            return [`fault ${given.do}`];
        }
      }
    });
  }
  run.advanceTo(untilMs, EVENTS_MAX);
  const by = names.find(
    (node) => parts.hosts.isRunning(run, node) && clusters.controllerState(run, node) !== "stopped",
  );
  const status = by === undefined ? undefined : clusters.status(run, "lab", by);
  return {
    play,
    timeline: withoutEchoes(timeline),
    final: status && {
      by,
      nodes: Object.fromEntries([...status.nodes].map(([node, words]) => [node, asRecorded(words)])),
      resources: Object.fromEntries(status.resources),
    },
    trace,
    notModelled: [...notModelled],
  };
}

/** The recorder tells of a node whether it is online and clean, not whether it is in standby. */
function asRecorded(words: string): string {
  const unclean = words.includes("unclean") ? "unclean " : "";
  return `${unclean}${/online|pending/.test(words) ? "online" : "offline"}`;
}

/** A trace entry as the recorder would have written it. */
function eventOf(entry: TraceEntry): TwinEvent | undefined {
  const { atMs, what } = entry;
  const data = entry.data ?? {};
  const text = (name: string) => (typeof data[name] === "string" ? (data[name] as string) : undefined);
  const node = entry.subject.startsWith("node/") ? entry.subject.slice("node/".length) : text("node");
  const base = { atMs, ...(node !== undefined && { node }) };
  const seenBy = text("seenBy");
  if (entry.kind === "membership" && (what === "lost" || what === "member"))
    return { ...base, event: what, ...(seenBy !== undefined && { seenBy }) };
  if (entry.kind === "fence" && ["fence-requested", "fenced", "fence-failed"].includes(what)) {
    if (data["byHand"] === true || !entry.subject.startsWith("node/")) return undefined;
    return { ...base, event: what, ...(seenBy !== undefined && { seenBy }) };
  }
  if (entry.kind !== "action" && entry.kind !== "check") return undefined;
  const resource = text("resource");
  const [operation, ...result] = what.split(" ");
  if (resource === undefined || !["start", "stop", "promote", "demote", "monitor"].includes(operation ?? ""))
    return undefined;
  return { ...base, event: operation!, resource, result: result.join(" ") };
}

const ECHO_MS = 400;

/** The recorder drops what is told again within 400 ms (several nodes and daemons tell the same). */
function withoutEchoes(timeline: readonly TwinEvent[]): readonly TwinEvent[] {
  const seen = new Map<string, number>();
  return timeline.filter((event) => {
    if (event.event === "fault" || event.event.startsWith("bmc")) return true;
    const by = event.event === "lost" || event.event === "member" ? (event.seenBy ?? "") : "";
    const key = [event.event, event.node, event.resource, event.result, by].join("\n");
    const before = seen.get(key);
    if (before !== undefined && event.atMs - before < ECHO_MS) return false;
    seen.set(key, event.atMs);
    return true;
  });
}
