import { type Call, fail, type Result } from "../../command.js";
import { type Here, here, spanMs, waitSettled } from "../../pacemaker.js";

export interface PcsCall {
  readonly call: Call;
  /** Behind the verb: `move vip web2`. */
  readonly words: readonly string[];
  readonly force: boolean;
}

/** One of pcs' groups of commands: `pcs resource …`. */
export type PcsVerb = (pcs: PcsCall) => Result | Promise<Result>;

export const NOT_RUNNING = "Error: cluster is not currently running on this node";

/** The cluster as pcs finds it from the node; a failure in pcs' words where it does not run there. */
export function pcsHere(call: Call): Here | { readonly failed: Result } {
  return here(call, NOT_RUNNING);
}

/** The operator's line as the trace tells it. */
export function typed({ args }: Call): string {
  return `pcs ${args.join(" ")}`;
}

/** Takes `--wait[=n]` out of the words: how long to wait, undefined where it is not asked for. */
export function takeWait(words: readonly string[]): {
  readonly words: readonly string[];
  readonly waitMs: number | undefined;
} {
  const found = words.find((word) => /^--wait(=|$)/.test(word));
  if (found === undefined) return { words, waitMs: undefined };
  const seconds = found.split("=")[1];
  return {
    words: words.filter((word) => word !== found),
    waitMs: seconds === undefined ? 3_600_000 : (spanMs(seconds) ?? 0),
  };
}

/** Waits where it was asked for; a failure where the cluster is not done in time. */
export function waited(call: Call, cluster: string, waitMs: number | undefined): Result | undefined {
  if (waitMs === undefined || waitSettled(call, cluster, waitMs)) return undefined;
  return fail("Error: waiting timeout");
}

/** `--node=x`, `--node x`, `node=x`: its value, and the words without it. */
export function takeNode(words: readonly string[]): {
  readonly words: readonly string[];
  readonly node: string | undefined;
} {
  const at = words.findIndex((word) => word === "--node" || /^(--)?node=/.test(word));
  if (at < 0) return { words, node: undefined };
  const word = words[at]!;
  const node = word.includes("=") ? word.slice(word.indexOf("=") + 1) : words[at + 1];
  return { words: words.filter((_, i) => i !== at && (word.includes("=") || i !== at + 1)), node };
}

/** The first option among words, for a sentence about what is not modelled. */
export function unknownOption(words: readonly string[]): string | undefined {
  return words.find((word) => word.startsWith("--"));
}
