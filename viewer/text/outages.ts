import { durationText } from "./duration.js";

/**
 * Who was out and for how long, in few words: what was out equally long is told together, longest first
 * (`13 journeys, 15 services 55.8 s; journey/upload-image 2.0 s`).
 */
export function outageTexts(outagesMs: Readonly<Record<string, number>>, textsMax = 3): string[] {
  const byLength = new Map<number, string[]>();
  for (const [name, ms] of Object.entries(outagesMs)) {
    const list = byLength.get(ms);
    if (list) list.push(name);
    else byLength.set(ms, [name]);
  }
  const groups = [...byLength].sort((a, b) => b[0] - a[0]);
  const texts = groups
    .slice(0, textsMax)
    .map(([ms, names]) => `${names.length > 3 ? kinds(names) : names.join(", ")} ${durationText(ms)}`);
  const rest = groups.slice(textsMax).reduce((count, [, names]) => count + names.length, 0);
  return rest > 0 ? [...texts, `${rest} more for less`] : texts;
}

function kinds(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const kind = name.split("/", 1)[0]!;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(", ");
}
