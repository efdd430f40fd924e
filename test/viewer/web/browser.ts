import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { isHere } from "../../real-things.js";

const CHROMIUM = process.env["FENCEPOST_CHROMIUM"] ?? "/usr/bin/chromium";
const hasChromium = isHere(CHROMIUM, existsSync(CHROMIUM));

/** Tests in Debian's Chromium. */
export const browserTest = test.skipIf(!hasChromium) as typeof test;

export const SIZES = [
  { name: "1280x720", width: 1280, height: 720 },
  { name: "1920x1080", width: 1920, height: 1080 },
  { name: "390x844", width: 390, height: 844 },
] as const;
export const THEMES = ["light", "dark"] as const;

let browser: Browser | undefined;

/** One browser for a file's tests. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (hasChromium) browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
  });
}

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained of: errors, refused requests. */
  readonly complaints: string[];
  /** Every address that it asked for. */
  readonly asked: string[];
}

/** Opens an address in a context of its own and waits until a run is shown. */
export async function open(
  url: string,
  { width = 1280, height = 720, theme = "light" as (typeof THEMES)[number] } = {},
): Promise<Opened> {
  const context = await browser!.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  await page.locator(".run-title .title").waitFor();
  return { page, context, complaints, asked };
}

/** Serious and critical findings of axe-core on what is shown, as sentences. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // The page's policy refuses foreign scripts: the tester's own way in is not the page's.
  const { source } = createRequire(import.meta.url)("axe-core") as { source: string };
  await page.evaluate(source);
  const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary.slice(0, 300)}`);
}

/** A screenshot among the artifacts that CI keeps, to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(process.env["FENCEPOST_ARTIFACTS"] ?? join(".ci", "artifacts"), "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.locator("[aria-busy=true]").waitFor({ state: "detached" });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Whether anything of the page lies outside of it sideways. */
export async function overflows(page: Page): Promise<boolean> {
  return (await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")) as boolean;
}
