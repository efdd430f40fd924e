import { isParameter, parameterDigest } from "../../cib/parameter-digest.js";
import type { OperationHistory } from "../../cib/types.js";
import type { Plan } from "../state/plan.js";
import { F, type Node, type Resource } from "../state/working.js";
import { operationConfig } from "../unpack/operations.js";
import { operationTimeoutMs } from "./operation-meta.js";
import { operationParameters, resourceParameters } from "./parameters.js";

/** What became of the parameters an operation ran with. */
export type DigestChange = "none" | "unknown" | "changed" | "restart";

/** Holds the parameters that an operation of the history ran with against those it would run with now. */
export function digestChange(plan: Plan, resource: Resource, node: Node, op: OperationHistory): DigestChange {
  const { opDigest, opRestartDigest } = op;
  if (opDigest === undefined && opRestartDigest === undefined) return "unknown";
  const name = op.operation;
  const config = operationConfig(resource, name, op.intervalMs);
  const parameters = new Map(resourceParameters(plan, resource, node));
  const own = operationParameters(plan, resource, config, node);
  for (const [key, value] of own) parameters.set(key, value);
  for (const key of parameters.keys()) if (!isParameter(key)) parameters.delete(key);
  if (op.intervalMs > 0) {
    parameters.set("CRM_meta_timeout", String(operationTimeoutMs(plan, resource, name, op.intervalMs, config)));
  }

  if (opRestartDigest !== undefined) {
    const listed = new Map(parameters);
    if (op.opForceRestart !== undefined) {
      const names = op.opForceRestart.split(" ");
      for (const key of listed.keys()) if (!names.includes(key)) listed.delete(key);
    }
    if (parameterDigest(listed) !== opRestartDigest) return "restart";
  }
  if (opDigest === undefined) return "unknown";
  if (parameterDigest(parameters) === opDigest) return "none";
  // Parameters of the one operation are applied by nothing but running it anew.
  if (op.intervalMs === 0 && own.size > 0) return "restart";
  return onlyPrivate(resource, op, parameters) ? "none" : "changed";
}

/** Whether what changed are only parameters that the history keeps to itself (passwords and the like). */
function onlyPrivate(resource: Resource, op: OperationHistory, parameters: ReadonlyMap<string, string>): boolean {
  const digest = op.other?.["op-secure-digest"];
  const names = op.other?.["op-secure-params"]?.split(" ");
  if (digest === undefined || !names) return false;
  const open = new Map(parameters);
  open.delete("CRM_meta_timeout");
  for (const name of names) open.delete(name);
  if (resource.is(F.FenceDevice)) {
    // The fencer keeps its own parameters of a device from the agent.
    for (const name of parameters.keys()) {
      if (name.startsWith("pcmk_") || name === "provides" || name === "stonith-timeout") open.delete(name);
    }
  }
  return parameterDigest(open) === digest;
}
