/** The three sections in which crm_simulate tells what was decided, and whether the order of their lines counts. */
const SECTIONS = [
  { heading: "Transition Summary:", ordered: false },
  { heading: "Executing Cluster Transition:", ordered: false },
  { heading: "Revised Cluster Status:", ordered: true },
] as const;

export interface Disagreement {
  readonly section: string;
  readonly onlyPacemaker: readonly string[];
  readonly onlyFencepost: readonly string[];
}

/** The first section in which two outputs of crm_simulate differ, white space folded; undefined where they agree. */
export function disagreement(pacemaker: string, fencepost: string): Disagreement | undefined {
  for (const { heading, ordered } of SECTIONS) {
    const theirs = section(pacemaker, heading);
    const ours = section(fencepost, heading);
    if (!ordered) {
      theirs.sort();
      ours.sort();
    }
    if (theirs.join("\n") === ours.join("\n")) continue;
    const without = (list: string[], others: string[]) => list.filter((line) => !others.includes(line));
    return { section: heading, onlyPacemaker: without(theirs, ours), onlyFencepost: without(ours, theirs) };
  }
  return undefined;
}

function section(text: string, heading: string): string[] {
  const lines: string[] = [];
  let inside = false;
  for (const line of text.split("\n")) {
    if (/^\S.*:$/.test(line.trimEnd())) inside = line.trimEnd() === heading;
    else if (inside && line.trim()) lines.push(line.trim().replace(/\s+/g, " "));
  }
  return lines;
}
