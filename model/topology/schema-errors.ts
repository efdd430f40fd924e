import type { z } from "zod";
import { InputError } from "../errors.js";
import { nearestFirst } from "./nearest.js";
import type { YamlDocument } from "./yaml-document.js";

type Issue = z.core.$ZodIssue;
const ERRORS_MAX = 50;

/** A schema's complaints with their places in the file and the keys or words that would have been understood. */
export function schemaErrors(issues: readonly Issue[], schema: z.ZodType, document: YamlDocument): InputError[] {
  // A misspelt key is also missing under its right name: the misspelling first.
  const order = (issue: Issue) => (issue.code === "unrecognized_keys" ? 0 : 1);
  return [...issues]
    .sort((left, right) => order(left) - order(right))
    .slice(0, ERRORS_MAX)
    .flatMap((issue) => issueErrors(issue, schema, document));
}

function issueErrors(issue: Issue, schema: z.ZodType, document: YamlDocument): InputError[] {
  const at = (path: readonly PropertyKey[]) => document.place(path);
  const where = issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  const value = valueAt(document.value, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map(
        (key) =>
          new InputError({
            ...at([...issue.path, key]),
            message: `${where}unknown key`,
            value: key,
            known: nearestFirst(key, keysAt(schema, issue.path)),
            knownAs: "keys",
          }),
      );
    case "invalid_key":
      return [
        new InputError({
          ...at(issue.path),
          message: issue.issues[0]?.message ?? "this name is not allowed",
          value: String(issue.path.at(-1)),
        }),
      ];
    case "invalid_value":
      return [
        new InputError({
          ...at(issue.path),
          message: `${where}${value === undefined ? "missing" : "unknown value"}`,
          ...shown(value),
          known: nearestFirst(String(value), issue.values.map(String)),
          knownAs: "values",
        }),
      ];
    case "invalid_type":
      if (value === undefined) return [new InputError({ ...at(issue.path.slice(0, -1)), message: `${where}missing` })];
      return [
        new InputError({
          ...at(issue.path),
          message: `${where}expected ${EXPECTED[issue.expected] ?? issue.expected}, found`,
          value: kindOf(value),
        }),
      ];
    case "invalid_union":
      return [new InputError({ ...at(issue.path), message: `${where}expected another form`, ...shown(value) })];
    default:
      return [new InputError({ ...at(issue.path), message: `${where}${issue.message}, found`, ...shown(value) })];
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "text",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  int: "a whole number",
  boolean: "true or false",
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "nothing";
  return typeof value === "object" ? "a mapping" : String(value);
}

function shown(value: unknown): { value?: string } {
  if (value === undefined) return {};
  return { value: typeof value === "object" ? kindOf(value) : String(value) };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return here;
}

/** The keys that a strict object of the schema has at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: SchemaDefinition | undefined = definition(schema);
  for (const step of path) {
    if (here === undefined) return [];
    if (here.type === "object") here = definition(here.shape?.[String(step)]);
    else if (here.type === "record") here = definition(here.valueType);
    else if (here.type === "array") here = definition(here.element);
    else return [];
  }
  return here?.type === "object" ? Object.keys(here.shape ?? {}) : [];
}

interface SchemaDefinition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
}

/** zod's own description of a schema, optionality unwrapped. */
function definition(schema: z.ZodType | undefined): SchemaDefinition | undefined {
  const found = schema?.def as unknown as SchemaDefinition | undefined;
  return found?.type === "optional" ? definition(found.innerType) : found;
}
