import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect } from "vitest";
import { fencepost, newFolder } from "../cli/fencepost.js";
import { browserTest, open, overflows, picture, SIZES, seriousFindings, THEMES, useBrowser } from "./browser.js";

/** Views that every report has. */
const VIEWS = ["placement", "timeline", "topology", "events", "compare", "runs"];
const MEGABYTE = 1_000_000;

let report = "";

useBrowser();
beforeAll(async () => {
  const cwd = newFolder();
  const scenarios = resolve("fixtures/openstack-havana/scenarios");
  const names = ["lose-active-database", "fence-device-dead"];
  const { stderr } = await fencepost(
    ["run", scenarios, ...names.flatMap((name) => ["--scenario", name]), "--reporter", "html", "-q"],
    { cwd },
  );
  report = join(cwd, "fencepost-report.html");
  expect(statSync(report).size, stderr).toBeLessThan(3 * MEGABYTE);
}, 120_000);

const at = (hash: string) => `${pathToFileURL(report)}#${hash}`;

describe("a report opened from disk", () => {
  browserTest("asks no network for anything and complains of nothing", async () => {
    const { context, complaints, asked } = await open(at("run=lose-active-database&at=14000"));
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
    await context.close();
  });

  browserTest("opens the moment that a link names: the database node is off, its users are out", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=14000"));
    await expect.poll(() => page.locator(".clock").innerText()).toContain("0:00:14.000");
    expect(await page.locator(".served h2").innerText()).toMatch(/\d+ of \d+ services and journeys out/);
    const lost = page.getByRole("button", { name: "mysqld on mysql1: lost with its node" });
    expect(await lost.count()).toBe(1);
    await context.close();
  });

  browserTest("plays, steps and scrubs: the moment moves, and the address follows it", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=0"));
    const clock = page.locator(".clock b");
    await page.keyboard.press(".");
    expect(await clock.innerText()).not.toBe("0:00:00.000");
    await page.getByRole("slider", { name: "Moment" }).fill("9000");
    const scrubbed = await clock.innerText();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await expect.poll(() => clock.innerText()).not.toBe(scrubbed);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => page.url()).toMatch(/at=[1-9]\d+/);
    await context.close();
  });

  browserTest(
    "keeps the tables of placement where they are while time runs, whatever stands in their cells",
    async () => {
      const { page, context } = await open(at("run=lose-active-database&at=0"));
      const columns = () =>
        page
          .locator(".matrix .node-head")
          .evaluateAll((heads) => heads.map((head) => [head.getBoundingClientRect().x, head.clientWidth]));
      await page.getByRole("button", { name: "mysqld on mysql1: lost with its node" }).waitFor();
      const before = await columns();
      await page.keyboard.press("End");
      await page.getByRole("button", { name: "mysqld on mysql2: started" }).waitFor();
      expect(await columns()).toEqual(before);
      await context.close();
    },
  );

  browserTest("shows the chain from the fault to the outage of a journey", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=14000"));
    await page.getByRole("button", { name: "and 3 more" }).click();
    await page.locator(".served .chip", { hasText: "horizon-login" }).click();
    const chain = page.locator(".chain").first();
    expect(await chain.locator("li").first().innerText()).toContain("lose-node");
    expect(await chain.locator("li").last().innerText()).toContain("journey/horizon-login");
    await context.close();
  });

  browserTest(
    "says with nothing selected what happened: who was out, what it waited for, what runs elsewhere",
    async () => {
      const { page, context } = await open(at("run=lose-active-database&at=0&view=timeline"));
      const told = page.locator(".panel");
      expect(await told.innerText()).toContain("13 journeys, 15 services 47.6 s");
      expect(await told.locator(".chain li").first().innerText()).toContain("lose-node");
      expect(await told.locator(".chain li").last().innerText()).toMatch(/served \(not-served → served\)/);
      expect(await told.locator(".long-wait").count()).toBeGreaterThan(1);
      expect(await told.innerText()).toContain("mysql1 → mysql2");
      // The same chain is drawn between the lanes, and its arrows lead to the events that they end at.
      const end = page.locator(".arrows .cause .hit").last();
      const entry = await end.getAttribute("data-entry");
      await end.dispatchEvent("pointerdown");
      await expect.poll(() => page.url()).toContain(`entry=${entry}`);
      expect(await told.innerText()).toContain("The chain that led to the event selected");
      await context.close();
    },
  );

  browserTest("shows the timeline as a table: every stretch of every lane with its length", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=0&view=timeline&filter=node/mysql1"));
    await page.keyboard.press("m");
    const rows = page.getByRole("table", { name: "The timeline as a table" }).locator("tbody tr");
    await expect
      .poll(() => rows.allInnerTexts())
      .toContainEqual(expect.stringMatching(/^node\/mysql1\s+off\s+0:00:00.000/));
    await context.close();
  });

  browserTest("says why a resource may not run on a node: the score and the ban that made it", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=0&thing=resource/ctl/vip-qpid@ctl2"));
    await page.getByRole("tab", { name: "Why here" }).click();
    expect(await page.locator(".reasons").innerText()).toContain("location cli-ban-g-qpid-on-ctl2");
    expect(await page.locator(".scores").innerText()).toContain("−∞");
    await context.close();
  });

  browserTest("shows the way of a journey with the failing hop lit", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=14000&thing=journey/horizon-login"));
    await page.getByRole("tab", { name: "Why here" }).click();
    expect(await page.locator(".hops .root").count()).toBe(1);
    expect(await page.locator(".panel").innerText()).toMatch(/It fails at/);
    await picture(page, "why-1280x720-light");
    await context.close();
  });

  browserTest("draws the life cycle of a node, its state and its last transition lit", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=14000&thing=node/mysql1"));
    await page.getByRole("tab", { name: "Life cycle" }).click();
    expect(await page.locator(".state-box.is-now text").textContent()).toBe("off");
    expect(await page.locator(".way.is-lit").count()).toBe(1);
    expect(await page.locator(".machine .event").textContent()).toBe("NODE_LOST");
    await picture(page, "life-cycle-1280x720-light");
    await context.close();
  });

  browserTest("finds a thing in the topology, chooses it, and the same place again is the same picture", async () => {
    const places: string[] = [];
    for (let round = 0; round < 2; round++) {
      const { page, context } = await open(at("run=lose-active-database&at=14000&view=topology"));
      // The layout comes from a worker: what is not laid out yet cannot be found.
      await page.locator('.item[data-key="node/mysql1"]').waitFor({ state: "attached" });
      await page.getByLabel("Find a thing").fill("node/mysql1");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(".inspector .thing").innerText()).toBe("node/mysql1");
      const item = page.locator('.item[data-key="node/mysql1"]');
      expect(await item.locator("title").textContent()).toBe("node mysql1: off, 10 things");
      places.push((await item.getAttribute("transform"))!);
      await context.close();
    }
    expect(places[0]).toBe(places[1]);
  });

  browserTest("compares two runs: the first difference, and what the outages grew by", async () => {
    const { page, context } = await open(at("run=lose-active-database&view=compare&with=fence-device-dead"));
    await page.getByText("The two runs differ from the first event on").waitFor();
    expect(await page.locator(".compare").innerText()).toMatch(/B ▲ longer by \d+ min/);
    expect(await page.locator(".compare svg").count()).toBe(1);
    await context.close();
  });

  browserTest("exports a picture as SVG and as PNG", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=14000&view=timeline"));
    for (const kind of ["SVG", "PNG"]) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Export the picture as ${kind}` }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`lose-active-database-timeline.${kind.toLowerCase()}`);
      expect(statSync(await download.path()).size).toBeGreaterThan(2_000);
    }
    await context.close();
  });

  browserTest("is used by keyboard alone: views, cells, lanes, help", async () => {
    const { page, context } = await open(at("run=lose-active-database&at=14000"));
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.locator(".lane-name").first().waitFor();
    await page.locator('.lane-name [tabindex="0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".inspector .thing").innerText()).toContain("/");
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").innerText()).toContain("play or pause");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    expect(await page.locator(".runs tbody tr").count()).toBe(2);
    await context.close();
  });
});

describe("a runbook's report", () => {
  browserTest(
    "has its steps beside the timeline: where the operator is, what he typed, and what was wrong with it",
    async () => {
      const file = join(newFolder(), "runbook.html");
      const runbook = resolve("fixtures/runbooks/fence-by-hand.mistake.md");
      await fencepost(["runbook", runbook, "--reporter", "html", "--output-file", file], { cwd: newFolder() });
      const { page, context, complaints } = await open(`${pathToFileURL(file)}#view=timeline&panel=runbook&at=85000`);
      expect(await page.locator(".lane-name").first().innerText()).toBe("runbook steps");
      const now = page.locator(".steps > .is-now");
      expect(await now.innerText()).toMatch(/^2\. .*believed/);
      expect(await now.locator(".problem").first().innerText()).toContain("exclusive-resource is broken");
      await now.locator("summary").click();
      expect(await now.locator(".typed").innerText()).toContain("[root@mysql2 ~]#");
      await page.locator(".steps .step").nth(2).click();
      await expect.poll(() => now.innerText()).toMatch(/^3\./);
      // What was unfolded stays so, and nothing else does.
      expect(await page.locator(".steps details[open] summary").allInnerTexts()).toEqual([
        expect.stringMatching(/^Step 2:/),
      ]);
      expect(await seriousFindings(page)).toEqual([]);
      await picture(page, "runbook-1280x720-light");
      expect(complaints).toEqual([]);
      await context.close();
    },
    180_000,
  );
});

describe.each(THEMES)("in the %s theme", (theme) => {
  browserTest(
    "every view fits every size, and axe-core finds nothing serious",
    async () => {
      const { page, context, complaints } = await open(at("run=lose-active-database&at=14000"), { theme });
      for (const view of VIEWS) {
        await page.evaluate(`location.hash = "${hashOf(view)}"`);
        for (const { name, width, height } of SIZES) {
          await page.setViewportSize({ width, height });
          await page.waitForTimeout(120);
          await picture(page, `${view}-${name}-${theme}`);
          expect(await overflows(page), `${view} ${name}`).toBe(false);
        }
        await page.setViewportSize(SIZES[0]);
        expect(await seriousFindings(page), view).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await context.close();
    },
    180_000,
  );
});

/** What happened is told beside the first two; beside the others, what is to be said of a thing. */
function hashOf(view: string): string {
  const thing = view === "placement" || view === "timeline" ? "" : "&thing=journey/horizon-login";
  return `run=lose-active-database&at=14000&view=${view}${thing}&with=fence-device-dead`;
}
