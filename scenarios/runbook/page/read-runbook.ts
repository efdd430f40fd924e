import { basename } from "node:path/posix";
import type { Code, Nodes, Parent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { frontmatterFromMarkdown } from "mdast-util-frontmatter";
import { frontmatter } from "micromark-extension-frontmatter";
import { InputError } from "../../../model/errors.js";
import { parseDuration } from "../../file/duration.js";
import { readSteps, type Step } from "../../file/read-scenario.js";
import { checkAgainst, parseYamlText, type YamlText } from "../../file/yaml-text.js";
import { consoleLines, shellLines } from "./command-lines.js";
import { frontMatterSchema } from "./front-matter.js";
import { readHandParts } from "./hand-parts.js";
import type { Runbook, RunbookStep } from "./runbook.js";

const CHARACTERS_MAX = 1_000_000;
const STEPS_MAX = 500;
const SHELL: ReadonlySet<string> = new Set(["sh", "bash", "shell"]);
const CONSOLE: ReadonlySet<string> = new Set(["console", "shell-session", "terminal"]);
const ATTRIBUTES: ReadonlySet<string> = new Set(["node", "takes", "exit", "timeout", "every", "skip"]);
const ROLL_BACK = /\b(roll|back)[ -]?(back|out)\b/i;

/** What the prose says around a block. */
interface Around {
  heading: string;
  title: string;
  /** The depth of the heading of a roll-back section; 0 outside of one. */
  rollBackDepth: number;
}

/** Reads a Markdown runbook. Throws InputError with the line in the page. */
export function readRunbook(text: string, file: string): Runbook {
  if (text.length > CHARACTERS_MAX)
    throw new InputError({
      file,
      line: 0,
      message: `the page has ${text.length} characters; at most ${CHARACTERS_MAX} are read`,
    });
  const tree = fromMarkdown(text, {
    extensions: [frontmatter(["yaml"])],
    mdastExtensions: [frontmatterFromMarkdown(["yaml"])],
  });
  const [head] = tree.children;
  if (head?.type !== "yaml")
    throw new InputError({
      file,
      line: 1,
      message: "a runbook begins with front matter between two lines of ---: topology, before, holds",
    });
  // Blank lines above keep the YAML's lines those of the page.
  const yaml = parseYamlText(`\n${head.value}`, file);
  const front = checkAgainst(frontMatterSchema, yaml.value, yaml);
  const before = readSteps(front.before, yaml, ["before"]);
  const steps: RunbookStep[] = [];
  const around: Around = { heading: "", title: "", rollBackDepth: 0 };
  let title = front.title;
  walk(tree, (node) => {
    if (node.type === "heading") {
      const words = plain(node);
      title ??= words;
      if (around.rollBackDepth >= node.depth) around.rollBackDepth = 0;
      if (around.rollBackDepth === 0 && ROLL_BACK.test(words)) around.rollBackDepth = node.depth;
      around.heading = words;
      around.title = "";
    } else if (node.type === "paragraph") around.title = sentence(plain(node));
    else if (node.type === "code") {
      const step = readBlock(node, steps.length, around, file, before);
      if (step) steps.push(step);
      around.title = "";
    }
  });
  if (steps.length > STEPS_MAX)
    throw new InputError({
      file,
      line: 0,
      message: `the page has ${steps.length} steps; at most ${STEPS_MAX} are played`,
    });
  const name = basename(file).replace(/\.md$/, "");
  return { file, name, title: title ?? name, text, front, yaml, before, steps };
}

function readBlock(
  node: Code,
  index: number,
  around: Around,
  file: string,
  before: readonly Step[],
): RunbookStep | undefined {
  const language = node.lang ?? "";
  const isKnown = SHELL.has(language) || CONSOLE.has(language) || language === "wait" || language === "hand";
  if (!isKnown) return undefined;
  const line = node.position?.start.line ?? 0;
  const info = readInfo(node.meta ?? "", file, line);
  if (info.has("skip")) return undefined;
  const base = {
    index,
    line,
    endLine: node.position?.end.line ?? line,
    title: around.title,
    heading: around.heading,
    node: info.get("node"),
    takesMs: durationOf(info, "takes", file, line),
    isRollBack: around.rollBackDepth > 0,
  };
  if (language === "hand") return { ...base, kind: "hand", parts: readHandParts(node.value, line, file, before) };
  if (language === "wait") {
    const commands = shellLines(node.value, line + 1);
    if (commands.length === 0)
      throw new InputError({ file, line, message: "a wait block holds a command that succeeds once the wait is over" });
    const text = commands.map((one) => one.text).join("\n");
    return {
      ...base,
      kind: "wait",
      command: { ...commands[0]!, text },
      timeoutMs: durationOf(info, "timeout", file, line) ?? 600_000,
      everyMs: Math.max(1_000, durationOf(info, "every", file, line) ?? 5_000),
    };
  }
  const commands = CONSOLE.has(language) ? consoleLines(node.value, line + 1) : shellLines(node.value, line + 1);
  if (commands.length === 0) return undefined;
  const exit = info.get("exit");
  if (exit !== undefined && exit !== "any" && !/^\d{1,3}$/.test(exit))
    throw new InputError({ file, line, message: "exit is a number, or any", value: exit });
  return { ...base, kind: "commands", commands, exit: exit === undefined || exit === "any" ? exit : Number(exit) };
}

/** `mysql1 takes=2m exit=1`: attributes, and a bare word for the node. */
function readInfo(meta: string, file: string, line: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const word of meta.match(/\{\{[^}]*\}\}|(?:[^\s{]|\{(?!\{))+(?:\{\{[^}]*\}\})?/g) ?? []) {
    const at = word.indexOf("=");
    const name = at < 0 ? (word === "skip" ? "skip" : "node") : word.slice(0, at);
    if (!ATTRIBUTES.has(name))
      throw new InputError({
        file,
        line,
        message: "unknown attribute of a block",
        value: name,
        known: [...ATTRIBUTES],
        knownAs: "attributes",
      });
    found.set(name, at < 0 ? word : word.slice(at + 1));
  }
  return found;
}

function durationOf(info: ReadonlyMap<string, string>, name: string, file: string, line: number): number | undefined {
  const text = info.get(name);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new InputError({ file, line, message: `${name} is a duration with its unit`, value: text });
  return ms;
}

function walk(node: Nodes, visit: (node: Nodes) => void): void {
  visit(node);
  if ("children" in node) for (const child of (node as Parent).children) walk(child as Nodes, visit);
}

function plain(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? (node as Parent).children.map((child) => plain(child as Nodes)).join("") : "";
}

const TITLE_MAX = 90;

function sentence(text: string): string {
  const first =
    text
      .replace(/\s+/g, " ")
      .split(/(?<=[.!?:]) /)
      .at(-1) ?? "";
  return first.length > TITLE_MAX ? `${first.slice(0, TITLE_MAX - 1)}…` : first.replace(/:$/, "");
}

export type { YamlText };
