import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../../model/errors.js";
import { importHaproxy } from "../../../model/importers/haproxy.js";
import { isProgramHere } from "../../real-things.js";
import { exitCode, thrownBy } from "./programs.js";

const DEFAULTS = "defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 10s\n  timeout server 10s\n";

function listen(...lines: string[]): string {
  return `${DEFAULTS}listen api\n  bind :80\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function facts(text: string) {
  return importHaproxy(text, "haproxy.cfg").facts;
}

function statusOf(text: string, line: number) {
  return importHaproxy(text, "haproxy.cfg").ledger[line - 1]!.status;
}

describe("haproxy.cfg", () => {
  test("a server without settings: haproxy's defaults, each named as one", () => {
    const [api] = facts(listen("server s1 10.0.0.1:80 check")).proxies;
    expect(api!.servers[0]).toMatchObject({
      name: "s1",
      address: "10.0.0.1",
      port: 80,
      check: true,
      interMs: 2000,
      fastInterMs: 2000,
      downInterMs: 2000,
      rise: 2,
      fall: 3,
      weight: 1,
      backup: false,
      defaulted: ["interMs", "rise", "fall"],
    });
  });

  test("times in every unit: milliseconds, microseconds rounded up", () => {
    const times = ["500", "500ms", "2s", "1m", "1h", "1d", "1500us"].map((time) => {
      const [api] = facts(listen(`server s 10.0.0.1:80 check inter ${time}`)).proxies;
      return api!.servers[0]!.interMs;
    });
    expect(times).toEqual([500, 500, 2000, 60_000, 3_600_000, 86_400_000, 2]);
  });

  test("defaults: hold for the sections that follow, not for those before; a second one starts afresh", () => {
    const text = `listen first\n  bind :1\n${DEFAULTS}  retries 5\n  option redispatch\nlisten second\n  bind :2\ndefaults\nlisten third\n  bind :3\n`;
    const [first, second, third] = facts(text).proxies;
    expect([first!.retries, second!.retries, third!.retries]).toEqual([3, 5, 3]);
    expect([first!.redispatch, second!.redispatch, third!.redispatch]).toEqual([false, true, false]);
    expect(second!.timeouts).toEqual({ connectMs: 2000, clientMs: 10_000, serverMs: 10_000 });
    expect(third!.timeouts).toEqual({});
  });

  test("default-server: holds for the servers after it, a server's own word comes first", () => {
    const [api] = facts(
      listen(
        "default-server inter 1s fall 5",
        "server a 10.0.0.1:80 check",
        "server b 10.0.0.2:80 check fall 2 backup",
      ),
    ).proxies;
    expect(api!.servers.map(({ interMs, fall, backup }) => [interMs, fall, backup])).toEqual([
      [1000, 5, false],
      [1000, 2, true],
    ]);
  });

  test("bind: lists and ranges are spread out, any address is *", () => {
    const text = `${DEFAULTS}frontend f\n  bind 10.0.0.1:80,:443\n  bind [::]:8000-8002 transparent\n`;
    expect(facts(text).proxies[0]!.binds.map(({ address, port, transparent }) => [address, port, transparent])).toEqual(
      [
        ["10.0.0.1", 80, false],
        ["*", 443, false],
        ["*", 8000, true],
        ["*", 8001, true],
        ["*", 8002, true],
      ],
    );
  });

  test("old syntax of 1.4 (address behind listen, contimeout, redispatch): read", () => {
    const text =
      "defaults\n  contimeout 5000\n  clitimeout 50s\n  srvtimeout 50s\n  redispatch\nlisten api 10.0.0.1:80\n";
    const [api] = facts(text).proxies;
    expect(api).toMatchObject({
      timeouts: { connectMs: 5000, clientMs: 50_000, serverMs: 50_000 },
      redispatch: true,
      binds: [{ address: "10.0.0.1", port: 80 }],
    });
  });

  test("checks: option httpchk and its forms, http-check expect", () => {
    const check = (...lines: string[]) => facts(listen("mode http", ...lines)).proxies[0]!.check;
    expect(check()).toEqual({ kind: "tcp" });
    expect(check("option httpchk")).toMatchObject({ kind: "http", method: "OPTIONS", uri: "/" });
    expect(check("option httpchk /up")).toMatchObject({ method: "OPTIONS", uri: "/up" });
    expect(check("option httpchk GET /up", "http-check expect status 200")).toMatchObject({
      method: "GET",
      uri: "/up",
      expect: "status 200",
    });
    expect(check("option httpchk", "no option httpchk")).toEqual({ kind: "tcp" });
  });

  test("quotes, escapes and comments: words as haproxy sees them", () => {
    const [api] = facts(listen(`server "s1" 10.0.0.1:80 check # inter 1s`, "server s\\2 '10.0.0.2:80'")).proxies;
    expect(api!.servers.map(({ name, interMs }) => [name, interMs])).toEqual([
      ["s1", 2000],
      ["s2", 2000],
    ]);
  });

  test("the ledger: modelled, ignored, known to matter, unknown", () => {
    const text = listen("option redispatch", "option tcplog", "use_backend api if TRUE", "frobnicate");
    expect([8, 9, 10, 11].map((line) => statusOf(text, line))).toEqual([
      "modelled",
      "ignored",
      "not-modelled",
      "unrecognised",
    ]);
  });

  test("a section named __proto__: one like any other", () => {
    expect(facts(`${DEFAULTS}backend __proto__\n  server constructor 10.0.0.1:80\n`).proxies[0]).toMatchObject({
      name: "__proto__",
      servers: [{ name: "constructor" }],
    });
  });
});

