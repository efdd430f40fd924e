import type { HoldDocument } from "../page/front-matter.js";

/** What a command that failed is reported with: its first line, its exit code and the first of what it said. */
export function exitText(text: string, exitCode: number, output: string): string {
  const said = output.trim().split("\n").slice(0, 2).join(" | ");
  return `${text.split("\n")[0]} ended with ${exitCode}${said === "" ? "" : `: ${said}`}`;
}

/** A condition of the front matter or of a hand step, as a sentence about the estate. */
export function conditionWords({ served, resource, is, on, node, settled }: HoldDocument): string {
  if (served !== undefined) return `${served} is served`;
  if (settled !== undefined) return `cluster ${settled} is settled`;
  if (node !== undefined) return `${node} is ${is === "off" ? "off" : "up"}`;
  if (resource !== undefined) return `${resource} is ${is ?? "started"}${on === undefined ? "" : ` on ${on}`}`;
  return "everything is served and settled as before";
}
