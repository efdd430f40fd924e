import { parse } from "just-bash";
import type { CommandLine } from "./runbook.js";

/** `[root@mysql1 ~]# `, `root@mysql1:~$ `, `[mysql1]# `, `# `, `$ `. */
const PROMPT =
  /^\s*(?:\[(?:[\w.-]+@)?([\w.-]+|\{\{[^}]*\}\})(?: [^\]]*)?\][#$%] ?|(?:[\w.-]+@)([\w.-]+|\{\{[^}]*\}\}):[^#$]*[#$] ?|[#$] )(.*)$/;
const LINES_MAX = 200;

/** A console block: commands behind prompts, and under each what it is expected to print. */
export function consoleLines(text: string, firstLine: number): readonly CommandLine[] {
  const lines = text.split("\n");
  const found: CommandLine[] = [];
  let i = 0;
  while (i < lines.length) {
    const prompt = PROMPT.exec(lines[i]!);
    if (!prompt) {
      i++;
      continue;
    }
    const line = firstLine + i;
    const node = prompt[1] ?? prompt[2];
    let command = prompt[3]!;
    i++;
    while (i < lines.length && !isComplete(command) && !PROMPT.test(lines[i]!))
      command += `\n${lines[i++]!.replace(/^> ?/, "")}`;
    const expectedFrom = i;
    while (i < lines.length && !PROMPT.test(lines[i]!)) i++;
    const shown = withoutBlankEnd(lines.slice(expectedFrom, i));
    const text = command.replace(/\s+#\s.*$/, "").trim();
    if (text === "" || text.startsWith("#")) continue;
    found.push({
      line,
      text: command.trim(),
      node,
      expected: shown.length > 0 ? { line: firstLine + expectedFrom, lines: shown } : undefined,
    });
  }
  return found;
}

/** A block of shell: each line, or lines that belong together, is one command. Comments are left out. */
export function shellLines(text: string, firstLine: number): readonly CommandLine[] {
  const lines = text.split("\n");
  if (lines.some((line) => /^\s*(?:\[[^\]]+\][#$]|\$) \S/.test(line))) return consoleLines(text, firstLine);
  const found: CommandLine[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (/^\s*(#.*)?$/.test(lines[i]!)) continue;
    const line = firstLine + i;
    let command = lines[i]!;
    while (!isComplete(command) && i + 1 < lines.length && i < LINES_MAX + line) command += `\n${lines[++i]!}`;
    found.push({ line, text: command.trim(), node: undefined, expected: undefined });
  }
  return found;
}

/** Nothing is open: no quote, no here-document, no loop. */
function isComplete(command: string): boolean {
  if (/(?:^|[^\\])\\$/.test(command)) return false;
  for (const [, mark] of command.matchAll(/<<-?\s*['"]?(\w+)['"]?/g))
    if (!new RegExp(`\\n\\s*${mark}\\s*$`, "m").test(command)) return false;
  try {
    parse(command);
    return true;
  } catch (error) {
    return !/EOF|unexpected end|unterminated|expected/i.test(String((error as Error).message));
  }
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1]!.trim() === "") end--;
  return lines.slice(0, end);
}
