/** One line that was typed by hand in a session. */
export interface HistoryLine {
  readonly node: string;
  readonly text: string;
  readonly output: string;
}

/** A session's history as a runbook: every line behind its prompt, with the output that came. */
export function historyPage(topology: string, before: readonly string[], lines: readonly HistoryLine[]): string {
  const head = ["---", `topology: ${JSON.stringify(topology)}`];
  if (before.length > 0) head.push("before:", ...before.map((fault) => `  - ${fault}`));
  const blocks = lines.map(({ node, text, output }) => {
    const typed = text.split("\n").join("\n> ");
    const shown = output.replace(/\n+$/, "");
    const fence = "`".repeat(Math.max(3, longestFence(`${typed}\n${shown}`) + 1));
    return `${fence}console\n[root@${node} ~]# ${typed}\n${shown === "" ? "" : `${shown}\n`}${fence}`;
  });
  return `${[...head, "---", "", "# A session by hand", "", blocks.join("\n\n")].join("\n")}\n`;
}

function longestFence(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
