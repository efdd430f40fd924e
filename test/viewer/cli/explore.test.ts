import { expect, test } from "vitest";
import { fencepost, newFolder, pairFolder } from "./fencepost.js";

const PAIR_EXPLORED = ["explore", "-t", "pair/topology.yaml"];

test("a hanging monitor breaks no promise: pass, exit code 0", async () => {
  const { code, stdout } = await fencepost([...PAIR_EXPLORED, "--fault", "hang-monitor"], { cwd: pairFolder() });
  expect(stdout).toContain("✓ pass  minimal-pair, up to 1 fault");
  expect(code).toBe(0);
});

test("a lost rack breaks a promise: exit code 1, and the printed command breaks it again", async () => {
  const cwd = pairFolder();
  const { code, stdout } = await fencepost([...PAIR_EXPLORED, "--fault", "lose-rack", "-q"], { cwd });
  expect(code).toBe(1);
  expect(stdout).toContain("served-again (does not come back by itself): journey/visit");
  const command = /replay {2}fencepost (replay .+)/.exec(stdout)?.[1]?.split(" ") ?? [];
  expect(command.slice(2)).toEqual(["-t", "pair/topology.yaml"]);
  const again = await fencepost(command, { cwd });
  expect(again).toMatchObject({ code: 1, stderr: "" });
  expect(again.stdout).toContain("journey/visit");
});

test("both nodes lost together are one line of the cut sets, with what goes with them; -v names the faults by service", async () => {
  const cwd = pairFolder();
  const args = [...PAIR_EXPLORED, "--faults", "2", "--fault", "lose-node"];
  const [short, full] = await Promise.all([args, [...args, "-v"]].map((one) => fencepost(one, { cwd })));
  expect(short!.stdout).toMatch(/^Minimal cut sets \(1\)\n.*\n\n {2}node\/web1 with node\/web2 {2}journey\/visit$/m);
  expect(full!.stdout).toMatch(
    /^ {2}journey\/visit: 1 set\n {6}node\/web1 \(lose-node\) {2}with {2}node\/web2 \(lose-node\)$/m,
  );
}, 120_000);

test("a topology that is not there is a slip: exit code 2, and nothing on standard output", async () => {
  const { code, stdout, stderr } = await fencepost(["explore", "-t", "nowhere.yaml"], { cwd: newFolder() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("nowhere.yaml");
});

test("a restless cluster that reaches its bound is unknown: exit code 3", async () => {
  const args = [
    ...PAIR_EXPLORED,
    "--fault",
    "lose-switch",
    "--promise",
    "served-again/journey/visit",
    "--restless-events",
    "1",
    "-q",
  ];
  const { code, stdout } = await fencepost(args, { cwd: pairFolder() });
  expect(stdout).toMatch(/^\? unknown .*timelines were not judged: .*--restless-events raises it$/m);
  expect(code).toBe(3);
});

test("two threads find what one finds, byte for byte", async () => {
  const cwd = pairFolder();
  const args = [...PAIR_EXPLORED, "--faults", "2", "--fault", "lose-node", "--fault", "lose-arp", "--json"];
  const [one, two] = await Promise.all(["1", "2"].map((n) => fencepost([...args, "--threads", n], { cwd })));
  const { counts } = JSON.parse(one!.stdout);
  expect(counts.combinations.some(({ faults, run }: { faults: number; run: number }) => faults === 2 && run > 0)).toBe(
    true,
  );
  expect(two!.stdout).toBe(one!.stdout);
  expect(two!.code).toBe(one!.code);
}, 120_000);

test("shards of a CI matrix, merged, print what one process prints; another seed's file is refused with exit code 2", async () => {
  const cwd = pairFolder();
  const args = [...PAIR_EXPLORED, "--faults", "2", "--fault", "lose-rack", "--fault", "lose-arp"];
  const shards = await Promise.all(
    ["1/2", "2/2"].map((shard, i) => fencepost([...args, "--shard", shard, "--campaign", `${i}.jsonl`], { cwd })),
  );
  for (const { code, stdout } of shards)
    expect([code, stdout]).toEqual([1, expect.stringMatching(/, shard \d of 2: /)]);
  const one = await fencepost(args, { cwd });
  const merged = await fencepost(["merge", "0.jsonl", "1.jsonl", "-t", "pair/topology.yaml"], { cwd });
  expect(merged.stdout).toBe(one.stdout);
  expect(merged.code).toBe(1);
  const other = await fencepost([...args, "--seed", "2", "--campaign", "0.jsonl"], { cwd });
  expect(other).toMatchObject({ code: 2, stdout: "" });
  expect(other.stderr).toMatch(/^0.jsonl:1: it belongs to another campaign. --seed: the file has 1, here it is 2\n$/);
}, 180_000);
