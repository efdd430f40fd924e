/** A runbook that was played in a run: what its page shows beside the timeline. */
export interface RunbookData {
  readonly file: string;
  /** `pass`, `fail` or `unknown`. */
  readonly verdict: string;
  readonly because: string;
  /** The Markdown page as it was read: lines of steps and problems are 1-based lines of it. */
  readonly text: string;
  /** When somebody began with the first step, and when the last one was done. */
  readonly beganMs: number;
  readonly doneMs: number;
  readonly steps: readonly RunbookStepData[];
  /** What did not hold when it was done. */
  readonly end: readonly RunbookProblem[];
  /** What an operator has to hold in mind, with the commands of each: `Pacemaker` → pcs, crm_mon. */
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
}

/** One step in the order of the page. Moments are those of the run's trace, in milliseconds; both absent where it was not played. */
export interface RunbookStepData {
  readonly title: string;
  /** Of its block's opening fence in the page, and of its closing one. */
  readonly line: number;
  readonly endLine: number;
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
    readonly line: number;
    readonly node: string;
    readonly text: string;
    readonly output: string;
    readonly exitCode: number;
    /** Against the output that the page shows; absent where it shows none. */
    readonly expected?: "came" | "differs";
  }[];
  /** What changed on its account, in the trace's words; the most telling first. */
  readonly changed: readonly string[];
  /** How long each service or journey was out while it lasted. */
  readonly outagesMs: Readonly<Record<string, number>>;
}

export interface RunbookProblem {
  /** impossible, exit, output, look, wait: the operator sees it. harm, promise, outage, left, end: he does not. */
  readonly kind: string;
  readonly atMs: number;
  readonly line: number;
  readonly text: string;
}
