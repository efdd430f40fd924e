import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";

/** Resources that a cleanly shut down node ran wait for it, while their lock holds. */
export function applyShutdownLocks(plan: Plan): void {
  if (!plan.options.shutdownLock) return;
  const limit = Math.floor(plan.options.shutdownLockLimitMs / 1000);
  for (const resource of plan.state.allResources) {
    const locked = resource.lockNode;
    if (!locked) continue;
    if (limit > 0) {
      const expiry = resource.lockTime + limit;
      if (plan.state.nowEpochSeconds > expiry) {
        resource.lockNode = undefined;
        resource.lockTime = 0;
        continue;
      }
      plan.state.recheckBy(expiry + 1);
    }
    for (const node of plan.nodes) {
      if (node !== locked && resource.allowed[node.index]) resource.scores[node.index] = -INFINITY;
    }
  }
}
