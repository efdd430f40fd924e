import { readCib } from "../model/cluster/cib/read.js";
import type { Scheduler } from "../model/cluster/scheduler/interface.js";
import { type Comparison, compareRecording } from "./recording/compare.js";
import { type Play, playRecording } from "./recording/play.js";
import type { Recording } from "./recording/recording-file.js";

export { type Comparison, compareRecording } from "./recording/compare.js";
export { type Play, type Played, playRecording } from "./recording/play.js";
export { type Recording, readRecording } from "./recording/recording-file.js";

/**
 * Holds the twin against what a real cluster did. What a recording does not tell is played in its extremes: monitors
 * due just after the fault and just before it, each node's controller pausing or not when it is DC and finds its own
 * updates pending (a race in the real one), random fence delays, and who was DC (each run had its own; the CIB is that of one). The times of
 * the faults are those of each recorded run.
 */
export function holdAgainst(recording: Recording, file: string, scheduler: Scheduler): Comparison {
  readCib(recording.cib, file);
  const remembered = rememberDecisions(scheduler);
  return compareRecording(
    recording,
    playsOf(recording).map((play) => playRecording(recording, file, play, remembered)),
  );
}

/** Every play of a recording: DCs × monitors × pauses × random delays × the distances between the faults of its runs. */
export function playsOf(recording: Recording): readonly Play[] {
  const names = Array.from({ length: recording.nodes }, (_, i) => `n${i + 1}`);
  const pauses = subsets(names);
  const times = distinct(recording.runs.map((run) => faultTimes(recording, run.timeline)));
  const dcs = [...names].sort((a, b) => Number(isDc(recording, b)) - Number(isDc(recording, a)));
  const anchors = monitoredFaults(recording);
  const delays = recording.cib.includes("pcmk_delay_max") ? [0, 1] : [0];
  const choices = delays.flatMap((fenceDelay) =>
    pauses.flatMap((paused) =>
      anchors.flatMap((monitorsAtFault) =>
        (["early", "late"] as const).map((monitors) => ({ fenceDelay, paused, monitors, monitorsAtFault })),
      ),
    ),
  );
  return times.flatMap((faultsAtMs) =>
    dcs.flatMap((dc) =>
      choices.map(({ fenceDelay, paused, monitors, monitorsAtFault }) => ({
        name: [
          `DC ${dc}`,
          `monitors ${monitors}${anchors.length > 1 ? ` at fault ${monitorsAtFault + 1}` : ""}`,
          paused.size === 0 ? "no DC pauses" : `${[...paused].join(" and ")} pause${paused.size === 1 ? "s" : ""}`,
          ...(delays.length > 1 ? [fenceDelay === 0 ? "least fence delays" : "longest fence delays"] : []),
        ].join(", "),
        dc,
        monitors,
        monitorsAtFault,
        paused,
        fenceDelay,
        faultsAtMs,
      })),
    ),
  );
}

/** Faults that a monitor has to find: their distance to its next look matters. The first where none is such. */
function monitoredFaults(recording: Recording): readonly number[] {
  const found = recording.faults.flatMap((fault, index) =>
    fault.do === "fail-resource" || /\brm |\bip |--force-stop/.test(fault.cmd ?? "") ? [index] : [],
  );
  return found.length > 0 ? found.slice(0, 3) : [0];
}

function faultTimes(recording: Recording, timeline: Recording["runs"][number]["timeline"]): readonly number[] {
  const recorded = timeline.filter((event) => event.event === "fault");
  const taken = new Set<number>();
  return recording.faults.map((fault) => {
    const index = recorded.findIndex(
      (event, i) => !taken.has(i) && event.do === fault.do && event.node === fault.node && event.cmd === fault.cmd,
    );
    if (index < 0) return Math.round(fault.at * 1000);
    taken.add(index);
    return recorded[index]!.atMs;
  });
}

function isDc(recording: Recording, node: string): boolean {
  return recording.cib.includes(`dc-uuid="${node.slice(1)}"`);
}

/** Lists that differ in more than when they begin. */
function distinct(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const seen = new Set<string>();
  return lists.filter((list) => {
    const first = Math.min(...list);
    const key = list.map((atMs) => atMs - first).join();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** All subsets, fewest nodes last: pausing is the more frequent. Beyond four nodes all pause or none. */
function subsets(names: readonly string[]): readonly ReadonlySet<string>[] {
  if (names.length > 4) return [new Set(names), new Set<string>()];
  const sets: Set<string>[] = [];
  for (let mask = (1 << names.length) - 1; mask >= 0; mask--)
    sets.push(new Set(names.filter((_, i) => mask & (1 << i))));
  return sets;
}

/** The same question gets the same answer within one comparison: plays differ in times, hardly in situations. */
function rememberDecisions(scheduler: Scheduler): Scheduler {
  const known = new Map<string, ReturnType<Scheduler["decide"]>>();
  return {
    name: scheduler.name,
    decide(cib, options) {
      const key = JSON.stringify([
        cib.attrs["have-quorum"],
        cib.configuration,
        [...cib.status.nodes.values()].map((node) => [
          node.uname,
          node.inCcm,
          node.crmd,
          node.join,
          node.expected,
          [...node.attributes].map(([name, value]) =>
            /^last-failure-|^shutdown$/.test(name) ? name : `${name}=${value}`,
          ),
          [...node.resources.values()].map((resource) => [
            resource.id,
            [...resource.operations]
              .sort((a, b) => a.callId - b.callId)
              .map((op) => [
                op.id,
                op.operationKey,
                op.rcCode,
                op.opStatus,
                op.transitionKey.split(":")[2],
                op.opDigest,
              ]),
          ]),
        ]),
        // Only failures that expire make the time matter.
        JSON.stringify(cib.configuration).includes("failure-timeout") ? options.nowEpochSeconds : 0,
      ]);
      let decision = known.get(key);
      if (!decision) {
        decision = scheduler.decide(cib, options);
        known.set(key, decision);
      }
      return decision;
    },
  };
}
