import type { z } from "zod";
import { InputError } from "../../model/errors.js";
import { readYaml, YamlErrors } from "../../model/topology/yaml-document.js";
import { keysAt } from "./schema-keys.js";

/** A YAML text as plain data, with the line of every part of it. */
export interface YamlText {
  readonly file: string;
  readonly value: unknown;
  /** The 1-based line of the value at a path, or of the nearest part around it. */
  lineOf(path: readonly PropertyKey[]): number;
}

export const YAML_CHARACTERS_MAX = 1_000_000;

/** Reads YAML 1.2. Throws InputError for what is no YAML, is too long or multiplies itself by aliases. */
export function parseYamlText(text: string, file: string): YamlText {
  if (text.length > YAML_CHARACTERS_MAX)
    throw new InputError({
      file,
      line: 0,
      message: `the file has ${text.length} characters; at most ${YAML_CHARACTERS_MAX} are read`,
    });
  try {
    const { value, place } = readYaml(text, file);
    return { file, value, lineOf: (path) => place(path).line };
  } catch (error) {
    if (error instanceof YamlErrors && error.errors[0]) throw error.errors[0];
    throw error;
  }
}

/** Checks data from a YAML text against a schema; the first problem is thrown with its place, value and alternatives. */
export function checkAgainst<S extends z.ZodType>(
  schema: S,
  value: unknown,
  yaml: YamlText,
  at: readonly PropertyKey[] = [],
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problemOf(likeliest(result.error.issues), { schema, value }, yaml, at);
}

/** A key that nobody knows is likelier the slip than the one that is missing for it. */
function likeliest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  return issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
}

function problemOf(
  issue: z.core.$ZodIssue,
  whole: { readonly schema: z.ZodType; readonly value: unknown },
  yaml: YamlText,
  at: readonly PropertyKey[],
): InputError {
  const path = [...at, ...issue.path];
  const { file } = yaml;
  const place = path.length > 0 ? ` at ${path.map(String).join(".")}` : "";
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    return new InputError({
      file,
      line: yaml.lineOf([...path, key]),
      message: `unknown key${place}`,
      value: key,
      known: keysAt(whole.schema, issue.path),
      knownAs: "keys",
    });
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, errors) =>
      depth(errors) > depth(best) || (depth(errors) === depth(best) && errors.length < best.length) ? errors : best,
    );
    if (depth(nearest) > 0) {
      const inside = likeliest(nearest);
      return problemOf({ ...inside, path: [...issue.path, ...inside.path] }, whole, yaml, at);
    }
  }
  const refused = valueAt(whole.value, issue.path);
  if (issue.code === "invalid_type" && refused === undefined && path.length > 0)
    return new InputError({ file, line: yaml.lineOf(path), message: `${path.map(String).join(".")} is missing` });
  const known = issue.code === "invalid_value" ? issue.values.map(String) : [];
  return new InputError({
    file,
    line: yaml.lineOf(path),
    message: `${messageOf(issue)}${place}`,
    ...(refused !== undefined && { value: typeof refused === "string" ? refused : JSON.stringify(refused) }),
    known,
    knownAs: "values",
  });
}

/** YAML's words for the types of data. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return "unknown value";
  return issue.message;
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}
