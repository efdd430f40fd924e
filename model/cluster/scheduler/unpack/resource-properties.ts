import { parseIntervalMs, parseTimeMs } from "../../cib/dates.js";
import type { XmlElement } from "../../cib/types.js";
import { INFINITY, parseScore } from "../state/score.js";
import type { ClusterState } from "../state/state.js";
import type { Unpacking } from "../state/unpacking.js";
import { isTrue, parseBoolean } from "../state/values.js";
import { F, type Resource, Role } from "../state/working.js";

/**
 * Meta-attributes of a resource: its XML's own attributes, its sets, those of what holds it, then rsc_defaults.
 * `written` is the element before its template was merged in.
 */
export function readMeta(unpacking: Unpacking, resource: Resource, written: XmlElement): Map<string, string> {
  const meta = new Map<string, string>();
  const xml = resource.xml ?? written;
  for (const name of Object.keys(xml.attrs)) meta.set(name, xml.attrs[name]!);
  const context = unpacking.rules({
    resource: { class: resource.agentClass, provider: resource.agentProvider, type: resource.agentType },
  });
  unpacking.pairs(xml, "meta_attributes", meta, context);
  if (resource.parent && !(resource.parent.variant === "bundle" && resource.variant === "primitive")) {
    for (const [name, value] of resource.parent.meta) if (!meta.has(name)) meta.set(name, value);
  } else if (resource.parent) {
    for (const [name, value] of resource.parent.meta) {
      if (!meta.has(name)) meta.set(name, value);
    }
  }
  unpacking.pairs(unpacking.rscDefaults, "meta_attributes", meta, context);
  // Instances of a clone stay where they are, other things being equal.
  if (resource.variant === "clone" && !meta.has("resource-stickiness")) meta.set("resource-stickiness", "1");
  return meta;
}

/** What the meta-attributes say, as flags and numbers. */
export function readProperties(unpacking: Unpacking, resource: Resource): void {
  const { options } = unpacking.state;
  const { meta } = resource;
  resource.set(F.Runnable | F.Unassigned);
  if (isTrue(meta.get("is-managed"), true)) resource.set(F.Managed);
  else resource.clear(F.Managed);
  if (parseBoolean(meta.get("maintenance")) === true) {
    resource.clear(F.Managed);
    resource.set(F.Maintenance);
  }
  if (options.maintenanceMode) {
    resource.clear(F.Managed);
    resource.set(F.Maintenance);
  }
  if (isTrue(meta.get("critical"), true)) resource.set(F.Critical);
  if (parseBoolean(meta.get("notify")) === true) resource.set(F.Notify);
  // A connection moves without stopping what runs behind it; a guest's moves with the guest.
  const connection = resource.remoteNode !== undefined && !meta.has("container");
  if (isTrue(meta.get("allow-migrate"), connection)) resource.set(F.AllowMigrate);
  if (meta.get("allow-remote") !== undefined) resource.set(F.AllowRemoteRemotes);
  readUnique(resource);
  resource.priority = parseScore(meta.get("priority"));
  resource.stickiness = parseScore(meta.get("resource-stickiness"));
  readMultipleActive(resource);
  readThreshold(resource);
  if (resource.agentClass === "stonith") {
    unpacking.state.haveFenceDevice = true;
    resource.set(F.FenceDevice);
  }
  readRequires(unpacking, resource);
  const timeout = meta.get("failure-timeout");
  if (timeout !== undefined) resource.failureTimeoutMs = parseIntervalMs(timeout);
  if (resource.remoteNode) readReconnect(unpacking, resource);
  readTargetRole(resource);
  readUtilization(unpacking, resource);
}

/** Instances of an anonymous clone are the same everywhere; what is in no clone is one of its kind. */
function readUnique(resource: Resource): void {
  const top = resource.whole;
  if (top.variant !== "clone" && top.variant !== "bundle") {
    resource.set(F.Unique);
    return;
  }
  // What is in a clone is as unique as the clone turned out to be.
  const clone = resource.enclosingClone;
  if (clone ? clone.is(F.Unique) : parseBoolean(resource.meta.get("globally-unique")) === true) {
    resource.set(F.Unique);
  }
  if (resource.replica || resource.parent?.variant === "bundle") resource.set(F.Unique);
}

