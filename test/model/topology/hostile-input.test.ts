import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadTopologyText } from "../../../model/topology/load.js";
import { YAML_CHARACTERS_MAX } from "../../../model/topology/yaml-document.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { load, text, YAML } from "./havana.js";

const NOTHING = { list: () => undefined, read: () => undefined };
const SECOND_MS = 1_000;

/** Time of the processor, not of the clock: other tests run at the same time. */
function within<Value>(act: () => Value): Value {
  const started = process.cpuUsage();
  const value = act();
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1_000).toBeLessThan(SECOND_MS);
  return value;
}

function errorsOf(yaml: string): string[] {
  const result = within(() => loadTopologyText(yaml, "t.yaml", NOTHING));
  return result.ok ? [] : result.errors.map((error) => error.message);
}

describe("a hostile topology is refused within a second, with its place", () => {
  test("a YAML alias bomb", () => {
    const bomb = Array.from({ length: 20 }, (_, index) =>
      index === 0
        ? "a0: &a0 [x, x]"
        : `a${index}: &a${index} [${Array(9)
            .fill(`*a${index - 1}`)
            .join(", ")}]`,
    );
    expect(errorsOf(bomb.join("\n"))).toEqual(["t.yaml:13: more than 100 aliases"]);
  });

  test("many uses of one anchor", () => {
    const lines = ["a: &a [x]", ...Array.from({ length: 20_000 }, (_, index) => `k${index}: *a`)];
    expect(errorsOf(lines.join("\n"))).toEqual(["t.yaml:1002: more than 100 aliases"]);
    expect(errorsOf(lines.slice(0, 900).join("\n"))).toEqual(["t.yaml:102: more than 100 aliases"]);
  });

  test.each(["[", "{", "{a: ", "[x,", "- ", "? "])("collections opened without end: %j", (open) => {
    const yaml = `name: x\nsites: ${open.repeat(YAML_CHARACTERS_MAX / 8)}`;
    expect(errorsOf(yaml)).toEqual(["t.yaml:2: nested too deeply"]);
  });

  test("block mappings inside one another", () => {
    const yaml = Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
    expect(errorsOf(yaml)).toEqual([expect.stringMatching(/^t\.yaml:\d+: nested more than 32 deep$/)]);
  });

  test("more text than is read", () => {
    expect(errorsOf("a".repeat(YAML_CHARACTERS_MAX + 1))).toEqual([
      `t.yaml: the file has ${YAML_CHARACTERS_MAX + 1} characters; at most ${YAML_CHARACTERS_MAX} are read`,
    ]);
  });

  test("names that JavaScript gives objects are names like others, or refused", () => {
    expect(errorsOf("name: x\n__proto__: { polluted: 1 }\n")).toEqual(['t.yaml:2: unknown key "__proto__"']);
    expect(errorsOf("name: x\nsites:\n  __proto__: {}\n")).toEqual(['t.yaml:3: unknown key "__proto__"']);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const renamed = load({
      yaml: (yaml) => yaml.replaceAll("dc1: {}", "constructor: {}").replaceAll("site: dc1", "site: constructor"),
    });
    expect(renamed.ok && [...renamed.topology.sites.keys()]).toEqual(["constructor"]);
    const dangling = load({ yaml: (yaml) => yaml.replace("site: dc1", "site: toString") });
    expect(!dangling.ok && dangling.errors[0]?.message).toContain('unknown site "toString"');
  });

  test("a key twice in one mapping, however far apart", () => {
    expect(errorsOf("name: x\nsites: {}\nname: y\n")).toEqual([
      't.yaml:3: this key stands twice in its mapping: "name"',
    ]);
  });

  test("an empty file, a list, a tab", () => {
    expect(errorsOf("")).toEqual(["t.yaml:1: the file is empty"]);
    expect(errorsOf("- a\n")).toEqual([expect.stringContaining('t.yaml:1: expected a mapping, found "a list"')]);
    expect(errorsOf("name: x\nsites:\n\tdc1: {}\n")).toEqual([expect.stringMatching(/^t\.yaml:3: /)]);
  });

  test("control characters of the file do not reach the message", () => {
    const [message] = errorsOf('name: x\n"\\e[31mred\\n2": 1\n');
    expect(message).toMatch(/^t\.yaml:2: unknown key "\\u\{1b\}\[31mred\\u\{a\}2"/);
  });

  test("an XML entity bomb as a node's CIB", () => {
    const path = "files/all-lb/var/lib/pacemaker/cib/cib.xml";
    const entities = Array.from({ length: 12 }, (_, index) =>
      index === 0 ? '<!ENTITY e0 "x">' : `<!ENTITY e${index} "${`&e${index - 1};`.repeat(10)}">`,
    );
    const bomb = `<!DOCTYPE cib [${entities.join("")}]>\n${text(path).replace('value="true"', 'value="&e11;"')}`;
    const result = within(() => load({ files: { [path]: bomb } }));
    expect(!result.ok && result.errors[0]?.message).toMatch(/files\/all-lb\/var\/lib\/pacemaker\/cib\/cib\.xml:\d+: /);
  });
});

describe("files on disk", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fencepost-topology-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function onDisk(name: string): string[] {
    const result = within(() => loadTopology(join(folder, name)));
    return result.ok ? [] : result.errors.map((error) => error.message);
  }

  test("a file of 100 MB is refused by its size, without being read", () => {
    for (const name of ["large.yaml", "large.xml"]) {
      writeFileSync(join(folder, name), "name: x\n");
      truncateSync(join(folder, name), 100 * 1024 * 1024);
      expect(onDisk(name)).toEqual([
        expect.stringMatching(/large\.(yaml|xml): the file has 104857600 bytes; at most \d+ are read$/),
      ]);
    }
  });

  test("no such file, a folder instead of a file", () => {
    expect(onDisk("none.yaml")).toEqual([`${join(folder, "none.yaml")}: there is no such file`]);
    expect(onDisk("")).toEqual([`${folder}: this is a folder, no file`]);
  });

  test("a folder of files that leads out of the topology's own is refused", () => {
    mkdirSync(join(folder, "inner"));
    writeFileSync(join(folder, "secret"), "secret");
    symlinkSync(folder, join(folder, "inner", "out"));
    const yaml = (files: string) => YAML.replace("files/lb1]", `${files}]`).replaceAll("files/all,", "");
    for (const [files, message] of [
      ["../inner", "expected a folder below the topology's own, without .."],
      ["/etc", "expected a folder below the topology's own, without .."],
      ["out", "this leads out of the topology's folder"],
    ] as const) {
      writeFileSync(join(folder, "inner", "t.yaml"), yaml(files));
      expect(onDisk("inner/t.yaml").join("\n")).toContain(message);
    }
  });

  test("a file that is a link out of the topology's folder is refused", () => {
    mkdirSync(join(folder, "linked", "node", "etc"), { recursive: true });
    symlinkSync(join(folder, "secret"), join(folder, "linked", "node", "etc", "fstab"));
    writeFileSync(join(folder, "linked", "t.yaml"), YAML.replace("files/lb1]", "node]"));
    expect(onDisk("linked/t.yaml").join("\n")).toContain("node/etc/fstab: this leads out of the topology's folder");
  });
});
