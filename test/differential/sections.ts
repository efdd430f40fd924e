/** The sections in which crm_simulate tells what is and what was decided, and whether the order of their lines counts. */
const SECTIONS = [
  { heading: "Current cluster status:", ordered: true },
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
    const found = difference(heading, theirs, ours);
    if (found) return found;
  }
  return undefined;
}

/** What two lists of lines do not have in common; undefined where they are the same. */
export function difference(section: string, theirs: string[], ours: string[]): Disagreement | undefined {
  if (theirs.join("\n") === ours.join("\n")) return undefined;
  const without = (list: string[], others: string[]) => {
    const known = new Set(others);
    return list.filter((line) => !known.has(line));
  };
  return { section, onlyPacemaker: without(theirs, ours), onlyFencepost: without(ours, theirs) };
}

/** The part of an output that tells what is and what was decided, without what came of it. */
export function untilExecution(text: string): string {
  const at = text.indexOf("Executing Cluster Transition:");
  return at < 0 ? text : text.slice(0, at);
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
