import type { Box } from "../../layout/layout.js";
import type { Item } from "./scene.js";

/** Names stand at the top of a box: that is where a reader sees it, however tall it is. */
const TOP_PX = 40;
/** What lies aside counts so much more than what lies ahead. */
const ASIDE = 2.5;

/** The key of the nearest item in a direction (dx, dy); the box's own where there is none. */
export function nearestItem(items: readonly Item[], from: Box, dx: number, dy: number): string {
  const middle = (box: Box) => [box.x + box.width / 2, box.y + Math.min(box.height, TOP_PX) / 2] as const;
  const [x, y] = middle(from);
  let best = from.key;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const { box, how } of items) {
    if (box.key === from.key || how === "frame") continue;
    const [toX, toY] = middle(box);
    const along = (toX - x) * dx + (toY - y) * dy;
    const across = Math.abs((toX - x) * dy) + Math.abs((toY - y) * dx);
    if (along <= 1) continue;
    const cost = along + ASIDE * across;
    if (cost < bestCost) [best, bestCost] = [box.key, cost];
  }
  return best;
}
