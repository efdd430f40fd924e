import { describe, expect, test } from "vitest";
import { playMatrix } from "../../../scenarios/runbook/matrix.js";
import { mutateRunbook } from "../../../scenarios/runbook/mutate.js";
import { playRunbook } from "../../../scenarios/runbook/play.js";
import { readRunbook } from "../../../scenarios/runbook/read-runbook.js";
import { playTwice, rollBacks, sheetOf } from "../../../scenarios/runbook/rehearse.js";
import { updatedText } from "../../../scenarios/runbook/update.js";
import { settledPage } from "./settled-page.js";

const FENCE = "```";

function page(body: string, front = "") {
  const text = `---\ntopology: topology.yaml\nnode: web1\nsettle: 2m\n${front}---\n\n# A page\n\n${body.replaceAll("~~~", FENCE)}\n`;
  return readRunbook(text, "fixtures/minimal-pair/page.md");
}

async function play(body: string, front = "") {
  const runbook = page(body, front);
  return playRunbook(settledPage(runbook), runbook);
}

const MOVE = `
~~~console
[root@web1 ~]# pcs resource move web web2
[root@web1 ~]# crm_resource --wait
~~~

~~~console
[root@web1 ~]# crm_resource --locate --resource site
resource site is running on: web2
~~~

~~~console
[root@web1 ~]# pcs resource clear web
~~~

## Roll back

~~~console
[root@web1 ~]# pcs resource move web web1
[root@web1 ~]# crm_resource --wait
[root@web1 ~]# pcs resource clear web
~~~
`;

describe("a runbook that is played", () => {
  test("state goes from step to step, time is virtual, and the same seed gives the same result", async () => {
    const body = "~~~sh\nx=5; cd /etc\n~~~\n\n~~~console\n# sleep 90; echo $x $(pwd)\n5 /etc\n~~~\n";
    const [a, b] = [await play(body), await play(body)];
    expect(a.verdict).toBe("pass");
    expect(a.durationMs).toBe(2 * 20_000 + 90_000);
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  });

  test("output that does not come fails on the line of the page, and the operator stops", async () => {
    const result = await play("~~~console\n# hostname\nweb2\n~~~\n\n~~~sh\necho never\n~~~\n");
    expect(result.verdict).toBe("fail");
    expect(result.steps[0]!.problems[0]).toMatchObject({ kind: "output", line: 11 });
    expect(result.steps[1]!.status).toBe("not played");
  });

  test("a command that is not modelled makes it unknown, never pass", async () => {
    const result = await play("~~~sh\nyum -y update || true\n~~~\n");
    expect(result.verdict).toBe("unknown");
    expect(result.unknowns).toEqual(["line 9: not modelled: the command yum"]);
  });

  test("a step on a node that is off is impossible when it comes", async () => {
    const result = await play(
      "~~~sh web2\nuptime\n~~~\n",
      "before:\n  - { fault: lose-node, node: web2 }\nnoticed: 5s\n",
    );
    expect(result.steps[0]!.problems[0]!.kind).toBe("impossible");
  });

  test("a move that is never cleared is told at the step that made it", async () => {
    const result = await play("~~~sh\npcs resource move web web2\ncrm_resource --wait\n~~~\n\n~~~sh\ntrue\n~~~\n");
    expect(result.verdict).toBe("fail");
    expect(result.steps[0]!.problems[0]!.text).toBe("it leaves the constraint cli-prefer-web in cluster web behind");
  });

  test("a placeholder that nobody knows is refused with its line and the known ones", () => {
    const runbook = page("~~~sh\nping -c 1 {{standby_wbe}}\n~~~\n");
    return expect(playRunbook(settledPage(runbook), runbook)).rejects.toThrow(
      /page\.md:10: unknown placeholder.*standby_web/s,
    );
  });

  test("a hostile page ends within its bounds and is unknown", async () => {
    const result = await play("~~~sh\nwhile true; do sleep 3600; done\n~~~\n");
    expect(result.verdict).toBe("unknown");
    expect(result.because).toMatch(/bound/);
  });
});

describe("a runbook that is rehearsed", () => {
  const runbook = page(MOVE, "holds:\n  - { steady: true }\nmatrix:\n  pairs: [[web1, web2]]\n");

  test("mutants that leave the constraint or skip the move are found, with the check that is missing", async () => {
    const { mutants, score } = await mutateRunbook(settledPage(runbook), runbook);
    const harmful = mutants.filter(({ outcome }) => outcome === "harmful");
    expect(harmful).toContainEqual(
      expect.objectContaining({
        kind: "skipped",
        missing: "at the end: see that the constraint cli-prefer-web in cluster web is gone",
      }),
    );
    expect(score).toBeLessThan(1);
  });

  test("its roll-back reaches the baseline from each step, so there is no point of no return", async () => {
    const { rollBacks: backs, noReturn } = await sheetOf(settledPage(runbook), runbook);
    expect(backs.map(({ reaches }) => reaches)).toEqual(["baseline", "baseline", "baseline"]);
    expect(noReturn).toBeUndefined();
  });

  test("a roll-back that forgets the constraint is told with what it leaves", async () => {
    const worse = page(MOVE.replace(/\[root@web1 ~\]# pcs resource clear web\n~~~\n$/, "~~~\n"));
    const [first] = await rollBacks(settledPage(worse), worse);
    expect(first!.reaches).toBe("not");
    expect(first!.because[0]).toContain("cli-prefer-web");
  });

  test("typed twice it does no harm, and what reads otherwise is told", async () => {
    const { isIdempotent, otherwise } = await playTwice(settledPage(runbook), runbook);
    expect(isIdempotent).toBe(true);
    expect(otherwise.map(({ text }) => text).join()).toMatch(/already as requested/);
  });

  test("with the pair's nodes exchanged it passes as well", async () => {
    const cells = await playMatrix(settledPage(runbook), runbook);
    expect(cells.map(({ pair, result }) => [pair, result.because])).toEqual([
      ["", "3 steps were possible when they came and did what the page says"],
      ["web1 ↔ web2", "3 steps were possible when they came and did what the page says"],
    ]);
  });

  test("--update puts in what came and leaves what matches", async () => {
    const old = page("~~~console\n# hostname\nweb9\n# date +%Y\n2[..]\n~~~\n");
    const result = await playRunbook(settledPage(old), old, { keepGoing: true });
    const text = updatedText(old, result);
    expect(text).toContain("# hostname\nweb1\n# date +%Y\n2[..]\n");
    const fresh = readRunbook(text, old.file);
    expect((await playRunbook(settledPage(fresh), fresh)).verdict).toBe("pass");
  });
});
