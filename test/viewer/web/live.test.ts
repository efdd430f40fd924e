import { describe, expect } from "vitest";
import { usePairServer } from "../server/pair-server.js";
import { browserTest, open, picture, seriousFindings, useBrowser } from "./browser.js";

useBrowser();
const pair = usePairServer();
const LOSE_WEB2 = { kind: "fault", name: "lose-node", params: { node: "web2" } } as const;

describe("the live run in a browser", () => {
  browserTest(
    "a node's loss is staged, previewed, done and undone, and a second watcher sees it",
    async () => {
      const url = `${pair().url}/#run=live&at=60000&thing=node/web1`;
      const { page, context, complaints } = await open(url);
      const other = await open(`${pair().url}/#run=live&at=0&view=events`);
      await page.getByRole("tab", { name: "Break it" }).click();
      await page.getByRole("button", { name: "Stage: lose-node web1" }).click();
      await page.locator(".preview").waitFor();
      expect(await page.locator(".preview").innerText()).toContain("journey/visit");
      expect(pair().session.run.steps).toHaveLength(0);
      expect(await seriousFindings(page)).toEqual([]);
      await picture(page, "break-it-1280x720-light");
      await page.getByRole("button", { name: "Do it" }).click();
      await expect.poll(() => page.locator(".done-list").innerText()).toContain("fencepost replay fp1.");
      await expect.poll(() => other.page.locator("main").innerText()).toContain("lose-node");
      await page.getByRole("button", { name: "Undo" }).click();
      await expect.poll(() => pair().session.run.steps.length).toBe(0);
      await expect.poll(() => other.page.locator("main").innerText()).not.toContain("lose-node");
      expect(await page.locator(".done-list").innerText()).toMatch(
        /undo: lose-node web1[\s\S]*fencepost serve --topology/,
      );
      // Every connection is cut while somebody acts: both come back, and have missed nothing.
      pair().server.closeAllConnections();
      const { session } = pair();
      session.act({ seen: session.run.change, atMs: 60_000, steps: [LOSE_WEB2] });
      for (const one of [page, other.page])
        await expect.poll(() => one.locator(".clock").innerText(), { timeout: 20_000 }).toContain("0:01:00.000");
      await expect.poll(() => other.page.locator("main").innerText()).toContain("node/web2");
      await expect.poll(() => page.locator(".trouble-bar").isVisible()).toBe(false);
      complaints.splice(0, complaints.length, ...complaints.filter((text) => !/ERR_|EventSource/.test(text)));
      expect(complaints).toEqual([]);
      await context.close();
      await other.context.close();
    },
    180_000,
  );
});
