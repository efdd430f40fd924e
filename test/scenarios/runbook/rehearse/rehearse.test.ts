import { describe, expect, test } from "vitest";
import { readRunbook } from "../../../../scenarios/runbook/page/read-runbook.js";
import { updatedText } from "../../../../scenarios/runbook/page/update.js";
import { playRunbook } from "../../../../scenarios/runbook/play/play.js";
import { playMatrix } from "../../../../scenarios/runbook/rehearse/matrix.js";
import { mutateRunbook } from "../../../../scenarios/runbook/rehearse/mutate.js";
import { playTwice, rollBacks, sheetOf } from "../../../../scenarios/runbook/rehearse/rehearse.js";
import { pairPage as page, settledPage } from "../settled-page.js";

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
