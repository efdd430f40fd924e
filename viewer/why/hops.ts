import type { Hop } from "../../model/twin/parts.js";

/** What only carries: told one by one it would bury the hops that decide. */
const CARRIERS = new Set(["link", "nic", "node", "switch"]);

/** Hops as lines. Without `all`, neighbouring carriers that carry share one line, under the name of the last of them. */
export function hopLines(hops: readonly Hop[], line: (hop: Hop) => string, all: boolean): string[] {
  const lines: string[] = [];
  let carriers: Hop[] = [];
  const flush = () => {
    if (carriers.length > 2)
      lines.push(`  ✓ ${carriers.length} links, switches and NICs carry, up to ${end(carriers)}`);
    else lines.push(...carriers.map(line));
    carriers = [];
  };
  for (const hop of hops) {
    const kind = hop.subject.slice(0, hop.subject.indexOf("/"));
    if (!all && hop.ok && CARRIERS.has(kind)) carriers.push(hop);
    else {
      flush();
      lines.push(line(hop));
    }
  }
  flush();
  return lines;
}

function end(carriers: readonly Hop[]): string {
  return carriers[carriers.length - 1]!.subject;
}
