import { describe, expect } from "vitest";
import { usePairServer } from "../server/pair-server.js";
import { browserTest, open, picture, seriousFindings, useBrowser } from "./browser.js";

useBrowser();
const pair = usePairServer();

describe("the live run in a browser", () => {
  browserTest("a node's loss is staged, previewed, done and undone, and a second watcher sees it", async () => {
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
    expect(complaints).toEqual([]);
    await context.close();
    await other.context.close();
  });
});
