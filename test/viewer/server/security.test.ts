import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { usePairServer } from "./pair-server.js";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request with headers that `fetch` would not let one set. */
function ask(port: number, path: string, { headers = {}, method = "GET", body = "" } = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => done({ status: response.statusCode!, headers: response.headers, body: text }));
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

describe("a server on loopback", () => {
  const pair = usePairServer();
  const json = { "content-type": "application/json" };

  test("serves the page with a policy that runs its own script alone, framed by nobody", async () => {
    const { status, headers } = await ask(pair().port, "/");
    expect(status).toBe(200);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-powered-by"]).toBeUndefined();
  });

  test("does not answer to a name that is not its own: a name made to point here reaches nothing", async () => {
    for (const host of ["evil.example", "evil.example:80", `evil.example:${pair().port}`, "127.0.0.1:1"])
      expect((await ask(pair().port, "/api/index", { headers: { host } })).status, host).toBe(421);
    expect((await ask(pair().port, "/api/index", { headers: { host: `localhost:${pair().port}` } })).status).toBe(200);
  });

  test("refuses what another site's page asks for", async () => {
    const body = JSON.stringify({ seen: 0 });
    const origins = [
      "http://evil.example",
      "null",
      `http://127.0.0.1:${pair().port + 1}`,
      `https://127.0.0.1:${pair().port}`,
    ];
    for (const origin of origins)
      expect(
        (await ask(pair().port, "/api/live/undo", { method: "POST", headers: { ...json, origin }, body })).status,
        origin,
      ).toBe(403);
    const headers = { ...json, "sec-fetch-site": "cross-site" };
    expect((await ask(pair().port, "/api/live/undo", { method: "POST", headers, body })).status).toBe(403);
    expect(pair().session.run.change).toBe(0);
    const elsewhere = { "sec-fetch-site": "cross-site" };
    expect((await ask(pair().port, "/api/runs/run-0", { headers: elsewhere })).status).toBe(403);
    expect((await ask(pair().port, "/", { headers: elsewhere })).status).toBe(200);
  });

  test("reads no file by a name in a request", async () => {
    const paths = [
      "/../package.json",
      "/..%2f..%2fpackage.json",
      "/api/runs/..%2f..%2fpackage.json",
      "/api/grounds/%2fetc%2fpasswd",
      "/page.js/../../../package.json",
    ];
    for (const path of paths) {
      const { status, body } = await ask(pair().port, path);
      expect(status, path).toBe(404);
      expect(body).not.toContain("fencepost@");
    }
  });

  test("bounds what it reads: too long a body, no JSON, and steps that do not exist are the asker's mistakes", async () => {
    const post = (body: string, headers: Record<string, string> = json) =>
      ask(pair().port, "/api/live/act", { method: "POST", headers, body });
    expect((await post("x".repeat(100_000))).status).toBe(413);
    expect((await post("{")).status).toBe(400);
    expect((await post("{}", { "content-type": "text/plain" })).status).toBe(400);
    const wrong = { seen: 0, atMs: 0, steps: [{ kind: "fault", name: "lose-everything", params: {} }] };
    const { status, body } = await post(JSON.stringify(wrong));
    expect(status).toBe(400);
    expect(body).toContain("unknown fault");
    const shadowed = { seen: 0, atMs: 0, steps: [{ kind: "fault", name: "lose-node", params: { node: "web9" } }] };
    expect((await post(JSON.stringify(shadowed))).body).toContain("unknown node");
  });

  test("says wait to who asks too often", async () => {
    const answers = await Promise.all(Array.from({ length: 400 }, () => ask(pair().port, "/api/nothing")));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });
});

describe("a server on another address", () => {
  const TOKEN = "a-token-of-some-length";
  const pair = usePairServer({ token: TOKEN });

  test("asks for its token, takes it once from the address, and keeps it in a cookie that scripts cannot read", async () => {
    const { port } = pair();
    expect((await ask(port, "/")).status).toBe(401);
    expect((await ask(port, "/api/index?token=wrong")).status).toBe(401);
    const { status, headers } = await ask(port, `/?token=${TOKEN}`);
    expect(status).toBe(303);
    expect(headers["location"]).toBe("/");
    const [cookie] = headers["set-cookie"] as string[];
    expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect((await ask(port, "/", { headers: { cookie: cookie!.split(";")[0]! } })).status).toBe(200);
    expect((await ask(port, "/api/index", { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });
});
