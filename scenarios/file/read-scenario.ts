import { z } from "zod";
import { InputError } from "../../model/errors.js";
import { SAFETY_NAMES } from "../../model/promises/index.js";
import type { Fault, OperatorAction } from "../faults/fault.js";
import { faults } from "../faults/index.js";
import { operatorActions } from "../operator/index.js";
import { faultStepKeys, healStep, operatorStepKeys, type ScenarioDocument, scenarioSchema } from "./scenario-schema.js";
import { checkAgainst, parseYamlText, type YamlText } from "./yaml-text.js";

interface StepBase {
  /** Since the start of the timeline. */
  readonly atMs: number;
  readonly label: string | undefined;
  readonly line: number;
}

export type Step =
  | (StepBase & { readonly kind: "fault"; readonly fault: Fault; readonly params: Readonly<Record<string, unknown>> })
  | (StepBase & { readonly kind: "heal"; readonly of: number })
  | (StepBase & {
      readonly kind: "operator";
      readonly action: OperatorAction;
      readonly params: Readonly<Record<string, unknown>>;
    });

/** A scenario as it is played: its file checked against the schema, its steps with their times and definitions. */
export interface Scenario extends Omit<ScenarioDocument, "timeline"> {
  readonly file: string;
  readonly steps: readonly Step[];
  /** As it was read, for a replay token. */
  readonly document: unknown;
  /** The line of a part of the file; 0 where there is no file. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

const FIRST_KEYS = ["fault", "heal", "operator"];

/** Reads a `*.scenario.yaml`. Names of the topology are not looked up here; see `checkNames`. Throws InputError. */
export function readScenario(text: string, file: string): Scenario {
  return scenarioFrom(parseYamlText(text, file));
}

/** A scenario from plain data that came from elsewhere (a token, a program). */
export function scenarioFromData(value: unknown, file: string): Scenario {
  return scenarioFrom({ file, value, lineOf: () => 0 });
}

function scenarioFrom(yaml: YamlText): Scenario {
  const { file } = yaml;
  const document = checkAgainst(scenarioSchema, yaml.value, yaml);
  const steps = readSteps(document.timeline, yaml, ["timeline"]);
  const scenario: Scenario = { ...document, file, steps, document: yaml.value, lineOf: yaml.lineOf };
  checkLabels(scenario);
  checkPromises(scenario);
  return scenario;
}

/**
 * Reads a list of steps that stands at `path` of a YAML text, behind steps that were read before (whose faults may be
 * healed). Returns the new ones. Throws InputError.
 */
export function readSteps(
  list: readonly unknown[],
  yaml: YamlText,
  path: readonly (string | number)[],
  earlier: readonly Step[] = [],
): readonly Step[] {
  const steps: Step[] = [...earlier];
  let beforeMs = 0;
  for (const [index, raw] of list.entries()) {
    const step = readStep(raw, [...path, index], steps, beforeMs, yaml);
    if (step.kind !== "heal" && steps.some((other) => isSameLabel(other, step)))
      throw new InputError({
        file: yaml.file,
        line: step.line,
        message: "two steps have the label",
        value: labelOf(step),
      });
    steps.push(step);
    beforeMs = step.atMs;
  }
  return steps.slice(earlier.length);
}

/** Operator commands may be repeated under their own name; a fault must be told from another to be healed. */
function isSameLabel(a: Step, b: Step): boolean {
  return labelOf(a) === labelOf(b) && !(a.kind === "operator" && b.kind === "operator");
}

function readStep(
  raw: unknown,
  path: (string | number)[],
  before: readonly Step[],
  beforeMs: number,
  yaml: YamlText,
): Step {
  const { file } = yaml;
  const line = yaml.lineOf(path);
  const place = path.join(".");
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    throw new InputError({ file, line, message: `${place} is a step: keys with values` });
  const kinds = FIRST_KEYS.filter((key) => Object.hasOwn(raw, key));
  if (kinds.length !== 1)
    throw new InputError({
      file,
      line,
      message: kinds.length === 0 ? `${place} does nothing` : `${place} does more than one thing`,
      known: FIRST_KEYS,
      knownAs: "steps",
    });
  if (kinds[0] === "heal") {
    const step = checkAgainst(healStep, raw, yaml, path);
    const of = before.findIndex((other) => other.kind === "fault" && labelOf(other) === step.heal);
    if (of < 0)
      throw new InputError({
        file,
        line: yaml.lineOf([...path, "heal"]),
        message: "no earlier fault is called",
        value: step.heal,
        known: before.flatMap((other) => (other.kind === "fault" ? [labelOf(other)] : [])),
        knownAs: "faults",
      });
    return { kind: "heal", atMs: timeOf(step, beforeMs, path, yaml), label: `heal-${step.heal}`, line, of };
  }
  return kinds[0] === "fault"
    ? readDefined(raw, path, beforeMs, yaml, "fault", faults)
    : readDefined(raw, path, beforeMs, yaml, "operator", operatorActions);
}

function readDefined(
  raw: object,
  path: (string | number)[],
  beforeMs: number,
  yaml: YamlText,
  kind: "fault" | "operator",
  registry: ReadonlyMap<string, Fault | OperatorAction>,
): Step {
  const name = (raw as Record<string, unknown>)[kind];
  const definition = typeof name === "string" ? registry.get(name) : undefined;
  if (!definition)
    throw new InputError({
      file: yaml.file,
      line: yaml.lineOf([...path, kind]),
      message: kind === "fault" ? "unknown fault" : "unknown operator command",
      value: String(name),
      known: [...registry.keys()],
      knownAs: kind === "fault" ? "faults" : "commands",
    });
  const schema = stepSchema(definition, kind);
  const step = checkAgainst(schema, raw, yaml, path) as Record<string, unknown>;
  const { at, after, as, [kind]: _, ...params } = step;
  const base: StepBase = {
    atMs: timeOf({ at, after } as Timing, beforeMs, path, yaml),
    label: (as as string | undefined) ?? definition.name,
    line: yaml.lineOf(path),
  };
  return kind === "fault"
    ? { ...base, kind, fault: definition as Fault, params }
    : { ...base, kind, action: definition as OperatorAction, params };
}

/** The schema of one step: the definition's own parameters with the keys that every step has. */
export function stepSchema(definition: Fault | OperatorAction, kind: "fault" | "operator"): z.ZodObject {
  return z.strictObject({
    ...(kind === "fault" ? faultStepKeys : operatorStepKeys),
    [kind]: z.literal(definition.name).describe(definition.summary),
    ...definition.params.shape,
  });
}

interface Timing {
  readonly at?: number | undefined;
  readonly after?: number | undefined;
}

function timeOf({ at, after }: Timing, beforeMs: number, path: (string | number)[], yaml: YamlText): number {
  if (at !== undefined && after !== undefined)
    throw new InputError({ file: yaml.file, line: yaml.lineOf(path), message: "a step has at or after, not both" });
  const atMs = at ?? beforeMs + (after ?? 0);
  if (atMs < beforeMs)
    throw new InputError({
      file: yaml.file,
      line: yaml.lineOf([...path, "at"]),
      message: `${path.join(".")} comes before the step above it`,
      value: `${atMs}ms`,
    });
  return atMs;
}

export function labelOf(step: Step): string {
  return step.label ?? (step.kind === "fault" ? step.fault.name : step.kind);
}

/** `always` and the finding's promises name promises of this scenario. */
function checkPromises({ file, lineOf, expect, finding }: Scenario): void {
  const known = [
    ...SAFETY_NAMES,
    ...expect.within.map((_, i) => `within/${i + 1}`),
    ...expect.served.map(
      ({ journey, service }) => `served/${journey === undefined ? `service/${service}` : `journey/${journey}`}`,
    ),
    ...expect.sometimes.filter(({ never }) => never).map(() => "sometimes"),
    ...(expect.steady.after ? ["steady/after"] : []),
  ];
  const check = (name: string, path: PropertyKey[], among: readonly string[]) => {
    const covers = (one: string) =>
      one === name || one.startsWith(`${name}/`) || (one.endsWith("/*") && name.startsWith(one.slice(0, -1)));
    if (among.some(covers)) return;
    throw new InputError({
      file,
      line: lineOf(path),
      message: "unknown promise",
      value: name,
      known: among,
      knownAs: "promises",
    });
  };
  if (expect.always !== "all")
    for (const [i, name] of expect.always.entries()) check(name, ["expect", "always", i], SAFETY_NAMES);
  for (const [i, name] of (finding?.promises ?? []).entries()) check(name, ["finding", "promises", i], known);
  for (const [i, item] of expect.served.entries())
    if ((item.journey === undefined) === (item.service === undefined))
      throw new InputError({
        file,
        line: lineOf(["expect", "served", i]),
        message: "a budget is for a journey or for a service",
        known: ["journey", "service"],
        knownAs: "keys",
      });
  for (const [i, item] of expect.within.entries())
    if (
      [item.served, item.resource, item.node, item.settled, item.steady].filter((one) => one !== undefined).length !== 1
    )
      throw new InputError({
        file,
        line: lineOf(["expect", "within", i]),
        message: "a deadline is for one condition",
        known: ["served", "resource", "node", "settled", "steady"],
        knownAs: "conditions",
      });
}

/** `of` and `after` in the expectations name steps. */
function checkLabels(scenario: Scenario): void {
  const labels = scenario.steps.map(labelOf);
  const check = (label: string | undefined, path: PropertyKey[]) => {
    if (label !== undefined && !labels.includes(label))
      throw new InputError({
        file: scenario.file,
        line: scenario.lineOf(path),
        message: "no step is called",
        value: label,
        known: labels,
        knownAs: "steps",
      });
  };
  for (const [i, item] of scenario.expect.within.entries()) check(item.of, ["expect", "within", i, "of"]);
  for (const [i, item] of scenario.expect.sometimes.entries()) check(item.after, ["expect", "sometimes", i, "after"]);
}
