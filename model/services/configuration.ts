import { InputError } from "../errors.js";
import { type FactsByKind, type FileKind, importFile } from "../importers/index.js";

type Reading = { readonly kind: string; readonly facts: unknown } | string;

/** By path, then by text: both are strings that are used again and again, whose hashes the engine keeps. */
const remembered = new Map<string, Map<string, Reading>>();

function remember(path: string, text: string): Reading {
  let ofPath = remembered.get(path);
  if (!ofPath) {
    ofPath = new Map();
    remembered.set(path, ofPath);
  }
  let found = ofPath.get(text);
  if (found === undefined) {
    found = read(path, text);
    ofPath.set(text, found);
  }
  return found;
}

/**
 * What a file says to the service that reads it; a string where the service would refuse it. Remembered by the text: a
 * file that nobody edits is read once for all runs.
 */
export function factsOf<Kind extends FileKind>(
  kind: Kind,
  path: string,
  text: string | undefined,
): FactsByKind[Kind] | string | undefined {
  if (text === undefined) return undefined;
  const found = remember(path, text);
  if (typeof found === "string") return found;
  return found.kind === kind ? (found.facts as FactsByKind[Kind]) : undefined;
}

/** Why a service would not start with such a file; undefined where it would. */
export function refusal(path: string, text: string): string | undefined {
  const found = remember(path, text);
  return typeof found === "string" ? found : undefined;
}

function read(path: string, text: string): { kind: string; facts: unknown } | string {
  try {
    const imported = importFile(path, text, path);
    return { kind: imported.kind, facts: imported.kind === "unread" ? undefined : imported.facts };
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
