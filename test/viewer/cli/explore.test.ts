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

test("a topology that is not there is a slip: exit code 2, and nothing on standard output", async () => {
  const { code, stdout, stderr } = await fencepost(["explore", "-t", "nowhere.yaml"], { cwd: newFolder() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("nowhere.yaml");
});

test("a restless cluster that reaches its bound is unknown: exit code 3", async () => {
  const args = [...PAIR_EXPLORED, "--fault", "fail-monitor", "--restless-events", "1", "-q"];
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
