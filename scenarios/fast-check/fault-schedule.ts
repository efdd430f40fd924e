import fc from "fast-check";
import type { Topology } from "../../model/topology/types.js";
import { type FaultInstance, instancesOf } from "../explore/instances.js";
import { complexity } from "../explore/order.js";
import { formatDuration } from "../file/duration.js";
import type { TimelineStep } from "../library/run.js";
import { secondsOf } from "./seconds.js";

export interface FaultScheduleOptions {
  /** Only these faults of the vocabulary; absent for all that find a place in the topology. */
  readonly faults?: readonly string[];
  /** How many at most. The default is 2. */
  readonly faultsMax?: number;
  /** They strike, and are healed if they are, within this time. The default is 10m. */
  readonly within?: string;
}

/**
 * A timeline of faults, each at a moment, some healed later. It shrinks to fewer faults, to the simplest to picture, to
 * the start of the timeline, and to faults that nobody heals. Throws InputError for a name that is no fault's.
 *
 * @example
 * fc.property(faultSchedule(topology, { faults: ["lose-node"] }), (timeline) => {
 *   expect(runPossible(topology, { timeline })).toNeverRunTwice();
 * });
 */
export function faultSchedule(topology: Topology, options: FaultScheduleOptions = {}): fc.Arbitrary<TimelineStep[]> {
  const { faults = [], faultsMax = 2, within = "10m" } = options;
  const seconds = secondsOf("within", within);
  const shot = fc.record({
    instance: fc.constantFrom(...simplestFirst(topology, faults)),
    at: fc.nat({ max: seconds }),
    healedAt: fc.option(fc.nat({ max: seconds }), { nil: undefined }),
  });
  return fc
    .uniqueArray(shot, { selector: ({ instance }) => instance.text, minLength: 1, maxLength: faultsMax })
    .map((shots) => {
      const steps = shots.flatMap(({ instance: { fault, written }, at, healedAt }, i) => {
        const label = `${fault.name}-${i + 1}`;
        const strike = { at, step: { at: text(at), fault: fault.name, ...written, as: label } };
        if (healedAt === undefined || healedAt <= at) return [strike];
        return [strike, { at: healedAt, step: { at: text(healedAt), heal: label } }];
      });
      return steps.sort((a, b) => a.at - b.at).map(({ step }) => step);
    });
}

/** Every fault at every place; shrinking goes towards the first. Throws RangeError where none finds a place. */
export function simplestFirst(topology: Topology, names: readonly string[]): readonly FaultInstance[] {
  const { instances } = instancesOf(topology, names);
  if (instances.length === 0)
    throw new RangeError(`${names.join(", ")}: no such fault finds a place in ${topology.name}`);
  const rank = ({ index }: FaultInstance) => complexity({ shots: [{ instance: index, atMs: 0 }] }, instances);
  return [...instances].sort((a, b) => rank(a) - rank(b) || a.index - b.index);
}

function text(seconds: number): string {
  return formatDuration(seconds * 1_000);
}
