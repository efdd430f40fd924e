import { addScores, INFINITY, parseScore } from "../state/score.js";
import type { ClusterState } from "../state/state.js";
import type { Node } from "../state/working.js";

/**
 * A node's health as the status shows it, where a strategy looks at it: that of the worst `#health…` attribute. A number
 * has the colour whose worth under the strategy it does not exceed; yellow only where that is not worth what green is.
 */
export function healthWord(state: ClusterState, node: Node): string {
  if (state.options.nodeHealthStrategy === "none") return "";
  const { nodeHealthGreen, nodeHealthYellow, nodeHealthRed } = scoresOf(state);
  let yellow = false;
  for (const [name, value] of node.attributes) {
    if (!name.startsWith("#health")) continue;
    if (value === "red") return " (health is RED)";
    if (value === "yellow") {
      yellow = true;
      continue;
    }
    // Green is no colour of its own here: red, where a strategy says that it is worth no more.
    const score = value === "green" ? nodeHealthGreen : parseScore(value);
    if (score <= nodeHealthRed) return " (health is RED)";
    if (score <= nodeHealthYellow && nodeHealthYellow !== nodeHealthGreen) yellow = true;
  }
  return yellow ? " (health is YELLOW)" : "";
}

/** What each colour is worth under the strategy. */
function scoresOf(state: ClusterState): { nodeHealthGreen: number; nodeHealthYellow: number; nodeHealthRed: number } {
  const { options } = state;
  switch (options.nodeHealthStrategy) {
    case "migrate-on-red":
      return { nodeHealthGreen: 0, nodeHealthYellow: 0, nodeHealthRed: -INFINITY };
    case "only-green":
      return { nodeHealthGreen: 0, nodeHealthYellow: -INFINITY, nodeHealthRed: -INFINITY };
    default:
      return options;
  }
}

function healthScore(state: ClusterState, value: string): number {
  const { nodeHealthGreen, nodeHealthYellow, nodeHealthRed } = scoresOf(state);
  switch (value) {
    case "green":
      return nodeHealthGreen;
    case "yellow":
      return nodeHealthYellow;
    case "red":
      return nodeHealthRed;
    default:
      return parseScore(value);
  }
}

/** What a node's health adds to the score of every resource there; 0 where no strategy looks at it. */
export function nodeHealthScore(state: ClusterState, node: Node): number {
  if (state.options.nodeHealthStrategy === "none") return 0;
  let sum = state.options.nodeHealthStrategy === "progressive" ? state.options.nodeHealthBase : 0;
  for (const [name, value] of node.attributes) {
    if (name.startsWith("#health")) sum = addScores(sum, healthScore(state, value));
  }
  return sum;
}
