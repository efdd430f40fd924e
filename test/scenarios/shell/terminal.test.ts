import { describe, expect, test } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { Twins } from "../../../scenarios/run.js";
import { Terminal } from "../../../scenarios/shell/terminal.js";
import { WorldHandle } from "../../../scenarios/shell/world-handle.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology("fixtures/minimal-pair/topology.yaml");
if (!loaded.ok) throw loaded.errors[0];
const settled = new Twins({ scheduler }).settle(loaded.topology);

function terminal(eventsMax?: number): Terminal {
  return new Terminal(new WorldHandle(settled.twin, settled.base, eventsMax === undefined ? {} : { eventsMax }));
}

describe("a shell of a node", () => {
  test("working directory, variables, functions and the exit code stay from line to line", async () => {
    const shell = terminal();
    await shell.type("web1", "cd /etc; x='a b'; greet() { echo hi $1; }");
    await shell.type("web1", "false");
    const { stdout } = await shell.type("web1", 'echo $? "$x"; pwd; greet you');
    expect(stdout).toBe("1 a b\n/etc\nhi you\n");
  });

  test("another node's shell has its own", async () => {
    const shell = terminal();
    await shell.type("web1", "x=1; cd /etc");
    expect((await shell.type("web2", "echo .$x; pwd; hostname")).stdout).toBe(".\n/root\nweb2\n");
  });

  test("sleep and date are the twin's, and $RANDOM repeats", async () => {
    const [a, b] = [terminal(), terminal()];
    const line = "date +%s; sleep 90; date +%s; echo $RANDOM $((RANDOM % 10)) $SECONDS";
    const said = (await a.type("web1", line)).stdout;
    const [before, after] = said.split("\n").map(Number);
    expect(after! - before!).toBe(90);
    expect(a.handle.elapsedMs).toBe(90_000);
    expect((await b.type("web1", line)).stdout).toBe(said);
    expect(said).toMatch(/ 90\n$/);
  });

  test("an edit of a file stays on its node, in the twin", async () => {
    const shell = terminal();
    await shell.type("web1", "sed -i s/eth0/eth9/ /etc/sysconfig/network-scripts/ifcfg-eth0; echo new > /etc/motd");
    const { twin, run } = shell.handle;
    expect(twin.files.read(run, "web1", "/etc/sysconfig/network-scripts/ifcfg-eth0")).toContain("eth9");
    expect(twin.files.read(run, "web1", "/etc/motd")).toBe("new\n");
    expect(twin.files.read(run, "web2", "/etc/motd")).toBeUndefined();
  });

  test("a command that is not modelled says so and is remembered", async () => {
    const shell = terminal();
    const { stderr, exitCode } = await shell.type("web1", "yum -y update && echo done");
    expect([stderr, exitCode]).toEqual(["yum: this command is not modelled\n", 127]);
    expect(shell.handle.notModelled.map(({ text }) => text)).toEqual(["the command yum"]);
  });

  test("an option that is not modelled says so, where it is hidden as well", async () => {
    const shell = terminal();
    await shell.type("web1", "crm_mon --as-html=/tmp/x >/dev/null 2>&1 || true");
    expect(shell.handle.notModelled.map(({ text }) => text)).toEqual(["crm_mon --as-html"]);
  });

  test("a pipe over pcs status works on Pacemaker's own words", async () => {
    const { stdout } = await terminal().type("web1", "pcs status | awk '/Started/ {print $1, $2, $NF}' | sort");
    expect(stdout).toContain("* vip web1");
  });

  test("timeout ends a wait in virtual time with 124", async () => {
    const shell = terminal();
    expect((await shell.type("web1", "timeout 5 sleep 1000; echo $?")).stdout).toBe("124\n");
    expect(shell.handle.elapsedMs).toBe(5_000);
  });
});

describe("a hostile line", () => {
  test.each([
    ["a fork bomb", ":(){ :|:& };:"],
    ["an endless loop", "while true; do sleep 1; done"],
    ["an endless loop that does nothing", "while :; do :; done"],
    ["gigabytes of output", "while true; do printf '%1000000s' x; done"],
    ["recursion", "f() { f; }; f"],
    ["a huge brace expansion", "echo {1..100000000}"],
    ["everything removed", "rm -rf / --no-preserve-root; rm -rf /*"],
    [
      "a string that doubles itself",
      "x=$(printf 'a%.0s' {1..10000}); for i in 1 2 3 4 5 6 7 8 9 10 11 12; do x=$x$x; done",
    ],
  ])("%s ends within its bounds and harms nothing", async (_, line) => {
    const shell = terminal(100_000);
    const { stdout } = await shell.type("web1", line);
    expect(stdout.length).toBeLessThan(4_000_000);
    // The next line is typed as if nothing had happened.
    expect((await shell.type("web2", "echo alive")).stdout).toBe("alive\n");
  });

  test("files of the host and the network are out of reach", async () => {
    const shell = terminal();
    const { stdout } = await shell.type(
      "web1",
      "cat /etc/passwd /proc/self/environ ../../../../../../etc/shadow 2>&1; ls /home; cat $PWD/package.json 2>&1; curl -m 3 http://198.51.100.7/ 2>&1; env",
    );
    expect(stdout).not.toMatch(/root:x:0|fencepost"|NODE|npm_/);
  });
});
