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
  const own = operationParameters(plan, resource, config, node);
  const parameters = new Map<string, string>();
  addParameters(resourceParameters(plan, resource, node), parameters);
  addParameters(own, parameters);
  if (op.intervalMs > 0) {
    parameters.set("CRM_meta_timeout", String(operationTimeoutMs(plan, resource, name, op.intervalMs, config)));
  }

  if (opRestartDigest !== undefined) {
    const listed = op.opForceRestart === undefined ? parameters : only(parameters, op.opForceRestart.split(" "));
    if (parameterDigest(listed, plan.digests) !== opRestartDigest) return "restart";
  }
  if (opDigest === undefined) return "unknown";
  if (parameterDigest(parameters, plan.digests) === opDigest) return "none";
  // Parameters of the one operation are applied by nothing but running it anew.
  if (op.intervalMs === 0 && own.size > 0) return "restart";
  return onlyPrivate(resource, op, parameters) ? "none" : "changed";
}

function addParameters(from: ReadonlyMap<string, string>, to: Map<string, string>): void {
  from.forEach((value, name) => {
    if (isParameter(name)) to.set(name, value);
  });
}

function only(parameters: ReadonlyMap<string, string>, names: readonly string[]): Map<string, string> {
  const listed = new Map<string, string>();
  for (const name of names) {
    const value = parameters.get(name);
    if (value !== undefined) listed.set(name, value);
  }
  return listed;
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
