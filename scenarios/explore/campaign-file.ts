import { appendFileSync, closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../../model/errors.js";
import { readInputBytes } from "../input-file.js";
import { type Campaign, campaignDifferences, campaignSchema } from "./campaign.js";
import type { Crew } from "./crew.js";
import { type ResultCodec, unitSchema } from "./result-codec.js";
import { type Results, type Unit, type UnitKind, unitId } from "./units.js";

/**
 * A campaign's results on disk: lines of JSON, the campaign first, then a unit and its result on each. Lines are only
 * ever added, each in one write, so that a run that is killed leaves whole lines and at most one torn one at the end.
 */
export interface CampaignText {
  readonly file: string;
  readonly campaign: Campaign;
  readonly lines: readonly ResultLine[];
  /** Bytes up to the last whole line. */
  readonly bytes: number;
}

export interface ResultLine {
  /** 1-based. */
  readonly line: number;
  readonly unit: Unit;
  readonly result: unknown;
}

const FORMAT = 1;
const BYTES_MAX = 2 ** 31;

/** Reads a campaign's file; a torn last line is left out. Undefined where nothing whole is there. Throws InputError. */
export function readCampaignFile(file: string): CampaignText | undefined {
  const bytes = readInputBytes(file, { bytesMax: BYTES_MAX });
  let campaign: Campaign | undefined;
  const lines: ResultLine[] = [];
  let from = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0) break;
    const data = parsed(bytes.toString("utf8", from, end), file, line);
    if (line === 1) campaign = readHeader(data, file);
    else lines.push(readLine(data, file, line));
    from = end + 1;
  }
  if (campaign) return { file, campaign, lines, bytes: from };
  // The beginning of a first line is a campaign that was stopped at once; anything else is somebody's own file.
  const isTorn = HEADER_START.startsWith(bytes.toString("utf8", 0, HEADER_START.length));
  if (!isTorn) throw new InputError({ file, line: 1, message: "this is no file of a campaign" });
  return undefined;
}

const HEADER_START = `{"fencepostCampaign":${FORMAT},`;

function parsed(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError({ file, line, message: line === 1 ? "this is no file of a campaign" : "this is no JSON" });
  }
}

function readHeader(data: unknown, file: string): Campaign {
  const refuse = (message: string) => new InputError({ file, line: 1, message });
  if (typeof data !== "object" || data === null || !("fencepostCampaign" in data))
    throw refuse("this is no file of a campaign");
  if (data.fencepostCampaign !== FORMAT) throw refuse("this file of a campaign was made by another version");
  const read = campaignSchema.safeParse((data as { campaign?: unknown }).campaign);
  if (!read.success) throw refuse("this file of a campaign was made by another version");
  return read.data;
}

function readLine(data: unknown, file: string, line: number): ResultLine {
  const { unit, result } = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const read = unitSchema.safeParse(unit);
  if (!read.success || result === undefined)
    throw new InputError({ file, line, message: "expected a unit and its result" });
  return { line, unit: read.data, result };
}

/** Results of units by their ids, checked; what two files both hold is there once. Throws InputError. */
export function resultsIn(texts: readonly CampaignText[], codec: ResultCodec): ReadonlyMap<string, Results[UnitKind]> {
  const results = new Map<string, Results[UnitKind]>();
  const seen = new Map<string, { readonly text: string; readonly where: string }>();
  for (const { file, lines } of texts)
    for (const { line, unit, result } of lines) {
      const refuse = (message: string) => new InputError({ file, line, message });
      const id = unitId(unit);
      const text = JSON.stringify(result);
      const before = seen.get(id);
      if (before && before.text !== text)
        throw refuse(`${id} came out otherwise in ${before.where}: one of the two is damaged`);
      if (before) continue;
      seen.set(id, { text, where: `${file}:${line}` });
      try {
        results.set(id, codec.decode(unit.kind, result));
      } catch (error) {
        throw refuse((error as Error).message);
      }
    }
  return results;
}

/** A crew that adds what it plays to a file, and plays nothing that the file holds already. Throws InputError. */
export function recordedCrew(crew: Crew, file: string, campaign: Campaign, codec: ResultCodec): Crew {
  const text = existsSync(file) ? readCampaignFile(file) : undefined;
  const differences = text ? campaignDifferences(text.campaign, campaign, "the file") : [];
  if (differences.length > 0)
    throw new InputError({ file, line: 1, message: `it belongs to another campaign. ${differences.join(". ")}` });
  const known = resultsIn(text ? [text] : [], codec);
  const handle = writing(file, () => opened(file, text?.bytes ?? 0));
  const add = (data: unknown) => writing(file, () => appendFileSync(handle, `${JSON.stringify(data)}\n`));
  if (!text) add({ fencepostCampaign: FORMAT, campaign });
  return {
    width: crew.width,
    async play<K extends UnitKind>(unit: Unit<K>, knowledge: Parameters<Crew["play"]>[1]) {
      const before = known.get(unitId(unit));
      if (before !== undefined) return before as Results[K];
      const result = await crew.play(unit, knowledge);
      if (result !== undefined) add({ unit, result: codec.encode(unit.kind, result) });
      return result;
    },
    async close() {
      closeSync(handle);
      await crew.close();
    },
  };
}

/** A file to add to, without the torn line at its end. */
function opened(file: string, bytes: number): number {
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, "a");
  if (fstatSync(handle).size > bytes) ftruncateSync(handle, bytes);
  return handle;
}

function writing<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError({ file, line: 0, message: `cannot be written: ${code ?? "unknown error"}` });
  }
}