/** Files, each with the start of our error; undefined where haproxy accepts the file, and so must we. */
const CASES: readonly (readonly [string, string, string | undefined])[] = [
  ["a plain listen", listen("server s1 10.0.0.1:80 check inter 1s rise 2 fall 3"), undefined],
  [
    "two servers of one name",
    listen("server s 10.0.0.1:80", "server s 10.0.0.2:80"),
    "haproxy.cfg:9: listen api: line 8",
  ],
  ["two listens of one name", `${listen()}listen api\n  bind :81\n`, "haproxy.cfg:8: listen: line 6"],
  [
    "frontend and backend of one name",
    `${DEFAULTS}frontend a\n  bind :80\n  default_backend a\nbackend a\n`,
    undefined,
  ],
  [
    "a backend that is missing",
    `${DEFAULTS}frontend a\n  bind :80\n  default_backend b\n`,
    'haproxy.cfg:8: frontend a: unknown backend "b"',
  ],
  [
    "use_backend that is missing",
    listen("use_backend b if TRUE"),
    'haproxy.cfg:8: listen api: unknown backend "b"; backends: api',
  ],
  ["an unknown mode", listen("mode tpc"), 'haproxy.cfg:8: listen api: unknown mode "tpc"; modes: tcp, http'],
  ["an unknown algorithm", listen("balance roundrobbin"), "haproxy.cfg:8:"],
  ["an unknown timeout", listen("timeout conect 5s"), 'haproxy.cfg:8: unknown timeout "conect"; timeouts: connect'],
  [
    "a time with a strange unit",
    listen("timeout connect 5x"),
    'haproxy.cfg:8: timeout connect: expected a time, found "5x"',
  ],
  ["a time in capitals", listen("server s 10.0.0.1:80 check inter 1S"), "haproxy.cfg:8:"],
  ["a time beyond the timers", listen("server s 10.0.0.1:80 check fastinter 25d"), "haproxy.cfg:8:"],
  ["inter 0", listen("server s 10.0.0.1:80 check inter 0"), "haproxy.cfg:8:"],
  ["inter without a value", listen("server s 10.0.0.1:80 check inter"), "haproxy.cfg:8:"],
  ["rise 0", listen("server s 10.0.0.1:80 check rise 0"), "haproxy.cfg:8:"],
  ["weight 257", listen("server s 10.0.0.1:80 weight 257"), "haproxy.cfg:8:"],
  ["raise for rise", listen("server s 10.0.0.1:80 check raise 2"), 'haproxy.cfg:8: unknown server parameter "raise"'],
  ["an unknown bind parameter", `${DEFAULTS}listen a\n  bind :80 foo\n`, "haproxy.cfg:7: unknown bind parameter"],
  ["bind without a port", `${DEFAULTS}listen a\n  bind 10.0.0.1\n`, "haproxy.cfg:7: bind: expected ADDRESS:PORT"],
  ["bind to port 0", `${DEFAULTS}listen a\n  bind :0\n`, "haproxy.cfg:7:"],
  ["a range upside down", `${DEFAULTS}listen a\n  bind :80-70\n`, "haproxy.cfg:7:"],
  ["a port beyond 65535", listen("server s 10.0.0.1:99999"), "haproxy.cfg:8:"],
  ["a check without a port", listen("server s 10.0.0.1 check"), "haproxy.cfg:8: server s: a check needs a port"],
  ["no port, no check", listen("server s 10.0.0.1"), undefined],
  ["a check on a port of its own", listen("server s 10.0.0.1 check port 90"), undefined],
  ["stick without a table", listen("stick on dst"), "haproxy.cfg:8:"],
  ["stick with its table", listen("stick-table type ip size 1k", "stick on dst"), undefined],
  [
    "stick with another's table",
    `${listen("stick on dst table t")}backend t\n  stick-table type ip size 1k\n`,
    undefined,
  ],
  ["a server in a frontend", `${DEFAULTS}frontend a\n  bind :80\n  server s 10.0.0.1:80\n`, "haproxy.cfg:8:"],
  ["a server in defaults", `${DEFAULTS}  server s 10.0.0.1:80\n`, "haproxy.cfg:6:"],
  ["a line before any section", "server s 10.0.0.1:80\n", "haproxy.cfg:1: a keyword before the first section"],
  ["a listen without a name", `${DEFAULTS}listen\n  bind :80\n`, "haproxy.cfg:6: listen: its name is missing"],
  ["a name with a slash", `${DEFAULTS}listen a/b\n  bind :80\n`, "haproxy.cfg:6:"],
  ["a quote that stays open", listen("server s '10.0.0.1:80"), "haproxy.cfg:8: a ' without its closing '"],
  ["defaults from nowhere", `${DEFAULTS}defaults x from y\n`, 'haproxy.cfg:6: unknown defaults "y"'],
  ["on-marked-down unknown", listen("server s 10.0.0.1:80 check on-marked-down foo"), "haproxy.cfg:8:"],
  [
    "backup servers and limits",
    listen("server s 10.0.0.1:80 check backup weight 0 maxconn 10 on-marked-down shutdown-sessions"),
    undefined,
  ],
  ["an unknown keyword", listen("frobnicate on"), ""],
  ["an unknown option", listen("option redispatchy"), ""],
];

