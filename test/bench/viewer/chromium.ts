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
  await until(cdp, 'document.querySelector(".run-title .title")');
  return { page, cdp };
}

/** An expression's value in the page; a promise's, once it is there. Nothing else of the tester's runs on its main thread. */
export async function evaluate<T>(cdp: CDPSession, expression: string): Promise<T> {
  const { result, exceptionDetails } = await cdp.send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(`${exceptionDetails.text} ${exceptionDetails.exception?.description ?? ""}`);
  return result.value as T;
}

/** Waits until an expression of the page is true. */
export async function until(cdp: CDPSession, expression: string): Promise<void> {
  await evaluate(
    cdp,
    `new Promise((done) => { const look = () => (${expression}) ? done() : setTimeout(look, 20); look(); })`,
  );
}

/** How long the page's main thread has worked since its navigation began, in milliseconds of its processor time. */
export async function mainThreadMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "ThreadTime")?.value ?? 0) * 1_000;
}

/** Milliseconds since the navigation to a page began. */
export function sinceNavigationMs(cdp: CDPSession): Promise<number> {
  return evaluate(cdp, "performance.now()");
}

/** Waits for the next frame, and so many milliseconds more. */
export async function nextFrame(cdp: CDPSession, moreMs = 0): Promise<void> {
  await evaluate(cdp, `new Promise((done) => requestAnimationFrame(() => setTimeout(done, ${moreMs})))`);
}
