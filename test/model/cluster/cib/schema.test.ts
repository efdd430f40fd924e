import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { GRAMMAR } from "../../../../model/cluster/cib/schema/grammar.js";
import type { XmlElement } from "../../../../model/cluster/cib/types.js";
import { writeXml } from "../../../../model/cluster/cib/write.js";
import { element, parseXml } from "../../../../model/cluster/cib/xml.js";
import { InputError } from "../../../../model/errors.js";
import { isCi, isProgramHere } from "../../../real-things.js";

/** A CIB in which every element of the grammar stands once. */
const FULL = readFileSync(new URL("full-configuration.xml", import.meta.url), "utf8");

describe("a CIB that Pacemaker's schema refuses is an error that says where", () => {
  test("the whole grammar, as it should be, is taken", () => {
    expect(() => readCib(FULL, "cib.xml")).not.toThrow();
    const there = new Set<string>();
    const note = ({ name, children }: XmlElement): void => {
      there.add(name);
      children.forEach(note);
    };
    note(parseXml(FULL, "cib.xml"));
    expect(Object.keys(GRAMMAR).filter((name) => !there.has(name))).toEqual([]);
    const named = Object.values(GRAMMAR).flatMap(({ children }) => children);
    expect(named.filter((name) => !Object.hasOwn(GRAMMAR, name))).toEqual([]);
  });

  test.each([
    [
      "a misspelt element",
      '<primitive id="b"',
      '<primitve id="b"',
      /resources cannot hold the element "primitve"; elements: primitive/,
    ],
    [
      "a misspelt attribute",
      '<op id="a-mon"',
      '<op intervall="5s" id="a-mon"',
      /op a-mon has no attribute "intervall"/,
    ],
    [
      "a score in words",
      'node="n1" score="10"',
      'node="n1" score="lots"',
      /score of rsc_location l is a whole number or INFINITY, not "lots"/,
    ],
    [
      "a kind nobody knows",
      'kind="Optional"',
      'kind="Sometimes"',
      /kind of rsc_order or .*"Sometimes"; known: Optional, Mandatory, Serialize/,
    ],
    [
      "an id given twice",
      '<primitive id="ga"',
      '<primitive id="a"',
      /primitive has the id of a primitive, of line 9, "a"/,
    ],
    ["an id with a blank", '<tag id="tg"', '<tag id="t g"', /id of tag t g begins with a letter/],
    [
      "a reference to nothing",
      'rsc="a" with-rsc="b"',
      'rsc="a" with-rsc="bb"',
      /with-rsc of rsc_colocation co names nothing in the configuration: "bb"; ids: a, b/,
    ],
    ["an operation without an interval", 'name="monitor" interval="10s"', 'name="monitor"', /op t-mon lacks interval/],
    [
      "an OCF agent without a provider",
      'provider="pacemaker" type="Stateful"',
      'type="Stateful"',
      /primitive ma lacks provider/,
    ],
    [
      "a template and a class",
      '<primitive id="b" template="t"',
      '<primitive id="b" class="ocf" template="t"',
      /primitive b has class and template: one of them is too many/,
    ],
    [
      "a group of nobody",
      '<primitive id="ga" class="ocf" provider="pacemaker" type="Dummy"/>',
      "",
      /group g lacks <primitive>/,
    ],
  ])("%s", (_, from, to, message) => {
    expect(FULL).toContain(from);
    const text = FULL.replace(from, to);
    expect(() => readCib(text, "cib.xml")).toThrow(InputError);
    expect(() => readCib(text, "cib.xml")).toThrow(message);
    expect(() => readCib(text, "cib.xml")).toThrow(/^cib\.xml:\d+: Pacemaker's schema refuses this CIB/);
    // Who asks for no validation is not refused.
    expect(() => readCib(text.replace("pacemaker-3.9", "none"), "cib.xml")).not.toThrow();
  });

  test("names of JavaScript's own are elements and attributes like others", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(() => readCib(FULL.replace("<tags>", `<${name}/><tags>`), "cib.xml")).toThrow(InputError);
      expect(() => readCib(FULL.replace("<tag ", `<tag ${name}="x" `), "cib.xml")).toThrow(InputError);
    }
  });
});

/** The tree with one element of it made another. */
function changed(root: XmlElement, at: XmlElement, to: XmlElement): XmlElement {
  if (root === at) return to;
  return element(
    root.name,
    root.attrs,
    root.children.map((child) => changed(child, at, to)),
  );
}

/** Each way in which one thing about the configuration is made wrong, or different at least. */
function* mistakes(root: XmlElement): Generator<readonly [string, XmlElement]> {
  const all: XmlElement[] = [];
  const note = (one: XmlElement): void => {
    all.push(one);
    one.children.forEach(note);
  };
  note(root.children.find(({ name }) => name === "configuration")!);
  for (const one of all) {
    const { name, attrs, children } = one;
    const where = `${name} ${attrs["id"] ?? ""}`;
    const made = (to: XmlElement): XmlElement => changed(root, one, to);
    yield [`${where} with an unknown attribute`, made(element(name, { ...attrs, colour: "red" }, children))];
    yield [`${where} with an unknown child`, made(element(name, attrs, [...children, element("colour", {})]))];
    for (const attribute of Object.keys(attrs)) {
      const { [attribute]: _, ...others } = attrs;
      yield [`${where} without ${attribute}`, made(element(name, others, children))];
      for (const value of ["1 2", "true", "cps"])
        yield [`${where} with ${attribute} ${value}`, made(element(name, { ...attrs, [attribute]: value }, children))];
    }
  }
}

/** What the program refuses and this does not: it looks at how the devices of a level are listed. */
const LENIENT = /^fencing-level fl with devices/;

describe.skipIf(!isProgramHere("crm_simulate"))("what crm_simulate takes and refuses", () => {
  const scratch = mkdtempSync(join(tmpdir(), "fencepost-schema-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const file = join(scratch, "cib.xml");
  const every = isCi ? 3 : 20;

  test("is taken and refused here, one mistake at a time", () => {
    const otherwise: string[] = [];
    let asked = 0;
    let i = 0;
    for (const [what, root] of mistakes(parseXml(FULL, "cib.xml"))) {
      if (i++ % every !== 0) continue;
      const text = writeXml(root);
      writeFileSync(file, text);
      const { status, stderr } = spawnSync("crm_simulate", ["-x", file], { encoding: "utf8" });
      const theirs = status === 78 || /validity error/.test(stderr);
      let ours = "";
      try {
        readCib(text, "cib.xml");
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        ours = error.message;
      }
      asked++;
      if (theirs !== (ours !== "") && !(theirs && LENIENT.test(what)))
        otherwise.push(`${what}: ${theirs ? "refused by the program alone" : `refused here alone: ${ours}`}`);
    }
    expect(asked).toBeGreaterThan(40);
    expect(otherwise).toEqual([]);
  }, 300_000);
});