const hasHaproxy = isProgramHere("haproxy");
const folder = mkdtempSync(join(tmpdir(), "fencepost-haproxy-"));
afterAll(() => rmSync(folder, { recursive: true }));

function haproxyAccepts(text: string): boolean {
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, text);
  const code = exitCode("haproxy", ["-c", "-q", "-f", file]);
  // 2: no error, but no listener either.
  return code === 0 || code === 2;
}

/** We accept a file where nothing is refused and no line is unknown to us. */
function accepted(text: string): boolean {
  try {
    return importHaproxy(text, "haproxy.cfg").ledger.every(({ status }) => status !== "unrecognised");
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

describe("bad haproxy.cfg", () => {
  test.each(CASES)("%s", (_, text, error) => {
    expect(accepted(text)).toBe(error === undefined);
    if (error) expect(thrownBy(() => importHaproxy(text, "haproxy.cfg"))).toContain(`InputError: ${error}`);
  });

  test.skipIf(!hasHaproxy)("haproxy -c: agrees on each of them", () => {
    for (const [name, text, error] of CASES) expect([name, haproxyAccepts(text)]).toEqual([name, error === undefined]);
  });

  test.skipIf(!hasHaproxy)(
    "haproxy -c, files put together at random: accepts what we accept, refuses what we refuse",
    () => {
      const line = fc.constantFrom(
        "mode http",
        "mode health2",
        "balance leastconn",
        "balance hdr(Host)",
        "retries 2",
        "maxconn 100",
        "option httpchk GET /",
        "option tcpka",
        "option redispatch",
        "no option redispatch",
        "option dontlognull",
        "timeout check 3s",
        "timeout tunnel 1h",
        "timeout queue 1y",
        "server a 10.0.0.1:80 check inter 1s fastinter 500ms downinter 5s",
        "server b 10.0.0.2:80 check rise 1 fall 1 backup",
        "server c 10.0.0.3:80 weight 300",
        "server d 10.0.0.4 check",
        "server e 10.0.0.5:+1",
        "default-server inter 3s rise 4",
        "default-server inter",
        "default_backend last",
        "default_backend lost",
        "stick on src",
        "stick-table type ip size 10k expire 30m",
        "bind 127.0.0.1:8081 name second",
        "bind 127.0.0.1",
        "stats enable",
        "stats uri /",
        "disabled",
      );
      let agreedToAccept = 0;
      fc.assert(
        fc.property(
          fc.constantFrom("listen", "frontend", "backend"),
          fc.uniqueArray(line, { maxLength: 4 }),
          (kind, lines) => {
            const bind = kind === "backend" ? "" : "  bind 127.0.0.1:8080\n";
            const text = `${DEFAULTS}${kind} first\n${bind}${lines.map((one) => `  ${one}\n`).join("")}backend last\n`;
            const ours = accepted(text);
            expect({ text, accepted: ours }).toEqual({ text, accepted: haproxyAccepts(text) });
            if (ours) agreedToAccept++;
          },
        ),
        { numRuns: 150, seed: 81 },
      );
      expect(agreedToAccept).toBeGreaterThan(30);
    },
  );
});
