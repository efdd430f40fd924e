import { expect, test } from "vitest";
import type { TraceEntry } from "../../model/kernel/index.js";
import type { PromiseResult } from "../../model/verdict/types.js";
import { readScenario } from "../../scenarios/file/read-scenario.js";
import { judge } from "../../scenarios/runner/judge.js";
import { witness } from "../../scenarios/runner/witness.js";

const scenario = (finding = "") =>
  readScenario(
    `name: x\ntitle: x\ntopology: t.yaml\ntimeline: [{ fault: lose-node, node: n }]\n${finding}`,
    "x.scenario.yaml",
  );
const finding = 'finding: { promises: [one-writer], text: "fencing is off" }\n';
const result = (name: string, kind: PromiseResult["kind"], status: PromiseResult["status"]): PromiseResult => ({
  name,
  kind,
  status,
});
const good = [result("steady/before", "steady", "kept"), result("quorate-start", "always", "kept")];

test("every promise kept is a pass", () => {
  expect(judge(scenario(), good, [])).toMatchObject({ verdict: "pass", unknowns: [] });
});

test("a broken promise is a fail that names it", () => {
  const results = [...good, { ...result("one-writer", "always", "broken"), atMs: 1_500, evidence: "a and b write" }];
  expect(judge(scenario(), results, [])).toMatchObject({
    verdict: "fail",
    because: "one-writer at 1.5s: a and b write",
  });
});

test("an expected finding that was found is a pass with its text, one that was not found a fail", () => {
  const found = [...good, result("one-writer", "always", "broken")];
  expect(judge(scenario(finding), found, [])).toMatchObject({ verdict: "pass", finding: "fencing is off" });
  expect(judge(scenario(finding), good, [])).toMatchObject({ verdict: "fail" });
});

test("beside an expected finding any other broken promise is a fail", () => {
  const found = [...good, result("one-writer", "always", "broken"), result("start-order", "always", "broken")];
  expect(judge(scenario(finding), found, [])).toMatchObject({ verdict: "fail", because: "start-order" });
});

test("a steady state that did not hold before is unknown, whatever came after", () => {
  const results = [result("steady/before", "steady", "broken"), result("one-writer", "always", "broken")];
  expect(judge(scenario(), results, [])).toMatchObject({ verdict: "unknown" });
});

test("a bound that was reached or a witness that was not seen is unknown, never a pass", () => {
  expect(judge(scenario(), good, ["the bound was reached"])).toMatchObject({ verdict: "unknown" });
  const unseen = [...good, result("sometimes/fence", "sometimes", "not-exercised")];
  expect(judge(scenario(), unseen, [])).toMatchObject({ verdict: "unknown" });
});

test("a witness sees the first entry that matches all it names, from its step on", () => {
  const entry = (subject: string, what: string): TraceEntry => ({
    id: 1,
    atMs: 0,
    cause: 0,
    kind: "fence",
    subject,
    what,
  });
  const one = witness({ subject: "resource/db/*@mysql2", what: "start ok" }, 1);
  one.look(entry("resource/db/vip@mysql2", "start ok"), 0);
  one.look(entry("resource/db/vip@mysql1", "start ok"), 1);
  one.look(entry("resource/db/vip@mysql2", "stop ok"), 1);
  expect(one.seen).toBeUndefined();
  one.look(entry("resource/db/vip@mysql2", "start ok"), 1);
  expect(one.seen?.subject).toBe("resource/db/vip@mysql2");
});

test("a star in a witness's subject does not let its ends overlap", () => {
  const one = witness({ subject: "ab*ba" }, -1);
  one.look({ id: 1, atMs: 0, cause: 0, kind: "note", subject: "aba", what: "x" }, 0);
  expect(one.seen).toBeUndefined();
});
