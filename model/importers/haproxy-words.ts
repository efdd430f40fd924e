import type { LedgerWriter } from "./ledger.js";

/** One word of a haproxy.cfg line, after its quotes and backslashes. */
export type HaproxyWords = readonly string[];

/**
 * Splits a line as haproxy does: blanks separate, `#` opens a comment, a backslash takes the next character as it is,
 * double and single quotes keep blanks. Environment variables are left alone. Errors: a quote that is not closed.
 */
export function haproxyWords(ledger: LedgerWriter, line: number, text: string): HaproxyWords {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\" && at + 1 < text.length) {
      word = (word ?? "") + text[++at]!;
    } else if (character === '"' || character === "'") {
      const end = closingQuote(text, at + 1, character);
      if (end === -1) throw ledger.error(line, `a ${character} without its closing ${character} at column ${at + 1}`);
      const inside = text.slice(at + 1, end);
      word = (word ?? "") + (character === '"' ? inside.replaceAll(/\\(.)/g, "$1") : inside);
      at = end;
    } else if (character === "#") {
      break;
    } else if (character === " " || character === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["us", 1 / 1000],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);
const TIMER_MAX_MS = 2 ** 31 - 1;

/** "1s", "500ms", "2000" (milliseconds): a time of haproxy's; microseconds are rounded up. */
export function haproxyTimeMs(ledger: LedgerWriter, line: number, name: string, text: string | undefined): number {
  const parts = /^(\d{1,15})([a-z]*)$/.exec(text ?? "");
  const unit = parts === null ? undefined : UNITS_MS.get(parts[2] === "" ? "ms" : parts[2]!);
  if (unit === undefined)
    throw ledger.error(line, `${name}: expected a time, found`, text ?? "", [...UNITS_MS.keys()], "units");
  const time = Math.ceil(Number(parts![1]) * unit);
  if (time > TIMER_MAX_MS) throw ledger.error(line, `${name}: longer than haproxy's timers go (about 24 days):`, text);
  return time;
}
