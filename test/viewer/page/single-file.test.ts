import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunRecord } from "../../../model/verdict/types.js";
import { unpacked } from "../../../viewer/page/columns.js";
import type { PageIndex, RunData } from "../../../viewer/page/page-data.js";
import { htmlReporter } from "../../../viewer/reporters/html/page.js";

const context = { color: false, verbose: false, quiet: false };

function record(name: string): RunRecord {
  return {
    version: 1,
    fencepost: "0.1.0",
    topology: { name, file: "topology.yaml", hash: "0123456789abcdef" },
    scenarios: [
      {
        verdict: {
          version: 1,
          name,
          title: name,
          file: "a.scenario.yaml",
          verdict: "fail",
          because: name,
          outagesMs: { [name]: 38_200 },
          promises: [{ name, kind: "served", status: "broken", evidence: "out for 38.2s of at most 30s" }],
          assumptions: [],
          unknowns: [],
          seed: 7,
          replay: "fp1.abc",
          endedAtMs: 600_000,
          events: 3,
        },
        trace: [{ id: 1, atMs: 0, cause: 0, kind: "fault", subject: name, what: "lost" }],
      },
    ],
  };
}

function blockOf<T>(html: string, id: string): T {
  const packed = new RegExp(`<script type="application/x-fencepost" id="data-${id}">([A-Za-z0-9+/=]+)</script>`).exec(
    html,
  );
  return unpacked(JSON.parse(inflateSync(Buffer.from(packed![1]!, "base64")).toString("utf8"))) as T;
}

describe("the page as one file", () => {
  test("holds names as packed data alone, whatever they are, and gives them back unchanged", () => {
    const names = fc.oneof(
      fc.constantFrom("<script>alert(1)</script>", '"><img src=x onerror=y>', "\u202Eabc", "x".repeat(10_000), "]]>"),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(names, (name) => {
        const html = htmlReporter.render(record(name), context);
        expect(html.match(/<script/g)).toHaveLength(4);
        expect(html).not.toContain("<img");
        expect(blockOf<PageIndex>(html, "index").runs[0]!.title).toBe(JSON.parse(JSON.stringify(name)));
        expect(blockOf<RunData>(html, "run-0").trace[0]!.subject).toBe(JSON.parse(JSON.stringify(name)));
      }),
      { numRuns: 40 },
    );
  });

  test("allows no request and no script but its own", () => {
    const html = htmlReporter.render(record("a"), context);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[^']+';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test("is ASCII throughout, with what the first picture needs before the script and the other runs after it", () => {
    const two = record("Überfluß → 東京");
    const [scenario] = two.scenarios;
    const passed = { ...scenario!, verdict: { ...scenario!.verdict, name: "b", verdict: "pass" as const } };
    const html = htmlReporter.render({ ...two, scenarios: [passed, ...two.scenarios] }, context);
    expect(html).toMatch(/^[\0-\x7F]*$/);
    expect(html).toContain("&#220;berflu&#223; &#8594; &#26481;&#20140;");
    const order = [...html.matchAll(/<script(?: type="\S+" id="data-(\S+)")?>/g)].map(([, id]) => id ?? "the script");
    expect(order).toEqual(["index", "ground-bare", "run-1", "the script", "run-0"]);
  });

  test("gives the same bytes for the same record", () => {
    expect(htmlReporter.render(record("a"), context)).toBe(htmlReporter.render(record("a"), context));
  });

  test("says how much a service may be out, for its strip", () => {
    const run = blockOf<RunData>(htmlReporter.render(record("a"), context), "run-0");
    expect(run.promises[0]!.budgetMs).toBe(30_000);
  });
});
