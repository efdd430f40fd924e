import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { draw } from "../../../model/kernel/random.js";
import { isCi, isProgramHere } from "../../real-things.js";
import { environment, fencepost, MAIN, newFolder, pairFolder } from "./fencepost.js";
import { RedisServer } from "./redis-server.js";

/** How often a worker is killed in all. */
const KILLS = isCi ? 100 : 3;
const WORKERS = 2;
const SEED = 7;
const EXPLORE = ["explore", "-t", "pair/topology.yaml", "--faults", "2", "--json"];
const VOCABULARY = ["lose-node", "partition", "kill-process"].flatMap((name) => ["--fault", name]);

describe.skipIf(!isProgramHere("redis-server"))("a queue over Redis", () => {
  let redis: RedisServer;
  let cwd: string;
  beforeAll(async () => {
    redis = await RedisServer.start(newFolder());
    cwd = pairFolder();
  });
  afterAll(() => redis?.stop());
  const lease = ["--lease", "1s"];
  const workerArgs = () => ["worker", "-t", "pair/topology.yaml", "--queue", redis.address, "--threads", "1", ...lease];

  test(
    `workers killed ${KILLS} times and Redis twice, the results are those of one process`,
    async () => {
      let draws = 0;
      const random = () => draw(SEED, 1, draws++);
      let kills = 0;
      let restarts = 0;
      // An exploration that is through before enough were killed is followed by one with another seed.
      for (let seed = 1; seed === 1 || kills < KILLS; seed++) {
        const args = [...EXPLORE, ...VOCABULARY, "--seed", String(seed)];
        const one = await fencepost([...args, "--threads", "1"], { cwd });
        let ended = false;
        const queued = fencepost([...args, "--queue", redis.address, ...lease], { cwd }).finally(() => {
          ended = true;
        });
        const post = async () => {
          while (!ended) {
            const worker = spawn(process.execPath, [MAIN, ...workerArgs()], { cwd, env: environment() });
            const gone = once(worker, "exit");
            await Promise.race([said(worker, "working on"), gone]);
            if (kills < KILLS) await Promise.race([pause(random() * 1_500), gone, queued]);
            else await Promise.race([gone, queued]);
            if (!ended) kills++;
            worker.kill("SIGKILL");
            await gone;
          }
        };
        const chaos = async () => {
          while (!ended && restarts < 2) {
            if (kills >= (KILLS / 3) * (restarts + 1)) {
              restarts++;
              await redis.restart();
            }
            await pause(50);
          }
        };
        const [result] = await Promise.all([queued, chaos(), ...Array.from({ length: WORKERS }, post)]);
        expect(result.stdout).toBe(one.stdout);
        expect(result.code).toBe(one.code);
      }
      expect(restarts).toBe(2);
      expect(kills).toBeGreaterThanOrEqual(KILLS);
    },
    isCi ? 1_500_000 : 600_000,
  );

  test("work for another topology or version is refused: exit code 2", async () => {
    const exploring = spawn(process.execPath, [MAIN, ...EXPLORE, "--fault", "lose-arp", "--queue", redis.address], {
      cwd,
      env: environment(),
    });
    const client = new Redis(redis.address);
    try {
      while ((await client.hlen("fencepost:wanted")) === 0) await pause(50);
      const other = ["worker", "--queue", redis.address, "-t", "pair/files/all/var/lib/pacemaker/cib/cib.xml"];
      const { code, stdout, stderr } = await fencepost(other, { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/the work there is not for this worker\. topology: there minimal-pair \(\w{16}\), here /);
      // A job that somebody else put there is looked at, not trusted.
      // Both workers have a queue; only one was given work.
      const [name = ""] = await client.keys("fencepost:explore-*:id");
      const key = name.replace(/:id$/, "");
      const data = JSON.stringify({ campaign: { set: ["../../etc/passwd"] }, unit: { kind: "rm", first: -1 } });
      await client.hset(`${key}:evil`, { name: "single", data, opts: "{}", timestamp: "1", delay: "0", priority: "0" });
      await client.lpush(`${key}:wait`, "evil");
      await client.zadd(`${key}:marker`, 0, "0");
      const worker = await fencepost([...workerArgs(), "--idle", "3s"], { cwd });
      expect(worker.code).toBe(0);
      expect(await client.hget(`${key}:evil`, "failedReason")).toMatch(/this is no unit of work/);
    } finally {
      exploring.kill("SIGKILL");
      client.disconnect();
    }
  }, 120_000);

  test.each([
    ["http://127.0.0.1", "--queue: expected redis://HOST:PORT or rediss://HOST:PORT\n"],
    ["redis://somebody:secret@127.0.0.1:1", "redis://127.0.0.1:1: Redis cannot be used: ECONNREFUSED\n"],
  ])(
    "an address where no Redis is, %s, is a slip: exit code 2, and no password is shown",
    async (address, message) => {
      for (const args of [["worker", "-t", "pair/topology.yaml"], EXPLORE])
        expect(await fencepost([...args, "--queue", address], { cwd })).toEqual({
          code: 2,
          stdout: "",
          stderr: message,
        });
    },
    120_000,
  );
});

function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((done) => {
    let heard = "";
    child.stderr?.on("data", (chunk) => {
      heard += chunk;
      if (heard.includes(text)) done();
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