function readMultipleActive(resource: Resource): void {
  switch (resource.meta.get("multiple-active")?.toLowerCase()) {
    case "stop_only":
      resource.multipleActive = "stop_only";
      break;
    case "block":
      resource.multipleActive = "block";
      break;
    case "stop_unexpected":
      resource.multipleActive = "stop_unexpected";
      break;
    default:
      resource.multipleActive = "stop_start";
  }
}

function readThreshold(resource: Resource): void {
  const text = resource.meta.get("migration-threshold");
  if (text === undefined) return;
  const threshold = parseScore(text, INFINITY);
  // A negative one is a mistake, which is put right to the strictest.
  resource.migrationThreshold = threshold < 0 ? 1 : threshold;
}

function readRequires(unpacking: Unpacking, resource: Resource): void {
  const { options } = unpacking.state;
  let requires = resource.meta.get("requires")?.toLowerCase();
  const fenceDevice = resource.is(F.FenceDevice);
  if (requires === "unfencing" && fenceDevice) requires = "quorum";
  if (requires !== "nothing" && requires !== "quorum" && requires !== "fencing" && requires !== "unfencing") {
    // A connection does no harm on two nodes at once, and a fence device may be needed for the fencing itself.
    requires = fenceDevice || resource.remoteNode ? "quorum" : requiresByDefault(unpacking.state);
  }
  // Without fencing all that is left to wait for is quorum, also where a device would have nodes unfenced.
  if ((requires === "unfencing" || requires === "fencing") && !options.stonithEnabled) requires = "quorum";
  if (requires === "quorum") resource.set(F.NeedsQuorum);
  else if (requires === "fencing") resource.set(F.NeedsFencing);
  else if (requires === "unfencing") resource.set(F.NeedsFencing | F.NeedsUnfencing);
}

function requiresByDefault({ options, unfencingAsked }: ClusterState): string {
  if (unfencingAsked) return "unfencing";
  if (options.stonithEnabled) return "fencing";
  return options.noQuorumPolicy === "ignore" ? "nothing" : "quorum";
}

function readReconnect(unpacking: Unpacking, resource: Resource): void {
  const parameters = new Map<string, string>();
  unpacking.pairs(resource.xml, "instance_attributes", parameters, unpacking.rules());
  const interval = parameters.get("reconnect_interval");
  if (interval !== undefined) resource.remoteReconnectMs = parseTimeMs(interval) ?? 0;
  // Between reconnections a failure is remembered, and no longer.
  if (resource.remoteReconnectMs > 0) resource.failureTimeoutMs = resource.remoteReconnectMs;
}

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["stopped", Role.Stopped],
  ["started", Role.Started],
  ["slave", Role.Unpromoted],
  ["unpromoted", Role.Unpromoted],
  ["master", Role.Promoted],
  ["promoted", Role.Promoted],
]);

/** A role by its name, the old names included; Role.Unknown where it is none. */
export function parseRole(text: string | undefined): Role {
  return text === undefined ? Role.Unknown : (ROLES.get(text.toLowerCase()) ?? Role.Unknown);
}

/** The role that target-role asks for: Role.Unknown where it asks for nothing special. */
export function targetRole(resource: Resource): Role {
  const text = resource.meta.get("target-role");
  if (text === undefined || text.toLowerCase() === "started" || text.toLowerCase() === "default") return Role.Unknown;
  const role = parseRole(text);
  if (role > Role.Started && !resource.top.is(F.Promotable)) {
    return Role.Unknown;
  }
  // Being promoted is what a promotable resource strives for anyway.
  return role === Role.Promoted ? Role.Unknown : role;
}

function readTargetRole(resource: Resource): void {
  const role = targetRole(resource);
  if (role !== Role.Unknown) resource.nextRole = role;
}

function readUtilization(unpacking: Unpacking, resource: Resource): void {
  if (resource.variant !== "primitive" || !resource.xml) return;
  const values = new Map<string, string>();
  unpacking.pairs(resource.xml, "utilization", values, unpacking.rules());
  if (values.size === 0) return;
  const utilization = new Map<string, number>();
  for (const [name, value] of values) utilization.set(name, Number.parseInt(value, 10) || 0);
  resource.utilization = utilization;
}
