import { expect, test } from "vitest";
import { playRunbook } from "../../../scenarios/runbook/play/play.js";
import { RunbookRecorder } from "../../../viewer/page/runbook-recorder.js";
import { pairPage, settledPage } from "../../scenarios/runbook/settled-page.js";

test("a runbook's page holds its steps on the run's clock, beside the trace, the places and the promises", async () => {
  const runbook = pairPage(
    "~~~sh\npcs resource move web web1\ncrm_resource --wait\n~~~\n\n~~~console\n# hostname\nweb9\n~~~\n\n~~~sh\ntrue\n~~~\n",
    "before:\n  - { fault: lose-node, node: web1, as: lost }\n  - { after: 5m, heal: lost }\nnoticed: 1m\noutages:\n  - { journey: visit, outage: 1m }\n",
  );
  const settled = settledPage(runbook);
  const recorder = new RunbookRecorder();
  const result = await playRunbook(settled, runbook, { onlooker: recorder.onlooker(settled, runbook.text) });
  const { index, grounds, runs } = recorder.pageData([result], "0.0.0");
  const [run] = runs;
  expect(index.runs[0]).toMatchObject({ id: run!.id, standing: "fail", because: expect.stringContaining("web9") });
  expect(grounds.map(({ id }) => id)).toEqual([run!.ground]);
  const { beganMs, doneMs, steps, text } = run!.runbook!;
  expect(beganMs).toBe(6 * 60_000);
  expect(steps[0]!.fromMs).toBe(beganMs);
  expect(steps[1]!.fromMs).toBe(steps[0]!.toMs);
  expect(steps.map(({ status }) => status)).toEqual(["ok", "failed", "not played"]);
  expect([steps[2]!.fromMs, steps[1]!.toMs]).toEqual([undefined, doneMs]);
  expect(steps[1]!.problems[0]).toMatchObject({ kind: "output", atMs: doneMs });
  expect(text.split("\n")[steps[1]!.line - 1]).toBe("```console");
  // The same clock: the fault at 0, the move in the first step, and the places that it led to.
  expect(run!.trace.find(({ kind }) => kind === "fault")!.atMs).toBe(0);
  const move = run!.trace.find(({ kind, text: told }) => kind === "operator" && told?.includes("resource move"))!;
  expect(move.atMs).toBe(beganMs + 20_000);
  const place = run!.places.findLast(({ resource, role }) => resource === "site" && role === "Started")!;
  expect(place.node).toBe("web1");
  expect(place.atMs).toBeGreaterThan(move.atMs);
  expect(place.atMs).toBeLessThanOrEqual(steps[0]!.toMs!);
  expect(run!.endMs).toBe(doneMs + 120_000);
  expect(run!.promises.find(({ name }) => name === "served/journey/visit")).toMatchObject({ budgetMs: 60_000 });
});
