import type { FaultInstance } from "./instances.js";
import { lastStepMs, type Schedule } from "./schedule.js";

/** Which of two schedules is the shorter to tell: fewest faults, none healed, simplest, earliest, then the vocabulary's order. */
export function compareSchedules(a: Schedule, b: Schedule, instances: readonly FaultInstance[]): number {
  return (
    a.shots.length - b.shots.length ||
    Number(a.firstHealedAtMs !== undefined) - Number(b.firstHealedAtMs !== undefined) ||
    complexity(a, instances) - complexity(b, instances) ||
    lastStepMs(a) - lastStepMs(b) ||
    compareShots(a, b)
  );
}

function compareShots(a: Schedule, b: Schedule): number {
  for (const [i, { instance, atMs }] of a.shots.entries()) {
    const other = b.shots[i]!;
    const difference = instance - other.instance || atMs - other.atMs;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Loss of one part is simpler to picture than what takes many with it, and both than a file edited wrongly. */
const SIMPLE: ReadonlyMap<string, number> = new Map([
  ["lose-node", 0],
  ["hang-nfs", 1],
  ["partition", 1],
  ["kill-process", 1],
  ["down-link", 1],
  ["freeze-node", 1],
  ["crash-node", 1],
  ["lose-lun", 1],
  ["crash-hypervisor", 2],
  ["cut-feed", 2],
  ["lose-switch", 2],
  ["lose-rack", 3],
]);

const OTHERS = 2;

export function complexity({ shots }: Schedule, instances: readonly FaultInstance[]): number {
  return shots.reduce((sum, { instance }) => sum + (SIMPLE.get(instances[instance]!.fault.name) ?? OTHERS), 0);
}
