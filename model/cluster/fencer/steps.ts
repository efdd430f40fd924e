import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { PrimitiveFacts } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import { fenceDevices, isRegistered, levelsFor, plugFor } from "./devices.js";
import type { FenceStep } from "./fence-operation.js";

/** The devices and peers that could fence a target from this node's partition, in the order of their use. */
export function stepsFor(
  core: ClusterCore,
  instant: Instant,
  node: NodeCells,
  target: NodeId,
  action: FenceStep["action"],
): readonly FenceStep[] {
  const cib = instant.get(node.cib);
  const devices = fenceDevices(cib);
  // The target itself is asked last: a node that fences itself cannot tell the others.
  const peers = core.peers(instant, node).filter((peer) => core.isAwake(instant, peer));
  const candidates = [...peers.filter((peer) => peer.name !== target), ...peers.filter((peer) => peer.name === target)];
  const canUse = (device: PrimitiveFacts, peer: NodeCells) =>
    isRegistered(cib, device, peer.name) && plugFor(device, target, listedBy(core, device.id)) !== undefined;
  const bestPeer = (device: PrimitiveFacts): NodeCells | undefined => {
    const able = candidates.filter((peer) => canUse(device, peer));
    // A peer whose own monitor watches the device is preferred.
    return able.find((peer) => peer.name !== target && isMonitoredBy(instant, device.id, peer)) ?? able[0];
  };
  const levels = levelsFor(cib, target);
  if (levels.length > 0) {
    return levels.flatMap((level) => {
      const steps: FenceStep[] = [];
      for (const id of level.devices) {
        const device = devices.find((candidate) => candidate.id === id);
        const peer = device && bestPeer(device);
        if (!device || !peer) return [];
        steps.push({ device: id, by: peer.name, action, level: level.index });
      }
      // A reboot through several devices switches all of them off before any comes on again.
      if (action === "reboot" && steps.length > 1)
        return [
          ...steps.map((step): FenceStep => ({ ...step, action: "off" })),
          ...steps.map((step): FenceStep => ({ ...step, action: "on" })),
        ];
      return steps;
    });
  }
  // Without levels a peer tries all that it has, then the next peer: who watches a device first.
  const watching = (peer: NodeCells) =>
    devices.some((device) => canUse(device, peer) && isMonitoredBy(instant, device.id, peer));
  const ordered = [
    ...candidates.filter((peer) => peer.name !== target && watching(peer)),
    ...candidates.filter((peer) => peer.name === target || !watching(peer)),
  ];
  let level = 0;
  return ordered.flatMap((peer) =>
    devices
      .filter((device) => canUse(device, peer))
      .sort((a, b) => priority(b) - priority(a))
      .map((device): FenceStep => ({ device: device.id, by: peer.name, action, level: --level })),
  );
}

function isMonitoredBy(instant: Instant, device: string, peer: NodeCells): boolean {
  const history = instant.get(peer.executor).history.get(device);
  const last = history?.operations.find((op) => op.id === `${device}_last_0`);
  return last?.operation === "start" && last.rcCode === 0;
}

/** What a query of the device would list: the plugs behind its controller. */
export function listedBy(core: ClusterCore, device: string): readonly string[] {
  return [...(core.spec.fenceDevices.find((facts) => facts.id === device)?.targets.values() ?? [])];
}

function priority(device: PrimitiveFacts): number {
  return Number(device.meta.get("priority") ?? 0) || 0;
}
