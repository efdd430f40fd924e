import type { PromiseResult, VerdictKind } from "../../../model/verdict/types.js";

/** What is wrong with a step, and on which line of the page. */
export interface Problem {
  /**
   * impossible: it could not be typed or done where it stands. exit: a command failed. output: the output that the page
   * shows did not come. look: what a person should see is not so. wait: it did not come true in time. harm: it does harm
   * or opens the door to it. promise: a promise broke on its account. outage: most of an outage beyond its budget fell in it. left: it leaves something behind. end: something
   * that must hold at the end does not.
   */
  readonly kind: "impossible" | "exit" | "output" | "look" | "wait" | "harm" | "promise" | "outage" | "left" | "end";
  readonly line: number;
  readonly text: string;
  /** When it came to pass, since the first step began. */
  readonly atMs: number;
}

export interface PlayedCommand {
  readonly line: number;
  readonly node: string;
  readonly text: string;
  readonly output: string;
  readonly exitCode: number;
  /** Whether the output that the page shows came; undefined where it shows none. */
  readonly expected?: "came" | "differs";
}

export interface PlayedStep {
  readonly index: number;
  readonly line: number;
  readonly endLine: number;
  readonly title: string;
  readonly kind: "commands" | "wait" | "hand";
  readonly node: string;
  readonly status: "ok" | "failed" | "unknown" | "not played";
  readonly problems: readonly Problem[];
  readonly notModelled: readonly string[];
  readonly commands: readonly PlayedCommand[];
  /** Virtual time since the first step began. */
  readonly atMs: number;
  /** The person's time and the commands' together. */
  readonly durationMs: number;
  /** What changed on its account, in the trace's words; the most telling first. */
  readonly changed: readonly string[];
  /** How long each service or journey was out while it lasted. */
  readonly outagesMs: Readonly<Record<string, number>>;
  readonly interfaces: readonly string[];
}

/** What came of playing a runbook once. Data, versioned. */
export interface RunbookResult {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly topology: string;
  readonly seed: number;
  readonly verdict: VerdictKind;
  /** The one line that says why. */
  readonly because: string;
  readonly steps: readonly PlayedStep[];
  /** What did not hold when it was done. */
  readonly end: readonly Problem[];
  readonly outagesMs: Readonly<Record<string, number>>;
  /** From the first step's beginning to the last one's end. */
  readonly durationMs: number;
  /** How long was waited behind the last step before the end was judged. */
  readonly settleMs: number;
  /** What came before the first step took so long, until somebody began with it. */
  readonly beforeMs: number;
  /** Every promise that was watched; moments count from the first step, so that what came before is negative. */
  readonly promises: readonly PromiseResult[];
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
  /** What is not as it was when the first step began: a roll-back that reaches the baseline leaves none. */
  readonly differences: readonly string[];
  readonly unknowns: readonly string[];
  readonly assumptions: readonly string[];
}
