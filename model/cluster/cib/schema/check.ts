import { InputError, type InputProblem } from "../../../errors.js";
import type { XmlElement } from "../types.js";
import { type ElementRule, GRAMMAR, type Holds } from "./grammar.js";

/** The schemas that this grammar is of; what follows an older one is brought to them first, and not checked. */
const CHECKED = /^pacemaker-3\.\d$/;

/**
 * Refuses a configuration that Pacemaker's schema refuses: elements, attributes and values that it does not know, what is
 * missing, ids given twice, references to nothing. Where the CIB asks for no validation (`validate-with` none or absent)
 * Pacemaker takes anything, and so does this. Throws InputError with the first trouble's place and how many there are.
 */
export function checkSchema(root: XmlElement, configuration: XmlElement, file: string): void {
  const problems = schemaProblems(root.attrs, configuration);
  const first = problems[0];
  if (!first) return;
  const others = problems.length - 1;
  const more = others === 0 ? "" : ` (and ${others} more)`;
  throw new InputError({ ...first, file, message: `Pacemaker's schema refuses this CIB${more}: ${first.message}` });
}

export type SchemaProblem = Omit<InputProblem, "file">;

/** What Pacemaker's schema has against a configuration, by line. `attrs`: those of the CIB. */
export function schemaProblems(attrs: XmlElement["attrs"], configuration: XmlElement): readonly SchemaProblem[] {
  return CHECKED.test(attrs["validate-with"] ?? "") ? problemsOf(configuration) : [];
}

function problemsOf(configuration: XmlElement): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const ids = new Map<string, XmlElement>();
  const references: { readonly element: XmlElement; readonly name: string; readonly value: string }[] = [];
  const visit = (element: XmlElement) => {
    const { line } = element;
    const rule = GRAMMAR[element.name]!;
    for (const name in element.attrs) {
      const value = element.attrs[name]!;
      const holds = Object.hasOwn(rule.attributes, name) ? rule.attributes[name] : undefined;
      const problem = attributeProblem(element, rule, name, holds);
      if (problem) problems.push(problem);
      else if (holds === "reference") references.push({ element, name, value });
      else if (holds === "id") {
        const before = ids.get(value);
        if (before) problems.push(sameId(element, before));
        else ids.set(value, element);
      }
    }
    for (const alternatives of rule.required) {
      const problem = choiceProblem(element, alternatives);
      if (problem !== undefined) problems.push({ line, message: `${who(element)} ${problem}` });
    }
    const also = rule.also?.(element);
    if (also !== undefined) problems.push({ line, message: `${who(element)} ${also}` });
    for (const child of element.children) {
      if (rule.children.includes(child.name)) visit(child);
      else
        problems.push({
          line: child.line,
          message: `${who(element)} cannot hold the element`,
          value: child.name,
          known: rule.children,
          knownAs: "elements",
        });
    }
  };
  visit(configuration);
  for (const { element, name, value } of references) {
    if (ids.has(value)) continue;
    problems.push({
      line: element.line,
      message: `${name} of ${who(element)} names nothing in the configuration:`,
      value,
      known: alike(element, name, ids),
      knownAs: "ids",
    });
  }
  return problems.sort((a, b) => a.line - b.line);
}

function sameId({ name, attrs, line }: XmlElement, before: XmlElement): SchemaProblem {
  const where = before.line > 0 ? `, of line ${before.line}` : "";
  return { line, message: `${name} has the id of a ${before.name}${where},`, value: attrs["id"]! };
}

function attributeProblem(
  element: XmlElement,
  rule: ElementRule,
  name: string,
  holds: Holds | undefined,
): SchemaProblem | undefined {
  const { line } = element;
  if (holds === undefined) {
    const known = Object.keys(rule.attributes);
    return { line, message: `${who(element)} has no attribute`, value: name, known, knownAs: "attributes" };
  }
  if (holds === "text") return undefined;
  const value = element.attrs[name]!;
  const { isGood, is } = typeof holds === "string" ? SORTS[holds] : oneOf(holds);
  if (isGood(value.trim())) return undefined;
  const known = typeof holds === "string" ? [] : holds;
  return { line, message: `${name} of ${who(element)} ${is}, not`, value, known };
}

/** How what an attribute holds is told from what it does not, and what is said of it. */
interface Sort {
  readonly isGood: (value: string) => boolean;
  readonly is: string;
}

function sort(pattern: RegExp, is: string): Sort {
  return { isGood: (value) => pattern.test(value), is };
}

/** An id as XML has it. */
const NAME = sort(/^[\p{L}_][\p{L}\p{M}\p{N}._·-]*$/u, "begins with a letter and holds letters, digits, . - and _");

const SORTS: Readonly<Record<Exclude<Extract<Holds, string>, "text">, Sort>> = {
  id: NAME,
  reference: NAME,
  boolean: sort(/^(?:true|false|1|0)$/, "is true or false"),
  integer: sort(/^[+-]?\d+$/, "is a whole number"),
  score: sort(/^[+-]?(?:\d+|INFINITY)$/, "is a whole number or INFINITY"),
};

function oneOf(words: readonly string[]): Sort {
  return { isGood: (value) => words.includes(value), is: "is one of a few words" };
}

/** What is wrong where what must be there is not, or something beside it takes its place. */
function choiceProblem(element: XmlElement, alternatives: string): string | undefined {
  const ways = alternatives.split(/[|/]/);
  const there = ways.filter((way) => isThere(element, way));
  if (there.length === 0) return `lacks ${ways.join(" or ")}`;
  if (there.length === 1 || alternatives.includes("/")) return undefined;
  return `has ${there.join(" and ")}: one of them is too many`;
}

/** `<child>` or an attribute. */
function isThere(element: XmlElement, way: string): boolean {
  return way.startsWith("<")
    ? element.children.some(({ name }) => name === way.slice(1, -1))
    : Object.hasOwn(element.attrs, way);
}

function who({ name, attrs }: XmlElement): string {
  return attrs["id"] === undefined ? name : `${name} ${attrs["id"]}`;
}

const RESOURCE_KINDS = new Set(["primitive", "group", "clone", "master", "bundle"]);

/** The ids that a reference could have meant: of resources, of templates, of roles, or of elements of its own name. */
function alike({ name: element }: XmlElement, attribute: string, ids: ReadonlyMap<string, XmlElement>) {
  const meant =
    attribute === "template"
      ? (name: string) => name === "template"
      : attribute === "id-ref"
        ? (name: string) => name === element
        : element === "role"
          ? (name: string) => name === "acl_role"
          : (name: string) => RESOURCE_KINDS.has(name);
  return [...ids].filter(([, { name }]) => meant(name)).map(([id]) => id);
}
