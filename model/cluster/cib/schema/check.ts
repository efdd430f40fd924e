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
    const rule = ruleOf(element.name)!;
    for (const name in element.attrs) {
      const value = element.attrs[name]!;
      const holds = Object.hasOwn(rule.attributes, name) ? rule.attributes[name] : undefined;
      const problem = attributeProblem(element, rule, name, value, holds);
      if (problem) problems.push(problem);
      else if (holds === "reference") references.push({ element, name, value });
      else if (holds === "id") {
        const before = ids.get(value);
        if (before) {
          const line = before.line > 0 ? `, of line ${before.line}` : "";
          problems.push({
            line: element.line,
            message: `${element.name} has the id of a ${before.name}${line},`,
            value,
          });
        } else ids.set(value, element);
      }
    }
    for (const alternatives of rule.required) {
      const message = choiceProblem(element, alternatives);
      if (message !== undefined) problems.push({ line: element.line, message });
    }
    const also = rule.also?.(element);
    if (also !== undefined) problems.push({ line: element.line, message: `${element.name}${named(element)} ${also}` });
    for (const child of element.children) {
      if (rule.children.includes(child.name) && ruleOf(child.name)) visit(child);
      else
        problems.push({
          line: child.line,
          message: `${element.name}${named(element)} cannot hold the element`,
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
      message: `${name} of ${element.name}${named(element)} names nothing in the configuration:`,
      value,
      known: alike(element, name, ids),
      knownAs: "ids",
    });
  }
  return problems.sort((a, b) => a.line - b.line);
}

function ruleOf(name: string): ElementRule | undefined {
  return Object.hasOwn(GRAMMAR, name) ? GRAMMAR[name] : undefined;
}

function attributeProblem(
  element: XmlElement,
  rule: ElementRule,
  name: string,
  value: string,
  holds: Holds | undefined,
): SchemaProblem | undefined {
  const { line } = element;
  if (holds === undefined) {
    const known = Object.keys(rule.attributes);
    return {
      line,
      message: `${element.name}${named(element)} has no attribute`,
      value: name,
      known,
      knownAs: "attributes",
    };
  }
  if (isGood(value, holds)) return undefined;
  const known = typeof holds === "string" ? [] : holds;
  return { line, message: `${name} of ${element.name}${named(element)} ${wanted(holds)}, not`, value, known };
}

/** What XML allows as an id: letters, digits and .-_ after a letter or an underscore. */
const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}._·-]*$/u;
const BOOLEANS = ["true", "false", "1", "0"];

function isGood(value: string, holds: Holds): boolean {
  if (typeof holds !== "string") return holds.includes(value.trim());
  if (holds === "id" || holds === "reference") return NAME.test(value.trim());
  if (holds === "boolean") return BOOLEANS.includes(value.trim());
  if (holds === "integer") return /^[+-]?\d+$/.test(value.trim());
  if (holds === "score") return /^[+-]?(?:\d+|INFINITY)$/.test(value.trim());
  return true;
}

function wanted(holds: Holds): string {
  if (typeof holds !== "string") return "is one of a few words";
  if (holds === "boolean") return "is true or false";
  if (holds === "score") return "is a whole number or INFINITY";
  return holds === "integer" ? "is a whole number" : "begins with a letter and holds letters, digits, . - and _";
}

/** Whether what must be there is, and nothing beside it that takes its place. */
function choiceProblem(element: XmlElement, alternatives: string): string | undefined {
  const ways = alternatives.split(/[|/]/);
  const there = ways.filter((way) => isThere(element, way));
  if (there.length === 0) return `${element.name}${named(element)} lacks ${ways.join(" or ")}`;
  if (there.length === 1 || alternatives.includes("/")) return undefined;
  return `${element.name}${named(element)} has ${there.join(" and ")}: one of them is too many`;
}

/** `<child>` or an attribute. */
function isThere(element: XmlElement, way: string): boolean {
  return way.startsWith("<")
    ? element.children.some(({ name }) => name === way.slice(1, -1))
    : Object.hasOwn(element.attrs, way);
}

function named({ attrs }: XmlElement): string {
  return attrs["id"] === undefined ? "" : ` ${attrs["id"]}`;
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
