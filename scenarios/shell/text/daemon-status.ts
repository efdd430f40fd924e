import type { Call } from "../command.js";

/** The last lines of `pcs status`: the stack's daemons, and whether they start at boot. */
export function daemonStatus({ twin, read, node }: Call): string {
  const cluster = twin.topology.clusters.get(twin.clusters.clusterOf(node) ?? "");
  const daemons =
    cluster?.stack === "cman" ? ["cman", "corosync", "pacemaker", "pcsd"] : ["corosync", "pacemaker", "pcsd"];
  const isUp = twin.clusters.isStackRunning(read, node);
  const atBoot = twin.plant.units.atBoot.has(read, node, "pacemaker");
  const lines = daemons.map(
    (name) =>
      `  ${name}: ${name === "pcsd" || isUp ? "active" : "inactive"}/${atBoot || name === "pcsd" ? "enabled" : "disabled"}`,
  );
  return `Daemon Status:\n${lines.join("\n")}\n`;
}
