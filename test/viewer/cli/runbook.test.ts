import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fencepost, newFolder, pairFolder } from "./fencepost.js";

function page(body: string, front = ""): string {
  return `---\ntopology: pair/topology.yaml\nnode: web1\nsettle: 1m\n${front}---\n\n# A page\n\n${body.replaceAll("~~~", "```")}\n`;
}

const GOOD = page("Look first.\n\n~~~console\n# hostname\nweb1\n~~~\n");
const BAD = page("Look first.\n\n~~~console\n# hostname\nweb9\n~~~\n\n~~~sh\ntrue\n~~~\n");
const UNKNOWN = page("Update.\n\n~~~sh\nyum -y update\n~~~\n");

async function runbook(text: string, ...args: readonly string[]) {
  const cwd = pairFolder({ "page.md": text });
  return { cwd, ...(await fencepost(["runbook", "page.md", ...args], { cwd })) };
}

describe("fencepost runbook", () => {
  test("a page that holds: exit code 0, its steps and the interfaces it takes", async () => {
    const { code, stdout, stderr } = await runbook(GOOD);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^✓ pass {5}page {2}1 step in 20.0 s; nobody noticed$/m);
    expect(stdout).toContain("1 interface to hold in mind: Linux");
  });

  test("a step that fails: exit code 1, a JUnit testcase a step, annotations on the page's lines", async () => {
    const { code, cwd, stdout } = await runbook(
      BAD,
      "--reporter",
      "junit",
      "--reporter",
      "github",
      "--output-file",
      "junit.xml",
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error file=page\.md,line=13,title=page%3A output::"web9" did not come/m);
    const xml = readFileSync(join(cwd, "junit.xml"), "utf8");
    expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1"');
    expect(xml.match(/<testcase /g)).toHaveLength(3);
  });

  test("what is not modelled: exit code 3, never a pass", async () => {
    const { code, stdout } = await runbook(UNKNOWN);
    expect(code).toBe(3);
    expect(stdout).toContain("not modelled: the command yum");
  });

  test("a slip in the page: exit code 2, its place, nothing on standard output, nothing half-written", async () => {
    const { code, cwd, stdout, stderr } = await runbook(page("~~~sh nowhere\ntrue\n~~~\n"), "--reporter", "html");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/page\.md:\d+: unknown node.*nowhere.*web1/s);
    expect(existsSync(join(cwd, "fencepost-runbook.html"))).toBe(false);
  });

  test("--reporter html writes one page with the steps in it; --json the same as data", async () => {
    const { cwd, stdout } = await runbook(GOOD, "--json", "--reporter", "html");
    expect(JSON.parse(stdout).runbooks[0]).toMatchObject({ name: "page", verdict: "pass" });
    expect(readFileSync(join(cwd, "fencepost-runbook.html"), "utf8")).toMatch(/^<!doctype html>.*data-run-0/s);
  });

  test("--sheet is the go/no-go sheet, and --update rewrites what a page shows", async () => {
    const { code, cwd, stdout } = await runbook(BAD, "--sheet");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^# Go\/no-go: A page$/m);
    expect(stdout).toContain("Interfaces to hold in mind: ");
    await fencepost(["runbook", "page.md", "--update"], { cwd });
    expect(readFileSync(join(cwd, "page.md"), "utf8")).toContain("# hostname\nweb1\n");
    expect((await fencepost(["runbook", "page.md"], { cwd })).code).toBe(0);
  });

  test("a hostile page harms nothing and ends within its bounds: unknown", async () => {
    const hostile = [
      ":(){ :|:& };:",
      "rm -rf / --no-preserve-root",
      "while true; do printf '%1000000s' x; done",
      "cat /proc/self/environ ../../../../etc/passwd $(pwd)/package.json",
      "curl -m 2 http://198.51.100.7/ || true",
      "while true; do sleep 3600; done",
    ];
    const body = hostile.map((line) => `~~~sh\n${line}\n~~~\n`).join("\n");
    const { code, cwd, stdout } = await runbook(page(body), "--keep-going", "-v");
    expect([1, 3]).toContain(code);
    expect(stdout.length).toBeLessThan(8_000_000);
    expect(stdout).not.toMatch(/root:x:0:0|PATH=.*node_modules/);
    expect(existsSync(join(cwd, "pair/topology.yaml"))).toBe(true);
  }, 120_000);
});

describe("fencepost shell", () => {
  test("lines from a pipe are typed, time waits for :wait, and the history is a runbook that passes", async () => {
    const cwd = pairFolder();
    const typed = ["hostname", "pcs status nodes", ":wait 5m", ":node web2", "hostname", ":save session.md", ":quit"];
    const { code, stdout } = await shell(cwd, typed.join("\n"));
    expect(code).toBe(0);
    expect(stdout).toContain("Pacemaker Nodes:");
    expect(readFileSync(join(cwd, "session.md"), "utf8")).toContain("[root@web2 ~]# hostname\nweb2");
    expect((await fencepost(["runbook", "session.md"], { cwd })).code).toBe(0);
  });

  test("a topology that is not there: exit code 2", async () => {
    const { code, stderr } = await fencepost(["shell", "-t", "nowhere.yaml"], { cwd: newFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain("nowhere.yaml");
  });
});

function shell(cwd: string, lines: string) {
  return fencepost(["shell", "-t", "pair/topology.yaml"], { cwd, input: `${lines}\n` });
}
