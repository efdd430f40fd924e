import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError } from "../../model/errors.js";

/** A YAML text as plain data, with the line of every part of it. */
export interface YamlText {
  readonly file: string;
  readonly value: unknown;
  /** The 1-based line of the value at a path, or of the nearest part around it. */
  lineOf(path: readonly PropertyKey[]): number;
  /** The line of a key itself. */
  lineOfKey(path: readonly PropertyKey[], key: string): number;
}

export const YAML_CHARACTERS_MAX = 1_000_000;
const ALIASES_MAX = 100;

/** Reads YAML 1.2. Throws InputError for what is no YAML, is too long or multiplies itself by aliases. */
export function parseYamlText(text: string, file: string): YamlText {
  if (text.length > YAML_CHARACTERS_MAX)
    throw new InputError({
      file,
      line: 0,
      message: `the file has ${text.length} characters; at most ${YAML_CHARACTERS_MAX} are read`,
    });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) throw new InputError({ file, line: lines.linePos(problem.pos[0]).line, message: problem.message });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    throw new InputError({ file, line: 1, message: error instanceof Error ? error.message : String(error) });
  }
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line);

  function lineOf(path: readonly PropertyKey[]): number {
    let at: unknown = document.contents;
    let line = isNode(at) ? lineAt(at.range?.[0]) : 1;
    for (const step of path) {
      if (isMap(at)) {
        const pair = at.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
        if (!pair) return line;
        if (isNode(pair.key)) line = lineAt(pair.key.range?.[0]);
        at = pair.value;
      } else if (isSeq(at)) {
        at = at.items[Number(step)];
        if (isNode(at)) line = lineAt(at.range?.[0]);
        else if (isPair(at)) return line;
      } else return line;
    }
    return line;
  }

  return { file, value, lineOf, lineOfKey: (path, key) => lineOf([...path, key]) };
}

/** Checks data from a YAML text against a schema; the first problem is thrown with its place, value and alternatives. */
export function checkAgainst<S extends z.ZodType>(
  schema: S,
  value: unknown,
  yaml: YamlText,
  at: readonly PropertyKey[] = [],
  keys: readonly string[] = [],
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problemOf(result.error.issues[0]!, value, yaml, at, keys);
}

function problemOf(
  issue: z.core.$ZodIssue,
  whole: unknown,
  yaml: YamlText,
  at: readonly PropertyKey[],
  keys: readonly string[],
): InputError {
  const path = [...at, ...issue.path];
  const { file } = yaml;
  const place = path.length > 0 ? ` at ${path.map(String).join(".")}` : "";
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const known = issue.path.length === 0 ? keys : [];
    return new InputError({
      file,
      line: yaml.lineOfKey(path, key),
      message: `unknown key${place}`,
      value: key,
      known,
      knownAs: "keys",
    });
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, errors) =>
      depth(errors) > depth(best) || (depth(errors) === depth(best) && errors.length < best.length) ? errors : best,
    );
    if (nearest[0] && depth(nearest) > 0)
      return problemOf({ ...nearest[0], path: [...issue.path, ...nearest[0].path] }, whole, yaml, at, keys);
  }
  const refused = valueAt(whole, issue.path);
  const known = issue.code === "invalid_value" ? issue.values.map(String) : [];
  return new InputError({
    file,
    line: yaml.lineOf(path),
    message: `${issue.message}${place}`,
    ...(refused !== undefined && { value: typeof refused === "string" ? refused : JSON.stringify(refused) }),
    known,
    knownAs: "values",
  });
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
