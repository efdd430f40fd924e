import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import type { PageData } from "../../../viewer/page/recording.js";
import { singleFile } from "../../../viewer/page/single-file.js";

const EXECUTABLE = process.env["FENCEPOST_CHROMIUM"] ?? "/usr/bin/chromium";

/** A page in Debian's Chromium, 1280×720, with what its main thread did to be asked for. */
export interface Opened {
  readonly page: Page;
  readonly cdp: CDPSession;
}

/** Runs `body` with one browser and a scratch folder, both gone afterwards. */
export async function withChromium<T>(
  body: (browser: Browser, write: (page: PageData | string) => string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "fencepost-bench-"));
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ["--no-sandbox"] });
  let files = 0;
  try {
    return await body(browser, (page) => {
      const file = join(folder, `${files++}.html`);
      writeFileSync(file, typeof page === "string" ? page : singleFile(page));
      return pathToFileURL(file).href;
    });
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `init` is a script that runs in the page before its own. */
export async function open(browser: Browser, url: string, init?: string): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  if (init !== undefined) await page.addInitScript(init);
  page.on("pageerror", (error) => {
    throw error;
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url);
  await page.locator(".run-title .title").waitFor({ timeout: 120_000 });
  return { page, cdp };
}

/** How long the page's main thread has worked since its navigation began, in milliseconds of its processor time. */
export async function mainThreadMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "ThreadTime")?.value ?? 0) * 1_000;
}

/** Milliseconds since the navigation to a page began. */
export function sinceNavigationMs(page: Page): Promise<number> {
  return page.evaluate("performance.now()");
}

/** Waits for the next frame, and so many milliseconds more. */
export async function nextFrame(page: Page, moreMs = 0): Promise<void> {
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => setTimeout(done, ${moreMs})))`);
}
