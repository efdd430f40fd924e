import { parseTimeMs } from "../../cib/dates.js";
import { parseScore } from "./score.js";
import type { ClusterOptions } from "./state.js";

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

/** The cluster's options from their names and values; what is missing or cannot be read has Pacemaker 2.1.5's default. */
export function readOptions(all: ReadonlyMap<string, string>): ClusterOptions {
  const truth = (name: string, otherwise: boolean): boolean => parseBoolean(all.get(name)) ?? otherwise;
  const time = (name: string, otherwise: number): number => {
    const text = all.get(name);
    return text === undefined ? otherwise : (parseTimeMs(text) ?? otherwise);
  };
  const whole = (name: string, otherwise: number): number => {
    const value = Number.parseInt(all.get(name) ?? "", 10);
    return Number.isNaN(value) ? otherwise : value;
  };
  const stonithEnabled = truth("stonith-enabled", true);
  return {
    all,
    noQuorumPolicy: noQuorumPolicy(all.get("no-quorum-policy"), stonithEnabled),
    symmetricCluster: truth("symmetric-cluster", true),
    maintenanceMode: truth("maintenance-mode", false),
    stopAllResources: truth("stop-all-resources", false),
    stopOrphanResources: truth("stop-orphan-resources", true),
    stopOrphanActions: truth("stop-orphan-actions", true),
    removeAfterStop: truth("remove-after-stop", false),
    startFailureIsFatal: truth("start-failure-is-fatal", true),
    enableStartupProbes: truth("enable-startup-probes", true),
    startupFencing: truth("startup-fencing", true),
    stonithEnabled,
    stonithAction: stonithAction(all.get("stonith-action")),
    stonithTimeoutMs: time("stonith-timeout", 60_000),
    haveWatchdog: truth("have-watchdog", false),
    stonithWatchdogTimeoutMs: time("stonith-watchdog-timeout", 0),
    concurrentFencing: truth("concurrent-fencing", false),
    priorityFencingDelayMs: time("priority-fencing-delay", 0),
    clusterDelayMs: time("cluster-delay", 60_000),
    batchLimit: whole("batch-limit", 0),
    migrationLimit: whole("migration-limit", -1),
    placementStrategy: oneOf(all.get("placement-strategy"), ["default", "utilization", "minimal", "balanced"]),
    nodeHealthStrategy: oneOf(all.get("node-health-strategy"), [
      "none",
      "migrate-on-red",
      "only-green",
      "progressive",
      "custom",
    ]),
    nodeHealthBase: parseScore(all.get("node-health-base")),
    nodeHealthGreen: parseScore(all.get("node-health-green")),
    nodeHealthYellow: parseScore(all.get("node-health-yellow")),
    nodeHealthRed: parseScore(all.get("node-health-red") ?? "-INFINITY"),
    shutdownLock: truth("shutdown-lock", false),
    shutdownLockLimitMs: time("shutdown-lock-limit", 0),
    clusterRecheckIntervalMs: time("cluster-recheck-interval", 900_000),
  };
}

function oneOf<T extends string>(text: string | undefined, known: readonly [T, ...T[]]): T {
  return known.find((k) => k === text) ?? known[0];
}

function noQuorumPolicy(text: string | undefined, stonithEnabled: boolean): ClusterOptions["noQuorumPolicy"] {
  switch (text?.toLowerCase()) {
    case "ignore":
      return "ignore";
    case "freeze":
      return "freeze";
    case "demote":
      return "demote";
    case "suicide":
      return stonithEnabled ? "suicide" : "stop";
    default:
      return "stop";
  }
}

/** "poweroff" is what older releases called "off". */
function stonithAction(text: string | undefined): ClusterOptions["stonithAction"] {
  return text === "off" || text === "poweroff" ? "off" : "reboot";
}
