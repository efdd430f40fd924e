import type { Step } from "../../file/read-scenario.js";
import type { YamlText } from "../../file/yaml-text.js";
import type { FrontMatter, HoldDocument } from "./front-matter.js";

/** One command line of a block: a line, or several that belong together (a loop, a here-document). */
export interface CommandLine {
  /** 1-based, in the runbook. */
  readonly line: number;
  readonly text: string;
  /** The node of its prompt, as written. */
  readonly node: string | undefined;
  /** The output that the page shows under it. */
  readonly expected: { readonly line: number; readonly lines: readonly string[] } | undefined;
}

interface StepBase {
  /** 0, 1, 2, … in the order of the page. */
  readonly index: number;
  /** Of the block's opening fence, and of its closing one. */
  readonly line: number;
  readonly endLine: number;
  /** The prose before it, shortened. */
  readonly title: string;
  readonly heading: string;
  /** From the info string; undefined where the prompt, or the front matter, says. */
  readonly node: string | undefined;
  /** What a person needs for it; undefined: the front matter's. */
  readonly takesMs: number | undefined;
  readonly isRollBack: boolean;
}

export interface CommandsStep extends StepBase {
  readonly kind: "commands";
  readonly commands: readonly CommandLine[];
  /** `exit=N`: the exit code that its last command must have; `any`: none is checked. */
  readonly exit: number | "any" | undefined;
}

/** Asks again and again until its commands succeed. */
export interface WaitStep extends StepBase {
  readonly kind: "wait";
  readonly command: CommandLine;
  readonly timeoutMs: number;
  readonly everyMs: number;
}

/** Something for hands and eyes: a cable is pulled, a LED is looked at, vCenter is asked. */
export interface HandStep extends StepBase {
  readonly kind: "hand";
  readonly parts: readonly HandPart[];
}

export type HandPart =
  | { readonly kind: "do"; readonly line: number; readonly step: Step; readonly text: string }
  | { readonly kind: "look"; readonly line: number; readonly condition: HoldDocument; readonly text: string };

export type RunbookStep = CommandsStep | WaitStep | HandStep;

export interface Runbook {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  /** The page, line by line. */
  readonly text: string;
  readonly front: FrontMatter;
  readonly yaml: YamlText;
  /** Faults and commands that came before the first step. */
  readonly before: readonly Step[];
  readonly steps: readonly RunbookStep[];
}
