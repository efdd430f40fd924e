import { A } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";

/** Has the controller record which remote and guest nodes are in maintenance, where the status says otherwise. */
export function planMaintenanceUpdate(plan: Plan): void {
  const outdated = plan.nodes.some((node) => node.isRemote && node.maintenance !== node.remoteMaintenance);
  if (outdated) plan.clusterPseudo("maintenance_nodes", Task.MaintenanceNodes).set(A.PrintAlways);
}
