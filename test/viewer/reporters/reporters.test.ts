import { parseXml } from "@rgrove/parse-xml";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunRecord, Verdict } from "../../../model/verdict/types.js";
import { githubReporter, githubStepSummary } from "../../../viewer/reporters/github.js";
import { jsonReporter } from "../../../viewer/reporters/json.js";
import { junitReporter } from "../../../viewer/reporters/junit.js";
import { exitCodeOf, type ReportContext } from "../../../viewer/reporters/reporter.js";
import { terminalReporter } from "../../../viewer/reporters/terminal.js";

const context: ReportContext = { color: false, verbose: true, quiet: false };

function verdict(over: Partial<Verdict> = {}): Verdict {
  return {
    version: 1,
    name: "lose-mysql1",
    title: "The active database node is lost",
    file: "scenarios/lose-mysql1.scenario.yaml",
    verdict: "pass",
    because: "every promise was kept",
    outagesMs: { "journey/horizon-login": 38_200 },
    recoveryMs: 41_000,
    promises: [{ name: "the database is served again", kind: "within", status: "kept" }],
    assumptions: ["InnoDB recovery takes 20 s (default)"],
    unknowns: [],
    seed: 7,
    replay: "fp1.abc",
    endedAtMs: 600_000,
    events: 312,
    ...over,
  };
}

function record(...verdicts: Verdict[]): RunRecord {
  return {
    version: 1,
    fencepost: "0.1.0",
    topology: { name: "havana", file: "topology.yaml", hash: "0123456789abcdef" },
    scenarios: verdicts.map((one) => ({
      verdict: one,
      trace: [
        { id: 1, atMs: 2_000, cause: 0, kind: "fault", subject: "node/mysql1", what: "lost" },
        {
          id: 2,
          atMs: 2_000,
          cause: 1,
          kind: "state",
          subject: "node/mysql1",
          what: "POWER_LOST",
          from: "up",
          to: "off",
        },
        {
          id: 3,
          atMs: 41_000,
          cause: 2,
          kind: "service",
          subject: "service/database",
          what: "served",
          text: one.because,
        },
      ],
    })),
  };
}

const failed = verdict({
  verdict: "fail",
  because: "horizon-login was out for too long",
  promises: [{ name: "log in", kind: "served", status: "broken", atMs: 30_000, evidence: "38.2 s of 30 s" }],
});
const unknown = verdict({ verdict: "unknown", because: "the bound of 10,000 events was reached", unknowns: ["bound"] });
const waived = verdict({
  verdict: "fail",
  waived: { reason: "moving in May", owner: "db team", expires: "2027-05-01" },
});

describe("the exit code", () => {
  test("is 1 with a failure, 3 with an unknown or with nothing run, 0 with passes, findings and waivers", () => {
    expect(exitCodeOf(record(failed, unknown))).toBe(1);
    expect(exitCodeOf(record(verdict(), unknown))).toBe(3);
    expect(exitCodeOf(record())).toBe(3);
    expect(exitCodeOf(record(verdict(), verdict({ finding: "NFS is a single point of failure" }), waived))).toBe(0);
  });
});

describe("the terminal reporter", () => {
  test("says what was felt, why a failure failed, and the line that plays it again", () => {
    const text = terminalReporter.render(record(verdict(), failed, unknown), context);
    expect(text).toContain("journey/horizon-login 38.2 s");
    expect(text).toContain("38.2 s of 30 s");
    expect(text).toContain("fencepost replay fp1.abc");
    expect(text).toContain("3 scenarios: 1 passed, 1 failed, 1 unknown");
  });

  test("never sends a name's control characters to the terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const text = terminalReporter.render(
          record(verdict({ name, because: name, finding: name }), verdict({ verdict: "fail", because: name })),
          context,
        );
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
        expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/);
      }),
    );
  });
});

describe("the junit reporter", () => {
  test("tells fail as failure, unknown as error, waived as skipped, and is XML whatever the names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const xml = junitReporter.render(
          record(verdict({ name, because: name }), verdict({ ...failed, name }), unknown, waived),
          context,
        );
        const suite = parseXml(xml).root!.children.find((child) => child.type === "element") as unknown as {
          attributes: Record<string, string>;
        };
        expect(suite.attributes).toMatchObject({ tests: "4", failures: "1", errors: "1", skipped: "1" });
      }),
    );
  });
});

describe("the github reporter", () => {
  test("writes nine annotations and one that counts the rest", () => {
    const lines = githubReporter
      .render(record(...Array.from({ length: 14 }, () => failed)), context)
      .trim()
      .split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[9]).toContain("5 more");
  });

  test("keeps a name from becoming a command or a table cell", () => {
    const hostile = "a::error::b\n::add-mask::x | <b>";
    const text = githubReporter.render(record({ ...failed, name: hostile, because: hostile }), context);
    expect(text.trim().split("\n")).toHaveLength(1);
    expect(githubStepSummary(record({ ...failed, name: hostile }))).not.toContain("<b>");
  });
});

describe("the json reporter", () => {
  test("lists the scenarios with verdict, recovery and outages", () => {
    const { version, scenarios } = JSON.parse(jsonReporter.render(record(verdict(), failed), context)) as {
      version: number;
      scenarios: Verdict[];
    };
    expect(version).toBe(1);
    expect(scenarios[1]).toMatchObject({
      name: "lose-mysql1",
      verdict: "fail",
      recoveryMs: 41_000,
      outagesMs: { "journey/horizon-login": 38_200 },
    });
  });
});
