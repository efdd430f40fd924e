import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readRunbookFile } from "../../../scenarios/runbook/page/prepare-runbook.js";
import { playRunbook } from "../../../scenarios/runbook/play/play.js";
import { settledPage } from "./settled-page.js";

const FOLDER = "fixtures/runbooks";
const pages = readdirSync(FOLDER).filter((name) => name.endsWith(".md") && name !== "README.md");
const right = pages.filter((name) => !name.endsWith(".mistake.md"));

describe("the shipped runbooks", () => {
  test.each(right)("%s: every step is possible, does what the page says, and the service is back", async (name) => {
    const page = readRunbookFile(`${FOLDER}/${name}`);
    const result = await playRunbook(settledPage(page), page);
    expect(result.because).toMatch(/did what the page says$/);
    expect(result.verdict).toBe("pass");
  });

  test.each(right)("%s: its usual mistake fails at the step that is wrong", async (name) => {
    const page = readRunbookFile(`${FOLDER}/${name.replace(/\.md$/, ".mistake.md")}`);
    const result = await playRunbook(settledPage(page), page);
    expect(result.verdict).toBe("fail");
    const failed = result.steps.find(({ status }) => status === "failed");
    expect(
      page.text
        .split("\n")
        .slice(failed!.line - 3, failed!.line)
        .join("\n"),
    ).toMatch(/wrong step/i);
  });
});
