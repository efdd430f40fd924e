import type { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import { readScenarioFile } from "../discover.js";
import { checkNames } from "../file/check-names.js";
import { type Scenario, scenarioFromData } from "../file/read-scenario.js";
import type { scenarioSchema } from "../file/scenario-schema.js";
import { Twins } from "../run.js";
import type { SettledTwin } from "../runner/prepare.js";
import { runScenario, type ScenarioRun } from "../runner/run-scenario.js";
import { VERSION } from "../version.js";
import { type Engine, schedulerOf } from "./engine.js";

/** When a step happens, as a scenario's file writes it: `30s`, `1h30m`. */
interface StepTiming {
  /** Since the start of the timeline. */
  readonly at?: string;
  /** Since the step before; the default is 0s. */
  readonly after?: string;
}

/** Something breaks: a fault of the vocabulary with its parameters, and a label to heal it by. */
export interface FaultStep extends StepTiming {
  readonly fault: string;
  readonly as?: string;
  readonly [parameter: string]: unknown;
}

/** A fault is gone. */
export interface HealStep extends StepTiming {
  /** The fault's label, or its name where that is unique. */
  readonly heal: string;
}

/** Somebody types something: a command of the operators' vocabulary with its parameters. */
export interface OperatorStep extends StepTiming {
  readonly operator: string;
  readonly as?: string;
  readonly [parameter: string]: unknown;
}

export type TimelineStep = FaultStep | HealStep | OperatorStep;

type Written = z.input<typeof scenarioSchema>;

/** What a scenario's file holds, as data; who it is may be left out. */
export interface ScenarioData
  extends Partial<Omit<Written, "timeline" | "topology" | "expect">>,
    Partial<Pick<Written, "topology">> {
  readonly timeline: readonly TimelineStep[];
  /** The default: every promise about safety, and that everything is served and settled in the end. */
  readonly expect?: { readonly [K in keyof NonNullable<Written["expect"]>]?: NonNullable<Written["expect"]>[K] };
}

export interface RunOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Edits to the topology before the start: `keystone-clone:target-role=Started`. */
  readonly set?: readonly string[];
  readonly engine?: Engine;
}

/** A scenario that was played: its verdict, its trace, and what it was played on. */
export interface Played extends ScenarioRun {
  readonly topology: Topology;
  readonly scenario: Scenario;
  /** The twin, and the world before the first step. */
  readonly settled: SettledTwin;
}

/**
 * Plays a scenario on a topology: a file's path, or what such a file holds. The topology is left to settle once, and
 * every scenario forks from there. Same topology, scenario, options and version: same trace, byte for byte. Throws
 * InputError for a scenario that is none, with its place; ImpossibleStep where a step finds nothing to act on.
 *
 * @example
 * const { verdict } = run(topology, { timeline: [{ fault: "lose-node", node: "web1" }] });
 * verdict.outagesMs["journey/visit"]; // 15804
 */
export function run(topology: Topology, scenario: string | ScenarioData, options: RunOptions = {}): Played {
  const written = typeof scenario === "string" ? readScenarioFile(scenario) : scenarioOf(scenario, topology);
  const read = { ...written, seed: options.seed ?? written.seed };
  checkNames(read, topology);
  const settled = twinsOf(topology, options).for(topology, read);
  return { ...runScenario(settled, read, { version: VERSION }), topology, scenario: read, settled };
}

function scenarioOf(data: ScenarioData, topology: Topology): Scenario {
  const names = { name: "played", title: "Played by a program", topology: topology.file };
  return scenarioFromData({ ...names, ...data }, data.name ?? names.name);
}

/** The twin of a topology as it is, left to settle once. */
export function settledTwin(topology: Topology): SettledTwin {
  let settled = asItIs.get(topology);
  if (!settled) {
    settled = twinsOf(topology, {}).settle(topology);
    asItIs.set(topology, settled);
  }
  return settled;
}

const asItIs = new WeakMap<Topology, SettledTwin>();

/** Settled twins by topology, for as long as the topology is there. */
const known = new WeakMap<Topology, Map<string, Twins>>();

function twinsOf(topology: Topology, { engine, set = [] }: RunOptions): Twins {
  let ofTopology = known.get(topology);
  if (!ofTopology) {
    ofTopology = new Map();
    known.set(topology, ofTopology);
  }
  const key = JSON.stringify([engine, set]);
  let twins = ofTopology.get(key);
  if (!twins) {
    twins = new Twins({ scheduler: schedulerOf(engine), set });
    ofTopology.set(key, twins);
  }
  return twins;
}
