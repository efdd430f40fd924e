import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isHere } from "./real-things.js";

/** Recorded CIBs, and what Pacemaker 2.1.5 decided on them. */
const FOLDER = resolve("../shared/conformance");
export const CASES = `${FOLDER}/cases`;

export interface Case {
  readonly name: string;
  /** When it was decided on; null for any day. */
  readonly date: string | null;
}

export function areCasesHere(): boolean {
  return isHere("../shared/conformance", existsSync(`${FOLDER}/index.json`));
}

export function allCases(): readonly Case[] {
  return JSON.parse(readFileSync(`${FOLDER}/index.json`, "utf8"));
}

export function fileOf(name: string): string {
  return `${CASES}/${name}.xml`;
}

/** What crm_simulate printed of a case. */
export function printedOf(name: string): string {
  return readFileSync(`${FOLDER}/expected/${name}.summary`, "utf8");
}
