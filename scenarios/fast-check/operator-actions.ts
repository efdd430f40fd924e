import fc from "fast-check";
import type { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import type { OperatorAction } from "../faults/fault.js";
import { knownNames } from "../file/check-names.js";
import { formatDuration } from "../file/duration.js";
import { referencesOf } from "../file/reference.js";
import type { TimelineStep } from "../library/run.js";
import { operatorActions as vocabulary } from "../operator/index.js";
import { secondsOf } from "./seconds.js";

export interface OperatorActionOptions {
  /** Only these commands; absent for all whose parameters are names of the topology. */
  readonly actions?: readonly string[];
  /** How many at most. The default is 3. */
  readonly actionsMax?: number;
  /** They are typed within this time. The default is 10m. */
  readonly within?: string;
}

/**
 * A timeline of commands that people type, at things that are there, sensible or not. It shrinks to fewer commands, to
 * the start of the timeline, and to fewer parameters. Throws RangeError for a name that is no command's.
 */
export function operatorActions(topology: Topology, options: OperatorActionOptions = {}): fc.Arbitrary<TimelineStep[]> {
  const { actions = [...vocabulary.keys()], actionsMax = 3, within = "10m" } = options;
  const steps = actions.flatMap((name) => {
    const action = vocabulary.get(name);
    if (!action) throw new RangeError(`unknown command "${name}"; commands: ${[...vocabulary.keys()].join(", ")}`);
    return stepOf(action, topology) ?? [];
  });
  if (steps.length === 0) throw new RangeError(`${actions.join(", ")}: nothing of ${topology.name} to type it about`);
  return fc
    .array(fc.tuple(fc.nat({ max: secondsOf("within", within) }), fc.oneof(...steps)), {
      minLength: 1,
      maxLength: actionsMax,
    })
    .map((typed) =>
      [...typed]
        .sort(([a], [b]) => a - b)
        .map(([seconds, step]) => ({ at: formatDuration(seconds * 1_000), ...step }) as TimelineStep),
    );
}

/** A command with names of the topology; undefined where it needs more than names, or there are none. */
export function stepOf(
  { name, params }: OperatorAction,
  topology: Topology,
): fc.Arbitrary<Readonly<Record<string, unknown>>> | undefined {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  const sample: Record<string, unknown> = {};
  for (const [key, kind] of referencesOf(params)) {
    const field = params.shape[key] as z.ZodType;
    const isOptional = field.safeParse(undefined).success;
    // Where it is typed is left to the twin: a member that runs.
    if (key === "on") continue;
    const names = knownNames(topology, kind);
    if (names.length === 0 && isOptional) continue;
    if (names.length === 0) return undefined;
    const values = names.map((one) => (field.safeParse(one).success ? one : [one]));
    const value = fc.constantFrom(...values);
    fields[key] = isOptional ? fc.option(value, { nil: undefined }) : value;
    sample[key] = values[0];
  }
  if (!params.safeParse(sample).success) return undefined;
  return fc.record(fields).map((values) => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    return { operator: name, ...Object.fromEntries(given) };
  });
}
