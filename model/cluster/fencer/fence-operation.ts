import type { Pending } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";

/** One device to use, and the peer whose fencer uses it. */
export interface FenceStep {
  readonly device: string;
  readonly by: NodeId;
  readonly action: "off" | "on" | "reboot";
  /** Steps of one level must all succeed; a failed level gives way to the next. */
  readonly level: number;
}

/** A fencing that a node's fencer has asked for and waits for. */
export interface FenceOperation {
  /** Unique in the world's history. */
  readonly id: number;
  readonly target: NodeId;
  readonly action: "off" | "on" | "reboot";
  /** The graph's action and transition; undefined where a person asked. */
  readonly graphAction: number | undefined;
  readonly transition: number;
  readonly steps: readonly FenceStep[];
  readonly step: number;
  /** 1 for the first try of this step. */
  readonly attempt: number;
  readonly phase: "query" | "delay" | "agent" | "retry";
  /** When the agent of this step began its first attempt: its time-out counts from there. */
  readonly agentSinceMs: number;
  readonly pending: Pending | undefined;
  readonly timeout: Pending | undefined;
  readonly timeoutMs: number;
  readonly entry: number;
}
