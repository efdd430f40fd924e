import { wholeNumber } from "../../cib/whole-number.js";

/*
 * How texts are read that may be anything: the schema lets typing errors through, and Pacemaker 2.1.5 takes something
 * for them. For most truths that is the default; these are the others.
 */

/** A truth as Pacemaker reads it; undefined where the text is no truth. */
export function parseBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  switch (text.toLowerCase()) {
    case "true":
    case "on":
    case "yes":
    case "y":
    case "1":
      return true;
    case "false":
    case "off":
    case "no":
    case "n":
    case "0":
      return false;
    default:
      return undefined;
  }
}

/** A truth for which whatever is written but not true is false, be it empty or misspelt. */
export function isTrue(text: string | undefined, otherwise: boolean): boolean {
  return text === undefined ? otherwise : parseBoolean(text) === true;
}

/** How many of something there may be: none where what is written is no number, or less. */
export function countOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Math.max(0, wholeNumber(text) ?? 0);
}
