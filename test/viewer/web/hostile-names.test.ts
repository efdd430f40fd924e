import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect } from "vitest";
import type { TraceEntry } from "../../../model/kernel/index.js";
import type { PageData } from "../../../viewer/page/recording.js";
import { singleFile } from "../../../viewer/page/single-file.js";
import { newFolder } from "../cli/fencepost.js";
import { browserTest, open, overflows, useBrowser } from "./browser.js";

useBrowser();

const HOSTILE = [
  "<img src=x onerror=document.title='pwned'>",
  `"'><script>document.title='pwned'</script>`,
  "\u202Egnp.tfel-ot-thgir",
  "w".repeat(10_000),
  "&lt;b&gt; $1 {{2}} %s ` '",
];

/** A page in which every name is one of those. */
function hostilePage(): PageData {
  const nodes = HOSTILE.map((text) => `node/${text}`);
  const trace = nodes.flatMap((subject, i): TraceEntry[] => [
    { id: 2 * i + 1, atMs: i * 1_000, cause: 0, kind: "fault", subject, what: HOSTILE[i]!, text: HOSTILE[i]! },
    {
      id: 2 * i + 2,
      atMs: i * 1_000 + 5,
      cause: 2 * i + 1,
      kind: "state",
      subject,
      what: "LOST",
      from: "up",
      to: HOSTILE[i]!,
    },
  ]);
  const lists = { places: [], nodes: [], decisions: [], hops: [], paths: [] };
  const head = { name: "hostile", title: HOSTILE.join(" ") };
  return {
    index: {
      version: 1,
      fencepost: "0",
      topology: { name: HOSTILE[0]!, file: "f", hash: "h" },
      report: HOSTILE,
      runs: [{ id: "run-0", ...head, standing: "fail", because: HOSTILE[1]! }],
    },
    grounds: [
      {
        id: "ground-0",
        topology: { name: HOSTILE[0]!, title: "", file: "f" },
        vertices: HOSTILE.map((id, i) => ({ key: nodes[i]!, kind: "node", id })),
        edges: [],
        machines: [],
        clusters: [
          {
            id: HOSTILE[0]!,
            nodes: HOSTILE,
            resources: HOSTILE.map((id) => ({ id, agent: id, parents: [HOSTILE[1]!] })),
          },
        ],
        cells: [],
        ...lists,
      },
    ],
    runs: [
      {
        id: "run-0",
        ground: "ground-0",
        ...head,
        promises: [{ name: HOSTILE[1]!, kind: "always", status: "broken", atMs: 5 }],
        trace,
        ...lists,
        endMs: 60_000,
      },
    ],
  };
}

describe("a topology whose names hold markup, quotes, other directions and 10,000 characters", () => {
  browserTest("is shown as text in every view, and breaks none", async () => {
    const file = join(newFolder(), "hostile.html");
    writeFileSync(file, singleFile(hostilePage()));
    const { page, context, complaints } = await open(`${pathToFileURL(file)}`);
    const thing = encodeURIComponent(`node/${HOSTILE[0]}`);
    for (const view of ["placement", "timeline", "topology", "events", "runs"]) {
      await page.evaluate(`location.hash = "run=hostile&at=2000&view=${view}&thing=${thing}"`);
      await page.waitForTimeout(250);
      expect(await page.locator("main img, main script, aside img").count(), view).toBe(0);
      expect(await overflows(page), view).toBe(false);
    }
    expect(await page.title()).not.toBe("pwned");
    expect(await page.locator(".inspector .thing").innerText()).toContain("<img src=x");
    expect(complaints).toEqual([]);
    await context.close();
  });
});
