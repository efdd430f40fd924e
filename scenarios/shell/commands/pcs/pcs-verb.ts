import { readCib } from "../../../../model/cluster/cib/read.js";
import type { Cib } from "../../../../model/cluster/cib/types.js";
import { writeCib } from "../../../../model/cluster/cib/write.js";
import { InputError } from "../../../../model/errors.js";
import { type Call, fail, type Result } from "../../command.js";
import { type Here, here, spanMs, waitSettled } from "../../pacemaker.js";

export interface PcsCall {
  readonly call: Call;
  /** Behind the verb: `move vip web2`. */
  readonly words: readonly string[];
  readonly force: boolean;
  /** A file that holds the CIB to be looked at and edited instead of the cluster's (`pcs -f FILE`). */
  readonly file?: string;
}

/** One of pcs' groups of commands: `pcs resource …`. */
export type PcsVerb = (pcs: PcsCall) => Result | Promise<Result>;

export const NOT_RUNNING = "Error: cluster is not currently running on this node";

/** The cluster as pcs finds it from the node, or in its file; a failure in pcs' words where it does not run there. */
export function pcsHere({ call, file }: PcsCall): Here | { readonly failed: Result } {
  if (file === undefined) return here(call, NOT_RUNNING);
  const text = call.files.text(file);
  const cluster = call.twin.clusters.clusterOf(call.node) ?? "";
  if (text === undefined) return { failed: fail(`Error: unable to read file '${file}': No such file or directory`) };
  try {
    return { cluster, cib: readCib(text, file), nodes: call.twin.clusters.nodesOf(cluster) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { failed: fail(`Error: unable to parse the cib: ${error.message}`) };
  }
}

/** Changes the cluster's configuration, or that in the file. */
export function edit({ call, file }: PcsCall, change: (cib: Cib) => Cib): void {
  const { handle, node, twin } = call;
  if (file === undefined) {
    handle.act(node, typed(call), (instant) => twin.clusters.operator.edit(instant, node, typed(call), change));
    return;
  }
  call.files.put(file, writeCib(change(readCib(call.files.text(file) ?? "", file))));
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
