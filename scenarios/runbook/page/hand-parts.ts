import { InputError } from "../../../model/errors.js";
import { readSteps, type Step } from "../../file/read-scenario.js";
import { checkAgainst, parseYamlText } from "../../file/yaml-text.js";
import { frontMatterSchema } from "./front-matter.js";
import type { HandPart } from "./runbook.js";

/**
 * A `hand` block: YAML, one part or a list. `operator`, `fault` and `heal` are as in a scenario's timeline; `look` is a
 * condition that the person must see; `text` tells it in words.
 */
export function readHandParts(text: string, fence: number, file: string, before: readonly Step[]): readonly HandPart[] {
  const yaml = parseYamlText(`${"\n".repeat(fence)}${text}`, file);
  const isList = Array.isArray(yaml.value);
  const parts: HandPart[] = [];
  const steps: Step[] = [...before];
  for (const [i, part] of (isList ? (yaml.value as unknown[]) : [yaml.value]).entries()) {
    const path = isList ? [i] : [];
    const line = yaml.lineOf(path);
    if (typeof part !== "object" || part === null || Array.isArray(part))
      throw new InputError({
        file,
        line,
        message: "a part of a hand block is keys with values",
        known: ["operator", "fault", "heal", "look"],
        knownAs: "keys",
      });
    const { text: words, ...rest } = part as Record<string, unknown>;
    const told = typeof words === "string" ? words : "";
    if ("look" in rest) {
      const shape = frontMatterSchema.shape.holds.def.innerType.element;
      const condition = checkAgainst(shape, rest["look"], yaml, [...path, "look"]);
      parts.push({ kind: "look", line, condition, text: told });
      continue;
    }
    const [step] = readSteps([rest], { ...yaml, lineOf: () => line }, ["hand"], steps);
    steps.push({ ...step!, label: `hand-${fence}-${i}` });
    parts.push({ kind: "do", line, step: step!, text: told });
  }
  return parts;
}
