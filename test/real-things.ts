import { expect, test } from "vitest";
import { isInstalled } from "./installed.js";

/** In CI, samples are larger and everything real that the twin is held against has to be there. */
export const isCi = process.env["CI"] === "true";

/**
 * Whether something real is there to be held against, so that the calling file skips its tests where it is not: with a
 * word, or in CI beside a test that fails.
 */
export function isHere(what: string, here: boolean): boolean {
  if (here) return true;
  if (isCi) test(`${what} is here`, () => expect.fail(`${what} is not here, and CI has to have it`));
  else console.warn(`${what} is not here: what is held against it is skipped`);
  return false;
}

export function isProgramHere(program: string): boolean {
  return isHere(program, isInstalled(program));
}
