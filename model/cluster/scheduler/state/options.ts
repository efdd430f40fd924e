import { parseTimeMs } from "../../cib/dates.js";
import { wholeNumber } from "../../cib/whole-number.js";
import { parseScore } from "./score.js";
import type { ClusterOptions } from "./state.js";
import { parseBoolean } from "./values.js";

/** The cluster's options from their names and values; what is missing or cannot be read has Pacemaker 2.1.5's default. */
export function readOptions(all: ReadonlyMap<string, string>): ClusterOptions {
  const stonithEnabled = truth(all, "stonith-enabled", true);
  return {
    all,
    noQuorumPolicy: noQuorumPolicy(all.get("no-quorum-policy"), stonithEnabled),
    symmetricCluster: truth(all, "symmetric-cluster", true),
    maintenanceMode: truth(all, "maintenance-mode", false),
    stopAllResources: truth(all, "stop-all-resources", false),
    stopOrphanResources: truth(all, "stop-orphan-resources", true),
    stopOrphanActions: truth(all, "stop-orphan-actions", true),
    removeAfterStop: truth(all, "remove-after-stop", false),
    startFailureIsFatal: truth(all, "start-failure-is-fatal", true),
    enableStartupProbes: truth(all, "enable-startup-probes", true),
    startupFencing: truth(all, "startup-fencing", true),
    stonithEnabled,
    stonithAction: stonithAction(all.get("stonith-action")),
    stonithTimeoutMs: time(all, "stonith-timeout", 60_000),
    haveWatchdog: truth(all, "have-watchdog", false),
    stonithWatchdogTimeoutMs: time(all, "stonith-watchdog-timeout", 0),
    concurrentFencing: truth(all, "concurrent-fencing", false),
    priorityFencingDelayMs: time(all, "priority-fencing-delay", 0),
    clusterDelayMs: time(all, "cluster-delay", 60_000),
    batchLimit: whole(all, "batch-limit", 0),
    migrationLimit: whole(all, "migration-limit", -1),
    placementStrategy: oneOf(all.get("placement-strategy"), PLACEMENT_STRATEGIES),
    nodeHealthStrategy: oneOf(all.get("node-health-strategy"), HEALTH_STRATEGIES),
    nodeHealthBase: parseScore(all.get("node-health-base")),
    nodeHealthGreen: parseScore(all.get("node-health-green")),
    nodeHealthYellow: parseScore(all.get("node-health-yellow")),
    nodeHealthRed: parseScore(all.get("node-health-red") ?? "-INFINITY"),
    shutdownLock: truth(all, "shutdown-lock", false),
    shutdownLockLimitMs: time(all, "shutdown-lock-limit", 0),
    clusterRecheckIntervalMs: time(all, "cluster-recheck-interval", 900_000),
  };
}

const PLACEMENT_STRATEGIES = ["default", "utilization", "minimal", "balanced"] as const;
const HEALTH_STRATEGIES = ["none", "migrate-on-red", "only-green", "progressive", "custom"] as const;

function truth(all: ReadonlyMap<string, string>, name: string, otherwise: boolean): boolean {
  return parseBoolean(all.get(name)) ?? otherwise;
}

function time(all: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const text = all.get(name);
  return text === undefined ? otherwise : (parseTimeMs(text) ?? otherwise);
}

function whole(all: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  return wholeNumber(all.get(name)) ?? otherwise;
}

function oneOf<T extends string>(text: string | undefined, known: readonly [T, ...T[]]): T {
  const lower = text?.toLowerCase();
  return known.find((k) => k === lower) ?? known[0];
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
