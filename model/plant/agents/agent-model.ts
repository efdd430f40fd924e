import type { Blueprint, Instant, MachineCell, Reader } from "../../kernel/index.js";
import type { AgentOperation } from "../../topology/durations.js";
import type { Topology } from "../../topology/types.js";
import type { NodeId, Outcome, ResourceAgent } from "../../twin/parts.js";
import type { FilesPart } from "../files/index.js";
import type { HostsPart } from "../hosts/index.js";
import type { NetworkPart } from "../network/index.js";
import type { PowerPart } from "../power/index.js";
import type { StoragePart } from "../storage/index.js";
import type { UnitsPart } from "../units/index.js";
import type { Primitive } from "./primitives.js";

/** OCF exit codes (the OCF resource agent API). */
export const OCF = {
  success: 0,
  genericError: 1,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
  promoted: 8,
} as const;

export interface PlantParts {
  readonly hosts: HostsPart;
  readonly network: NetworkPart;
  readonly files: FilesPart;
  readonly units: UnitsPart;
  readonly storage: StoragePart;
  readonly power: PowerPart;
}

/** What an agent of one primitive is made from. */
export interface AgentContext {
  readonly blueprint: Blueprint;
  readonly topology: Topology;
  readonly parts: PlantParts;
  readonly cluster: string;
  readonly primitive: Primitive;
  /** Nodes of the cluster. */
  readonly nodes: readonly NodeId[];
  durationMs(operation: AgentOperation): number;
  /** A machine's cell that is told NODE_LOST, quietly, when its node is. */
  goesWithNode(node: NodeId, cell: MachineCell): void;
}

export type BegunOperation = Parameters<ResourceAgent["begin"]>[2];

export interface BeginHow {
  /** What the executor grants. */
  readonly timeoutMs: number;
  /** The operation takes this long instead of its usual time (a fault). */
  readonly takesMs: number | undefined;
}

/** An agent as its file models it; faults of its operations are added around it. */
export interface AgentModel {
  monitor(read: Reader, node: NodeId, depth: number): Outcome;
  begin(instant: Instant, node: NodeId, operation: BegunOperation, how: BeginHow): Outcome;
  /** Called for operations that came to `success` alone. */
  complete(instant: Instant, node: NodeId, operation: BegunOperation): void;
  attributes?(read: Reader, node: NodeId): ReadonlyMap<string, string>;
}

export type AgentFactory = (context: AgentContext) => AgentModel;

const outcomes = new Map<string, Outcome>();

/** Outcomes are compared by identity: equal ones are the same object. */
export function outcome(rc: number, durationMs: number, exitReason?: string): Outcome {
  const key = `${rc} ${durationMs} ${exitReason ?? ""}`;
  let found = outcomes.get(key);
  if (found === undefined) {
    if (outcomes.size > OUTCOMES_MAX) outcomes.clear();
    found = Object.freeze({ rc, durationMs, ...(exitReason !== undefined && { exitReason }) });
    outcomes.set(key, found);
  }
  return found;
}

const OUTCOMES_MAX = 10_000;
