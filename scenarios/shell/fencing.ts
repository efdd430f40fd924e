import type { NodeId } from "../../model/twin/parts.js";
import type { Call } from "./command.js";

/** Longer than any fence: time-out, retries and delays together. */
const FENCE_MAX_MS = 1_200_000;

/** Has a node fenced and waits for it. `fenced`, or why not in the tool's words. */
export function fenceByHand(call: Call, target: NodeId, action: "off" | "reboot", typed: string): string {
  const { handle, twin, node } = call;
  if (twin.clusters.clusterOf(target) !== twin.clusters.clusterOf(node)) return "No such device";
  const from = handle.trace.length;
  handle.act(node, typed, (instant) => {
    twin.promises.expectFence(instant, target);
    twin.clusters.operator.fence(instant, node, target, action);
  });
  const told = () =>
    handle.trace
      .slice(from)
      .find(({ subject, what }) => subject === `node/${target}` && (what === "fenced" || what === "fence-failed"));
  const outcome = handle.advanceUntil(() => told() !== undefined, FENCE_MAX_MS);
  if (outcome !== "held") return "Timer expired";
  return told()!.what === "fenced" ? "fenced" : "Command failed: No route to host";
}

/** Somebody swears that a node is down. */
export function confirmFenced(call: Call, target: NodeId, typed: string): void {
  const { handle, twin, node } = call;
  handle.about({ kind: "confirm-fence", node: target });
  handle.act(node, typed, (instant) => twin.clusters.operator.confirmFenced(instant, node, target));
}
