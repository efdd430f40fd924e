import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TraceEntry } from "../../../model/kernel/index.js";
import { CauseGraph } from "../../../viewer/why/chain.js";
import { chainLines } from "../../../viewer/why/tell.js";

/** Traces whose causes are earlier entries, as the kernel writes them. */
const traces = fc
  .array(fc.record({ back: fc.nat(5), subject: fc.constantFrom("node/a", "node/b", "service/x") }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((list) =>
    list.map(
      ({ back, subject }, i): TraceEntry => ({
        id: i + 1,
        atMs: i * 10,
        cause: Math.max(0, i - back),
        kind: "state",
        subject,
        what: "changed",
      }),
    ),
  );

describe("causes", () => {
  test("walked back from any entry lead to one that nothing caused, and forward again to the entry", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const graph = new CauseGraph(trace);
        for (const entry of trace) {
          const chain = graph.backFrom(entry.id);
          expect(chain[0]!.cause).toBe(0);
          expect(chain.at(-1)).toBe(entry);
          if (chain.length > 1) expect(graph.forwardFrom(chain[0]!.id)).toContain(entry);
        }
      }),
    );
  });

  test("of a damaged trace end instead of going round", () => {
    const entry = (id: number, cause: number): TraceEntry => ({
      id,
      cause,
      atMs: 0,
      kind: "note",
      subject: "node/a",
      what: "x",
    });
    expect(new CauseGraph([entry(1, 2), entry(2, 1)]).backFrom(2)).toHaveLength(2);
    expect(new CauseGraph([entry(1, 2), entry(2, 1)]).forwardFrom(1).length).toBeLessThan(3);
  });

  test("of a long chain are told by their beginning and their end", () => {
    const trace = Array.from(
      { length: 40 },
      (_, i): TraceEntry => ({ id: i + 1, cause: i, atMs: i, kind: "note", subject: `node/${i}`, what: "x" }),
    );
    const lines = chainLines(new CauseGraph(trace).backFrom(40));
    expect(lines).toHaveLength(14);
    expect(lines[0]).toContain("node/0");
    expect(lines.at(-1)).toContain("node/39");
    expect(lines.join()).toContain("27 steps between");
  });

  test("a name that a person types finds its subject with or without the kind", () => {
    const graph = new CauseGraph([
      { id: 1, cause: 0, atMs: 0, kind: "note", subject: "journey/horizon-login", what: "x" },
    ]);
    for (const name of ["journey/horizon-login", "horizon-login", "Horizon"])
      expect(graph.subjectsLike(name)).toEqual(["journey/horizon-login"]);
  });
});
