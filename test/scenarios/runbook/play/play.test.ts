import { describe, expect, test } from "vitest";
import { playRunbook } from "../../../../scenarios/runbook/play/play.js";
import { pairPage as page, settledPage } from "../settled-page.js";

async function play(body: string, front = "") {
  const runbook = page(body, front);
  return playRunbook(settledPage(runbook), runbook);
}

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

  test("an update of the CIB that the schema refuses fails, and changes nothing", async () => {
    const update = (rsc: string) =>
      `cibadmin -C -o constraints -X '<rsc_location id="z" rsc="${rsc}" node="web1" score="1"/>'`;
    const result = await play(
      `~~~console\n# ${update("nosuch")} 2>/dev/null || echo $?\n78\n# ${update("vip")} && echo $?\n0\n~~~\n`,
    );
    expect(result.steps[0]!.problems).toEqual([]);
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
