import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { InputError } from "../errors.js";
import type { Place } from "./types.js";

/** A YAML file as plain data, with the line of every key and value. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** The place of the value at a path (its key's line for a mapping's entry); of what is nearest where there is none. */
  place(path: readonly PropertyKey[]): Place;
}

/** A YAML file larger than this is refused before it is looked at: a topology of 10,000 nodes has about 3 MB. */
export const YAML_CHARACTERS_MAX = 4 * 1024 * 1024;
const DEPTH_MAX = 32;
const ALIASES_MAX = 100;
const NESTED_MAX = 1_000;
const ERRORS_MAX = 20;

/** Reads YAML 1.2 of one document. Errors: a list of `InputError`, thrown as `YamlErrors`. */
export function readYaml(text: string, file: string): YamlDocument {
  const refuse = (line: number, message: string, value?: string): never => {
    throw new YamlErrors([new InputError({ file, line, message, ...(value === undefined ? {} : { value }) })]);
  };
  if (text.length > YAML_CHARACTERS_MAX)
    refuse(0, `the file has ${text.length} characters; at most ${YAML_CHARACTERS_MAX} are read`);
  refuseDeepBrackets(text, refuse);
  refuseManyAliases(text, refuse);
  const lines = new LineCounter();
  const document = parse(text, lines, refuse);
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line);
  if (document.errors.length > 0)
    throw new YamlErrors(
      document.errors
        .slice(0, ERRORS_MAX)
        .map((error) => new InputError({ file, line: lineAt(error.pos[0]), message: firstLine(error.message) })),
    );
  const root = document.contents;
  if (root === null) refuse(1, "the file is empty");
  refuseStrange(root as Node, (node, message, value) => refuse(lineAt(node.range?.[0]), message, value));
  return {
    file,
    value: plain(document, refuse),
    place: (path) => ({ file, line: lineAt(offsetOf(root as Node, path)) }),
  };
}

/** Everything that is wrong with the form of a YAML file. */
export class YamlErrors extends Error {
  override readonly name = "YamlErrors";
  readonly errors: readonly InputError[];

  constructor(errors: readonly InputError[]) {
    super(errors.map((error) => error.message).join("\n"));
    this.errors = errors;
  }
}

type Refuse = (line: number, message: string, value?: string) => never;

function parse(text: string, lines: LineCounter, refuse: Refuse) {
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: "1.2" });
  } catch (error) {
    // The parser recurses; a file that gets past the check of its brackets and still exhausts the stack is hostile.
    if (error instanceof RangeError) return refuse(0, "the file is nested too deeply");
    throw error;
  }
}

/** A text whose aliases multiply it is refused by the library with a ReferenceError. */
function plain(document: ReturnType<typeof parseDocument>, refuse: Refuse): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError)
      return refuse(0, "the file's aliases multiply it beyond measure");
    throw error;
  }
}

/**
 * Collections opened inside one another ([[[[…, - - - -…) cost the parser its stack and minutes. Quotes and comments
 * are not looked at: a file with a thousand brackets more opened than closed is refused all the same.
 */
function refuseDeepBrackets(text: string, refuse: Refuse): void {
  let open = 0;
  let indicators = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === "[" || character === "{") open++;
    else if (character === "]" || character === "}") open--;
    if ((character === "-" || character === "?" || character === ":") && text[index + 1] === " ") indicators++;
    else if (character !== " ") indicators = 0;
    if (open > NESTED_MAX || indicators > NESTED_MAX)
      refuse(text.slice(0, index).split("\n").length, "nested too deeply");
  }
}

/** Thousands of aliases take the parser seconds; what looks like one (": *name", "- *name") is counted beforehand. */
function refuseManyAliases(text: string, refuse: Refuse): void {
  let found = 0;
  for (const alias of text.matchAll(/[:,[-]\s{1,8}\*[^\s,\]*]/g))
    if (++found > ALIASES_MAX * 10)
      refuse(text.slice(0, alias.index).split("\n").length, `more than ${ALIASES_MAX} aliases`);
}

/** Depth, aliases and key names. One walk of the parsed document, aliases not followed. */
function refuseStrange(root: Node, refuse: (node: Node, message: string, value?: string) => never): void {
  let aliases = 0;
  const walk = (node: unknown, depth: number, open: readonly string[]): void => {
    if (node === null || node === undefined) return;
    const here = node as Node;
    if (depth > DEPTH_MAX) refuse(here, `nested more than ${DEPTH_MAX} deep`);
    if (isAlias(here)) {
      if (++aliases > ALIASES_MAX) refuse(here, `more than ${ALIASES_MAX} aliases`);
      if (open.includes(here.source)) refuse(here, "this alias stands inside what it names", here.source);
      return;
    }
    const anchor = (here as { anchor?: string }).anchor;
    const within = anchor === undefined ? open : [...open, anchor];
    if (isMap(here)) {
      const seen = new Set<string>();
      for (const pair of here.items) {
        const key = pair.key;
        if (!isScalar(key)) refuse(here, "a key must be a plain word");
        else {
          const name = String(key.value);
          if (name === "__proto__") refuse(key, "unknown key", name);
          if (seen.has(name)) refuse(key, "this key stands twice in its mapping:", name);
          seen.add(name);
        }
        walk(pair.value, depth + 1, within);
      }
    } else if (isSeq(here)) for (const item of here.items) walk(item, depth + 1, within);
    else if (isPair(here)) walk((here as Pair).value, depth + 1, within);
  };
  walk(root, 0, []);
}

/** Where a path points: the key of a mapping's entry, else the item of a list. */
function offsetOf(root: Node, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = root;
  let offset = root.range?.[0];
  for (const step of path) {
    if (isMap(node)) {
      const pair = entries(node).get(String(step));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      const item = node.items[step] as Node | undefined;
      if (item === undefined) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}

const entriesOf = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function entries(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = entriesOf.get(map);
  if (known !== undefined) return known;
  const made = new Map(map.items.map((item) => [String((item.key as Scalar).value), item as Pair]));
  entriesOf.set(map, made);
  return made;
}

function firstLine(message: string): string {
  const end = message.indexOf("\n");
  return end === -1 ? message : message.slice(0, end);
}
