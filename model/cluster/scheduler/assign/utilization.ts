import type { Node, Resource } from "../state/working.js";

/** Which of two nodes has more room left: of the attributes that both or one of them has, on most of them. */
export function capacityOrder(a: Node, b: Node): number {
  let order = 0;
  for (const [name, value] of a.utilization) {
    const other = b.utilization.get(name) ?? 0;
    if (value > other) order--;
    else if (value < other) order++;
  }
  for (const [name, value] of b.utilization) {
    if (!a.utilization.has(name) && value > 0) order++;
  }
  return order;
}

/** Books (1) or frees (-1) what a resource needs of a node. */
export function takeCapacity(resource: Resource, node: Node, sign: 1 | -1): void {
  for (const [name, need] of resource.utilization) {
    const left = node.utilization.get(name);
    if (left !== undefined) node.utilization.set(name, left - sign * need);
  }
}
