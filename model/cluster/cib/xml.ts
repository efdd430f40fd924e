import { type XmlElement as ParsedElement, parseXml as parse, XmlError } from "@rgrove/parse-xml";
import { InputError } from "../../errors.js";
import type { XmlElement } from "./types.js";

/** Larger than any CIB that a cluster could distribute; bounds the memory that a file can ask for. */
export const MAX_XML_CHARACTERS = 64 * 1024 * 1024;
/** A CIB nests about a dozen deep; rules may nest in rules. */
export const MAX_XML_DEPTH = 200;

/** (Not frozen: going through what is frozen in some elements and not in others is several times slower.) */
const NO_CHILDREN: readonly XmlElement[] = [];

/**
 * Reads XML text into elements; text content, comments and processing instructions are dropped, as a CIB holds none
 * that mean anything. A document type declaration is refused, so no entity can be declared. Throws InputError with the
 * line of the trouble.
 */
export function parseXml(text: string, file: string): XmlElement {
  if (text.length > MAX_XML_CHARACTERS) {
    throw new InputError({ file, line: 0, message: `larger than ${MAX_XML_CHARACTERS} characters` });
  }
  checkShape(text, file);
  let root: ParsedElement | null;
  try {
    root = parse(text, { includeOffsets: true }).root;
  } catch (error) {
    if (error instanceof XmlError) {
      throw new InputError({ file, line: error.line, message: `not well-formed XML: ${firstLine(error.message)}` });
    }
    if (error instanceof Error)
      throw new InputError({ file, line: 0, message: `not XML: ${firstLine(error.message)}` });
    throw error;
  }
  if (!root) throw new InputError({ file, line: 0, message: "no XML element" });
  return convert(root, new Conversion(text));
}

/** The parser speaks of the whole excerpt after its message; the message and its line are enough. */
function firstLine(message: string): string {
  const cut = message.split("\n", 1)[0]!;
  return cut.replace(/ \(line \d+, column \d+\)$/, "");
}

/** What converting a document shares: the line of an offset, and one string a name. */
class Conversion {
  private line = 1;
  /** Where the present line ends. */
  private end: number;
  private readonly text: string;
  private readonly names = new Map<string, string>();
  constructor(text: string) {
    this.text = text;
    this.end = this.endFrom(0);
  }
  /** The same string for the same name, so that comparing names compares no letters. */
  shared(name: string): string {
    const known = this.names.get(name);
    if (known === undefined) this.names.set(name, name);
    return known ?? name;
  }
  /** Offsets must not decrease. */
  at(offset: number): number {
    while (this.end < offset) {
      this.line++;
      this.end = this.endFrom(this.end + 1);
    }
    return this.line;
  }
  private endFrom(start: number): number {
    const found = this.text.indexOf("\n", start);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }
}

function convert(parsed: ParsedElement, lines: Conversion): XmlElement {
  const line = lines.at(parsed.start);
  let children: XmlElement[] | undefined;
  for (const node of parsed.children) {
    if (node.type !== "element") continue;
    children ??= [];
    children.push(convert(node as ParsedElement, lines));
  }
  return {
    name: lines.shared(parsed.name),
    attrs: copyAttrs(parsed.attributes),
    children: children ?? NO_CHILDREN,
    line,
  };
}

/**
 * Attributes inherit nothing, so that no name in a file finds anything but an attribute; and unlike an object without
 * prototype, one that inherits from an empty object is laid out by shape, which makes reading it several times faster.
 */
const INHERITS_NOTHING: object = Object.freeze(Object.create(null) as object);

export function noAttrs(): Record<string, string> {
  return Object.create(INHERITS_NOTHING) as Record<string, string>;
}

/** As many names as may be assigned to an object one by one: with a few more, V8 lays it out as a dictionary. */
const FEW_ATTRS = 12;

function copyAttrs(attrs: Readonly<Record<string, string>>): Record<string, string> {
  const copy = noAttrs();
  let count = 0;
  for (const name in attrs) {
    const value = attrs[name]!;
    if (++count <= FEW_ATTRS) copy[name] = value;
    else Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** Refuses what would hurt the parser, before it runs: a DOCTYPE, nesting without end, a file that stops half-way. */
function checkShape(text: string, file: string): void {
  let depth = 0;
  let seen = false;
  let at = text.indexOf("<");
  if (at < 0) throw new InputError({ file, line: 0, message: text.trim() === "" ? "empty file" : "not XML" });
  while (at >= 0) {
    const next = text.charCodeAt(at + 1);
    let end: number;
    if (next === 0x21 /* ! */) {
      if (text.startsWith("<!--", at)) end = text.indexOf("-->", at + 4) + 2;
      else if (text.startsWith("<![CDATA[", at)) end = text.indexOf("]]>", at + 9) + 2;
      else refuse(text, file, at, "a document type declaration is not accepted");
      if (end < 3) refuse(text, file, at, "truncated: a comment or CDATA section is not closed");
    } else if (next === 0x3f /* ? */) {
      end = text.indexOf("?>", at + 2) + 1;
      if (end < 1) refuse(text, file, at, "truncated: a processing instruction is not closed");
    } else {
      end = tagEnd(text, at);
      if (end < 0) refuse(text, file, at, "truncated: a tag is not closed");
      if (next === 0x2f /* / */) depth--;
      else if (text.charCodeAt(end - 1) !== 0x2f) depth++;
      seen = true;
      if (depth > MAX_XML_DEPTH) refuse(text, file, at, `elements nest deeper than ${MAX_XML_DEPTH}`);
    }
    at = text.indexOf("<", end);
  }
  if (seen && depth > 0)
    refuse(text, file, text.length, `truncated: ${depth} element${depth === 1 ? " is" : "s are"} not closed`);
}

function refuse(text: string, file: string, offset: number, message: string): never {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  throw new InputError({ file, line, message });
}

function tagEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x3e /* > */) return i;
    if (c === 0x22 /* " */ || c === 0x27 /* ' */) {
      i = text.indexOf(c === 0x22 ? '"' : "'", i + 1);
      if (i < 0) return -1;
    }
  }
  return -1;
}

const NO_ATTRS: Readonly<Record<string, string>> = Object.freeze(noAttrs());

/** An element made by the program; attributes that are undefined are left out. */
export function element(
  name: string,
  attrs: Readonly<Record<string, string | undefined>> = NO_ATTRS as Record<string, string>,
  children: readonly XmlElement[] = NO_CHILDREN,
  line = 0,
): XmlElement {
  const kept = noAttrs();
  for (const key in attrs) {
    const value = attrs[key];
    if (value !== undefined) kept[key] = value;
  }
  return { name, attrs: kept, children, line };
}

/** The element with other children; itself where they are the same. */
export function withChildren(e: XmlElement, children: readonly XmlElement[]): XmlElement {
  if (children.length === e.children.length && children.every((c, i) => c === e.children[i])) return e;
  return { name: e.name, attrs: e.attrs, children, line: e.line };
}

/** The element with other attributes. Undefined ones are left out. */
export function withAttrs(e: XmlElement, attrs: Readonly<Record<string, string | undefined>>): XmlElement {
  return element(e.name, attrs, e.children, e.line);
}

/** The first child of a name. */
export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  if (parent) for (const c of parent.children) if (c.name === name) return c;
  return undefined;
}

export function childrenNamed(parent: XmlElement | undefined, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  if (parent) for (const c of parent.children) if (c.name === name) found.push(c);
  return found;
}
