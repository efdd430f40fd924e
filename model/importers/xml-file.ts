import { parseXml as parse, XmlComment, XmlElement, type XmlNode, XmlText } from "@rgrove/parse-xml";
import { MAX_XML_CHARACTERS, parseXml } from "../cluster/cib/xml.js";
import { LedgerWriter } from "./ledger.js";

/** An XML configuration file with the lines of its elements, and its ledger. */
export interface XmlFile {
  readonly root: XmlPart;
  readonly ledger: LedgerWriter;
}

/** One element. Attributes are null-prototype objects in the parser and a map here: any name is harmless. */
export interface XmlPart {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlPart[];
  readonly line: number;
  /** Lines of the start tag (also of a tag spread over several) and of the end tag. */
  readonly tagLines: readonly number[];
}

/**
 * Errors: `InputError` where it is no well-formed XML or nests too deep. A document type is refused and an entity
 * beyond XML's own five is unknown, so that none can grow.
 */
export function readXml(text: string, file: string): XmlFile {
  parseXml(text, file);
  return readCheckedXml(text, file);
}

/** The same for a text that `parseXml` has already accepted. */
export function readCheckedXml(raw: string, file: string): XmlFile {
  const ledger = new LedgerWriter(raw, file, MAX_XML_CHARACTERS);
  // The parser's offsets are those of the text without byte order mark and carriage returns.
  const text = raw.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const starts = lineStarts(text);
  const document = parse(text, { includeOffsets: true, preserveComments: true });

  const part = (element: XmlElement): XmlPart => {
    const line = lineAt(starts, element.start);
    const lastTagLine = lineAt(starts, startTagEnd(text, element.start));
    const endLine = lineAt(starts, element.end - 1);
    const tagLines = [];
    for (let at = line; at <= lastTagLine; at++) tagLines.push(at);
    if (endLine > lastTagLine) tagLines.push(endLine);
    const children: XmlPart[] = [];
    for (const child of element.children) {
      if (child instanceof XmlElement) children.push(part(child));
      else settleNode(child);
    }
    return { name: element.name, attributes: new Map(Object.entries(element.attributes)), children, line, tagLines };
  };
  const settleNode = (node: XmlNode) => {
    if (node instanceof XmlText && node.text.trim() !== "") {
      const from = lineAt(starts, node.start + node.text.length - node.text.trimStart().length);
      ledger.unrecognised(from, "text between elements");
    }
    if (node instanceof XmlComment)
      for (let at = lineAt(starts, node.start); at <= lineAt(starts, node.end - 1); at++) ledger.ignored(at, "comment");
  };
  const root = part(document.root!);
  for (const node of document.children) settleNode(node);
  ledger.lines.forEach((raw, index) => {
    if (raw.trim() === "") ledger.ignored(index + 1, "blank");
    else if (/^\s*<\?xml\s[^>]*\?>\s*$/.test(raw)) ledger.ignored(index + 1, "XML declaration");
  });
  return { root, ledger };
}

/** All lines of an element's own tags. */
export function markTags(
  ledger: LedgerWriter,
  part: XmlPart,
  status: "modelled" | "ignored" | "not-modelled",
  reason?: string,
) {
  for (const line of part.tagLines) ledger.mark(line, status, reason);
}

/** An element and everything below it. */
export function markWhole(
  ledger: LedgerWriter,
  part: XmlPart,
  status: "ignored" | "not-modelled",
  reason: string,
): void {
  markTags(ledger, part, status, reason);
  for (const child of part.children) markWhole(ledger, child, status, reason);
}

function startTagEnd(text: string, start: number): number {
  let quote = "";
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return at;
  }
  return text.length;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The 1-based line of an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
