import { describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { writeXml } from "../../../../model/cluster/cib/write.js";
import { MAX_XML_DEPTH, parseXml } from "../../../../model/cluster/cib/xml.js";
import { InputError } from "../../../../model/errors.js";

function trouble(text: string): InputError {
  try {
    parseXml(text, "cib.xml");
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error("accepted");
}

describe("reading XML", () => {
  test.each([
    ["an empty file", "  \n", 0, "empty"],
    ["text that is no XML", "no cib here", 0, "not XML"],
    ["a file that stops between tags", "<cib>\n <configuration>\n  <nodes/>\n", 4, "truncated: 2 elements"],
    ["a file that stops inside a tag", "<cib>\n <node id='1", 2, "truncated: a tag"],
    ["a file that stops inside a comment", "<cib>\n\n<!-- half", 3, "truncated: a comment"],
    ["a document type with entities", '<!DOCTYPE a [<!ENTITY b "x">]>\n<a>&b;</a>', 1, "document type"],
    ["an entity that nobody declared", "<cib>\n&bomb;</cib>", 2, "not well-formed"],
    ["tags that do not match", "<a>\n<b></a></b>", 2, "not well-formed"],
    ["an attribute twice", "<a>\n<b x='1' x='2'/></a>", 2, "not well-formed"],
  ])("%s is refused with its line", (_, text, line, words) => {
    const error = trouble(text);
    expect(error.line).toBe(line);
    expect(error.text).toContain(words);
  });

  test("nesting without end is refused before it reaches the parser", () => {
    expect(trouble("<a>".repeat(100_000)).text).toContain(`deeper than ${MAX_XML_DEPTH}`);
  });

  test("an attribute named __proto__ is an attribute like any other", () => {
    const e = parseXml('<a __proto__="x"><b constructor="y"/></a>', "a.xml");
    expect(Object.keys(e.attrs)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    expect(writeXml(e)).toContain('__proto__="x"');
  });

  test("lines are those of the start tags", () => {
    const e = parseXml('<?xml version="1.0"?>\n<!-- <a> > -->\n<a\n x=">">\n <b/>\n\n <c/></a>', "a.xml");
    expect([e.line, ...e.children.map((c) => c.line)]).toEqual([3, 5, 7]);
  });

  test("what is written is read again the same, special characters too", () => {
    const e = parseXml("<a v='&lt;&amp;&quot;&#10;&#9;é'><b/></a>", "a.xml");
    expect(parseXml(writeXml(e), "b.xml").attrs["v"]).toBe('<&"\n\té');
  });

  test("a file that is no CIB says what it is", () => {
    expect(() => readCib("<corosync/>", "x.xml")).toThrow(/x\.xml:1: not a CIB.*"corosync"/);
    expect(() => readCib("<cib>\n</cib>", "x.xml")).toThrow(/without a configuration/);
  });
});
