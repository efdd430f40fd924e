import type { ClusterState } from "./state.js";
import type { Node } from "./working.js";

/**
 * Whether the cluster may fence a node: with a device, and with quorum or the node among its members. A guest is fenced
 * by stopping its container, which its host does while it is up, or being fenced itself brings about.
 */
export function canFence(state: ClusterState, node: Node, guests: readonly Node[] = []): boolean {
  if (node.isGuest) {
    const container = node.connection?.container;
    // A guest's container that a history has in a guest of its own is stopped by nobody.
    if (!container || guests.includes(node)) return false;
    const asked = [...guests, node];
    return container.runningOn.every((host) => host.online || canFence(state, host, asked));
  }
  const { options } = state;
  if (!options.stonithEnabled || !state.haveFenceDevice) return false;
  return state.haveQuorum || options.noQuorumPolicy === "ignore" || node.online;
}
