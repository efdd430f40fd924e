/** What `run` was asked to do, as plain data: it crosses to the thread that plays. */
export interface RunRequest {
  readonly paths: readonly string[];
  readonly topology?: string;
  readonly scenario: readonly string[];
  readonly reporter: readonly string[];
  readonly outputFile: readonly string[];
  readonly seed?: number;
  readonly set: readonly string[];
  readonly bail?: boolean;
  readonly waivers?: string;
  readonly baseline?: string;
  readonly engine: string;
  readonly color: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
}

/** What came of it, as the texts to be written: nothing is written before all of it is known. */
export interface RunAnswer {
  /** For `.fencepost/`, traces included. */
  readonly record: string;
  /** Without a file: to standard output. */
  readonly reports: readonly { readonly name: string; readonly file?: string; readonly text: string }[];
  /** For standard error. */
  readonly remarks: readonly string[];
  readonly exitCode: number;
}

/** Bad input, or a bug. */
export interface RunRefusal {
  readonly refused: string;
  readonly isBug: boolean;
}

export type FromPlayer = { readonly done: number; readonly total: number } | RunAnswer | RunRefusal;
