import fc from "fast-check";
import type { Topology } from "../../model/topology/types.js";
import type { FaultInstance } from "../explore/instances.js";
import { formatDuration } from "../file/duration.js";
import { operatorActions } from "../operator/index.js";
import { simplestFirst } from "./fault-schedule.js";
import { LiveTwin } from "./live-twin.js";
import { stepOf } from "./operator-actions.js";

/** What is known without the twin: which faults last. */
export interface TwinModel {
  readonly struck: Set<string>;
}

type TwinCommand = fc.Command<TwinModel, LiveTwin>;

export interface TwinCommandOptions {
  /** Only these faults; absent for all that find a place. */
  readonly faults?: readonly string[];
  /** Commands that people type; absent for none. */
  readonly actions?: readonly string[];
  /** How many commands at most. The default is 8. */
  readonly commandsMax?: number;
  /** Checked after each command; throws where it does not hold. The default: no promise about safety is broken. */
  readonly invariant?: (twin: LiveTwin) => void;
}

/**
 * Commands for `fc.modelRun`: strike, heal, wait, type. Printed as an operator would tell them (`lose-node web1`,
 * `wait 30s`, `heal lose-node web1`).
 *
 * @example
 * fc.assert(fc.property(twinCommands(topology), (commands) => fc.modelRun(twinSetup(topology), commands)));
 */
export function twinCommands(
  topology: Topology,
  options: TwinCommandOptions = {},
): fc.Arbitrary<Iterable<TwinCommand>> {
  const { faults = [], actions = [], commandsMax = 8, invariant = keepsPromises } = options;
  const instance = fc.constantFrom(...simplestFirst(topology, faults));
  const typed = actions.flatMap((name) => {
    const action = operatorActions.get(name);
    if (!action) throw new RangeError(`unknown command "${name}"; commands: ${[...operatorActions.keys()].join(", ")}`);
    return stepOf(action, topology)?.map((step) => type(step, invariant)) ?? [];
  });
  return fc.commands(
    [
      instance.map((one) => strike(one, invariant)),
      instance.map((one) => heal(one, invariant)),
      fc.integer({ min: 1, max: 600 }).map((seconds) => wait(seconds * 1_000, invariant)),
      ...typed,
    ],
    { maxCommands: commandsMax },
  );
}

/** A fresh model and twin for each run; the topology is left to settle once. */
export function twinSetup(topology: Topology): () => { model: TwinModel; real: LiveTwin } {
  return () => ({ model: { struck: new Set() }, real: new LiveTwin(topology) });
}

function keepsPromises(twin: LiveTwin): void {
  const [first] = twin.broken();
  if (first) throw new Error(`${first.promise} is broken at ${formatDuration(twin.nowMs)}: ${first.evidence}`);
}

type Invariant = (twin: LiveTwin) => void;

function command(
  text: string,
  check: (model: Readonly<TwinModel>) => boolean,
  perform: (model: TwinModel, twin: LiveTwin) => void,
  invariant: Invariant,
): TwinCommand {
  return {
    check,
    run(model, twin) {
      try {
        perform(model, twin);
      } catch (error) {
        // There was nothing to act on: as if nobody had done it.
        if (!(error instanceof RangeError)) throw error;
      }
      invariant(twin);
    },
    toString: () => text,
  };
}

function strike(instance: FaultInstance, invariant: Invariant): TwinCommand {
  const perform = ({ struck }: TwinModel, twin: LiveTwin) => {
    twin.strike(instance);
    struck.add(instance.text);
  };
  return command(instance.text, ({ struck }) => !struck.has(instance.text), perform, invariant);
}

function heal(instance: FaultInstance, invariant: Invariant): TwinCommand {
  const perform = ({ struck }: TwinModel, twin: LiveTwin) => {
    struck.delete(instance.text);
    twin.heal(instance);
  };
  return command(`heal ${instance.text}`, ({ struck }) => struck.has(instance.text), perform, invariant);
}

function wait(ms: number, invariant: Invariant): TwinCommand {
  return command(
    `wait ${formatDuration(ms)}`,
    () => true,
    (_, twin) => twin.wait(ms),
    invariant,
  );
}

function type(step: Readonly<Record<string, unknown>>, invariant: Invariant): TwinCommand {
  const { operator, ...params } = step;
  const text = [operator, ...Object.values(params).flat()].join(" ");
  return command(
    text,
    () => true,
    (_, twin) => twin.operate(String(operator), params),
    invariant,
  );
}
