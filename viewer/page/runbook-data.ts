/** A runbook that was played in a run: what its page shows beside the timeline. */
export interface RunbookData {
  readonly file: string;
  /** `pass`, `fail` or `unknown`. */
  readonly verdict: string;
  readonly because: string;
  readonly steps: readonly RunbookStepData[];
  /** What did not hold when it was done. */
  readonly end: readonly RunbookProblem[];
}

/** One step in the order of the page. Moments are those of the run's trace, in milliseconds; both absent where it was not played. */
export interface RunbookStepData {
  readonly title: string;
  /** Its line in the page. */
  readonly line: number;
  /** `commands`, `wait` or `hand`. */
  readonly kind: string;
  /** Where it was typed; empty for what is done by hand. */
  readonly node: string;
  readonly status: "ok" | "failed" | "unknown" | "not played";
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly problems: readonly RunbookProblem[];
  readonly notModelled: readonly string[];
  readonly commands: readonly {
    readonly node: string;
    readonly text: string;
    readonly output: string;
    readonly exitCode: number;
  }[];
  /** What changed on its account, in the trace's words; the most telling first. */
  readonly changed: readonly string[];
  /** How long each service or journey was out while it lasted. */
  readonly outagesMs: Readonly<Record<string, number>>;
}

export interface RunbookProblem {
  readonly line: number;
  readonly text: string;
}
