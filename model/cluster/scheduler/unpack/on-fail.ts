import { parseIntervalMs } from "../../cib/dates.js";
import type { XmlElement } from "../../cib/types.js";
import type { Unpacking } from "../state/unpacking.js";
import { F, type Resource, Role } from "../state/working.js";
import { isEnabled } from "./operations.js";
import { parseRole } from "./resource-properties.js";

/** What a failure asks for, in the order of gravity: of several failures on one node the gravest counts. */
export const OnFail = {
  Ignore: 0,
  Demote: 1,
  Recover: 2,
  Migrate: 3,
  Stop: 4,
  Block: 5,
  Standby: 6,
  RestartContainer: 7,
  ResetRemote: 8,
  Fence: 9,
} as const;
export type OnFail = (typeof OnFail)[keyof typeof OnFail];

export interface FailurePolicy {
  readonly onFail: OnFail;
  /** The role the resource may have at most after this failure; Role.Started where nothing is lost. */
  readonly role: Role;
}

/** How a failure of an operation is handled: `on-fail` of the op, of op_defaults, or what Pacemaker does by default. */
export function failurePolicy(
  unpacking: Unpacking,
  resource: Resource,
  operation: string,
  intervalMs: number,
): FailurePolicy {
  const { stonithEnabled } = unpacking.state.options;
  const op = configured(resource, operation, intervalMs);
  const written = validOnFail(unpacking, resource, op, operation, intervalMs);
  const after = operation === "promote" ? Role.Unpromoted : Role.Started;
  switch (written) {
    case "block":
      return { onFail: OnFail.Block, role: after };
    case "fence":
      return stonithEnabled ? { onFail: OnFail.Fence, role: after } : { onFail: OnFail.Stop, role: Role.Stopped };
    case "standby":
      return { onFail: OnFail.Standby, role: after };
    case "ignore":
    case "nothing":
      return { onFail: OnFail.Ignore, role: after };
    case "migrate":
      return { onFail: OnFail.Migrate, role: after };
    case "stop":
      return { onFail: OnFail.Stop, role: Role.Stopped };
    case "restart":
      return { onFail: OnFail.Recover, role: after };
    case "restart-container":
      return { onFail: resource.container ? OnFail.RestartContainer : OnFail.Recover, role: after };
    case "demote":
      return { onFail: OnFail.Demote, role: after };
    default:
      break;
  }
  if (resource.container) return { onFail: OnFail.RestartContainer, role: after };
  const probe = operation === "monitor" && intervalMs === 0;
  if (isRemoteNodeConnection(resource) && !probe && operation !== "start") {
    if (!resource.is(F.Managed)) return { onFail: OnFail.Stop, role: Role.Stopped };
    return { onFail: OnFail.ResetRemote, role: resource.remoteReconnectMs > 0 ? Role.Stopped : after };
  }
  if (operation === "stop") return { onFail: stonithEnabled ? OnFail.Fence : OnFail.Block, role: after };
  return { onFail: OnFail.Recover, role: after };
}

/** A connection to a Pacemaker Remote node that is no guest. */
export function isRemoteNodeConnection(resource: Resource): boolean {
  return resource.remoteNode?.kind === "remote";
}

/** The op as configured for a resource, by its name and interval. */
export function configured(resource: Resource, operation: string, intervalMs: number): XmlElement | undefined {
  let disabled: XmlElement | undefined;
  for (const op of resource.operations) {
    if (op.attrs["name"] !== operation || parseIntervalMs(op.attrs["interval"] ?? "0") !== intervalMs) continue;
    if (!isEnabled(op)) disabled ??= op;
    else return op;
  }
  return disabled;
}

function validOnFail(
  unpacking: Unpacking,
  resource: Resource,
  op: XmlElement | undefined,
  operation: string,
  intervalMs: number,
): string | undefined {
  let value = operationMeta(unpacking, resource, op, operation, intervalMs).get("on-fail")?.toLowerCase();
  if (operation === "stop" && (value === "standby" || value === "demote" || value === "stop")) return undefined;
  if (operation === "demote" && value === undefined) {
    for (const other of resource.operations) {
      const text = other.attrs["on-fail"];
      if (text === undefined || other.attrs["name"] !== "monitor" || text.toLowerCase() === "demote") continue;
      if (!isEnabled(other) || parseRole(other.attrs["role"]) !== Role.Promoted) continue;
      if (parseIntervalMs(other.attrs["interval"] ?? "0") > 0) value = text.toLowerCase();
    }
  }
  if (value === "demote") {
    const ofPromoted =
      operation === "promote" ||
      (operation === "monitor" && intervalMs > 0 && parseRole(op?.attrs["role"]) === Role.Promoted);
    if (!ofPromoted) return undefined;
  }
  return value;
}

/** The meta-attributes of an operation: its own sets, its attributes, then op_defaults. */
export function operationMeta(
  unpacking: Unpacking,
  resource: Resource,
  op: XmlElement | undefined,
  operation: string,
  intervalMs: number,
): Map<string, string> {
  const meta = new Map<string, string>();
  if (!op && !unpacking.opDefaults) return meta;
  const context = unpacking.rules({
    resource: { class: resource.agentClass, provider: resource.agentProvider, type: resource.agentType },
    operation: { name: operation, intervalMs },
  });
  if (op) {
    unpacking.pairs(op, "meta_attributes", meta, context);
    for (const name of Object.keys(op.attrs)) if (!meta.has(name)) meta.set(name, op.attrs[name]!);
  }
  unpacking.pairs(unpacking.opDefaults, "meta_attributes", meta, context);
  return meta;
}
