import { INFINITY } from "../state/score.js";
import { F, type Node, type Resource } from "../state/working.js";

/** Notes that a primitive is active on a node, and what follows where it should be active on one node alone. */
export function addRunning(resource: Resource, node: Node): void {
  if (resource.runningOn.includes(node)) return;
  resource.runningOn.push(node);
  if (!node.running.includes(resource)) node.running.push(resource);
  if (resource.priority > 0) node.priority += resource.priority;
  if (node.maintenance) {
    resource.clear(F.Managed);
  }
  if (!resource.is(F.Managed)) {
    // What is left alone stays where it is.
    resource.addScore(node, INFINITY);
    return;
  }
  if (resource.runningOn.length > 1) multiplyActive(resource);
}

function multiplyActive(resource: Resource): void {
  switch (resource.multipleActive) {
    case "stop_only":
      for (let i = 0; i < resource.scores.length; i++) resource.ban({ index: i } as Node);
      break;
    case "block": {
      resource.clear(F.Managed);
      resource.set(F.Blocked);
      const whole = entityOf(resource);
      if (whole) blockAll(whole);
      break;
    }
    default:
      break;
  }
}

/** A group or bundle that is itself to be blocked is blocked as a whole. */
function entityOf(resource: Resource): Resource | undefined {
  for (let r = resource.parent; r; r = r.parent) {
    if ((r.variant === "group" || r.variant === "bundle") && r.multipleActive === "block") return r;
  }
  return undefined;
}

function blockAll(resource: Resource): void {
  for (const child of resource.children) {
    child.clear(F.Managed);
    child.set(F.Blocked);
    blockAll(child);
  }
}
