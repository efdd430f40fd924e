import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadTopology } from "../../../scenarios/topology-files.js";

const ROOT = mkdtempSync(join(tmpdir(), "fencepost-base-"));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

const BASE = `name: below
sites: { room: {} }
racks: { rack: { site: room } }
feeds: { mains: { site: room }, spare: { site: room } }
networks: { lan: { role: api, cidr: 10.0.0.0/24 } }
switches: { switch: { rack: rack, feeds: [mains] } }
nodes:
  a: { rack: rack, feeds: [mains], files: [files/all], nics: { eth0: { network: lan, switch: switch, address: 10.0.0.1/24 } } }
  b: { rack: rack, feeds: [mains], nics: { eth0: { network: lan, switch: switch, address: 10.0.0.2/24 } } }
`;

function folder(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}

folder({
  "below/topology.yaml": BASE,
  "below/files/all/etc/hosts": "10.0.0.2 b\n",
  "below/files/all/etc/fstab": "tmpfs /dev/shm tmpfs defaults 0 0\n",
});

function load(name: string, yaml: string, files: Readonly<Record<string, string>> = {}) {
  folder({
    [`${name}/topology.yaml`]: yaml,
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`${name}/${path}`, text])),
  });
  return loadTopology(join(ROOT, name, "topology.yaml"));
}

const messages = (loaded: ReturnType<typeof load>) => (loaded.ok ? [] : loaded.errors.map(({ message }) => message));

test("a topology on a base has what the base says, with its own changes and without what is null", () => {
  const loaded = load("above", "base: ../below\nname: above\nnodes:\n  a: { feeds: [mains, spare] }\n  b: null\n");
  if (!loaded.ok) throw loaded.errors[0];
  const { name, nodes } = loaded.topology;
  expect(name).toBe("above");
  expect([...nodes.keys()]).toEqual(["a"]);
  expect(nodes.get("a")?.feeds).toEqual(["mains", "spare"]);
  expect(nodes.get("a")?.nics.map(({ name }) => name)).toEqual(["eth0"]);
});

test("of files with the same path its own count, and each is named where it lies", () => {
  const loaded = load("files-of-its-own", "base: ../below\nname: own\n", { "files/all/etc/hosts": "10.0.0.9 c\n" });
  if (!loaded.ok) throw loaded.errors[0];
  const files = loaded.topology.nodes.get("a")!.files;
  expect(files.get("/etc/hosts")).toEqual({
    text: "10.0.0.9 c\n",
    file: join(ROOT, "files-of-its-own/files/all/etc/hosts"),
  });
  expect(files.get("/etc/fstab")?.file).toBe(join(ROOT, "below/files/all/etc/fstab"));
});

test("an edit to a file of the base changes the hash of what stands on it", () => {
  const hash = () => {
    const loaded = load("hashed", "base: ../below\nname: hashed\n");
    return loaded.ok ? loaded.topology.hash : undefined;
  };
  const before = hash();
  folder({ "below/files/all/etc/fstab": "tmpfs /dev/shm tmpfs noexec 0 0\n" });
  expect(before).toBeDefined();
  expect(hash()).not.toBe(before);
});

test("an error is told with the file and line that say it", () => {
  expect(messages(load("wrong", "base: ../below\nname: wrong\nnodes:\n  a: { rack: none }\n"))).toEqual([
    expect.stringContaining(`${join(ROOT, "wrong/topology.yaml")}:4: unknown rack "none"`),
  ]);
  expect(messages(load("gone", "base: ../below\nname: gone\nracks: { rack: null }\n"))[0]).toContain(
    `${join(ROOT, "below/topology.yaml")}:`,
  );
});

test.each([
  ["/etc", "expected a folder beside"],
  ["../../etc", "expected a folder beside"],
  ["../below/../../x", "expected a folder beside"],
  ["..", "expected a folder beside"],
  ["../nowhere", "there is no topology.yaml"],
])("base: %s is refused", (base, message) => {
  const [first] = messages(load("refused", `base: ${base}\nname: refused\n`));
  expect(first).toContain(`${join(ROOT, "refused/topology.yaml")}:1: ${message}`);
});

test("a base that stands on another is refused, itself included", () => {
  expect(messages(load("self", "base: ../self\nname: self\n"))[0]).toContain("a base may stand on no other");
});
