import { withoutFiller } from "../play/expected-output.js";
import type { RunbookResult } from "../play/result.js";
import type { Runbook } from "./runbook.js";

/**
 * The page with the output that came in place of what it shows, for commands whose output did not match. Commands that
 * show nothing are left alone; so is everything that matches, wildcards included.
 */
export function updatedText(runbook: Runbook, result: RunbookResult): string {
  const lines = runbook.text.split("\n");
  const edits: { from: number; count: number; put: readonly string[] }[] = [];
  for (const step of runbook.steps) {
    if (step.kind !== "commands") continue;
    const played = result.steps.find(({ index }) => index === step.index);
    for (const command of step.commands) {
      const one = played?.commands.find(({ line }) => line === command.line);
      if (!command.expected || one?.expected !== "differs") continue;
      const indent = /^\s*/.exec(lines[step.line - 1]!)![0];
      edits.push({
        from: command.expected.line - 1,
        count: command.expected.lines.length,
        put: withoutFiller(one.output).map((line) => (line === "" ? "" : indent + line)),
      });
    }
  }
  // From the end, so that earlier places stay what they are.
  for (const { from, count, put } of edits.reverse()) lines.splice(from, count, ...put);
  return lines.join("\n");
}
