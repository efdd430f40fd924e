import type { ClusterState } from "../state/state.js";
import { countResources } from "./counts.js";
import { Lines, type TextStyle } from "./lines.js";
import { printNodes } from "./node-list.js";
import { printResource } from "./resource-list.js";

/**
 * One status: the node list and the full list of resources, under a heading ("Current cluster status:"). `pending`:
 * whether operations under way are told of.
 */
export function printStatus(
  state: ClusterState,
  heading: string,
  how: { pending?: boolean; style?: TextStyle } = {},
): string {
  const lines = new Lines(how);
  if (lines.style === "fancy") lines.raw(heading);
  if (printNodes(state, lines)) lines.raw("");
  lines.heading(1, "Full List of Resources:");
  const before = lines.toString().length;
  for (const resource of state.resources) printResource(state, resource, lines, 2);
  if (lines.toString().length === before) lines.add(2, "No resources");
  return lines.toString();
}

/** The warning above everything else in maintenance mode; empty where the cluster manages its resources. */
export function printMaintenance(state: ClusterState): string {
  if (!state.options.maintenanceMode) return "";
  return (
    "\n              *** Resource management is DISABLED ***\n" +
    "  The cluster will not attempt to start, stop or recover services\n\n"
  );
}

/** `1 of 2 resource instances DISABLED and 0 BLOCKED from further action due to failure`; empty where none is. */
export function printDisabled(state: ClusterState): string {
  const { instances, disabled, blocked } = countResources(state);
  if (disabled === 0 && blocked === 0) return "";
  return `${disabled} of ${instances} resource instances DISABLED and ${blocked} BLOCKED from further action due to failure\n`;
}
