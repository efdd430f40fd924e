import type { Decision } from "../interface.js";
import { printScore } from "../state/score.js";

/** The lines of `--show-scores`: how each node scored in each step, then the standing for promotion. */
export function printScores(decision: Decision): string {
  let text = "Allocation Scores:\n";
  for (const { step, instance, node, score } of decision.scores) {
    text +=
      step === "promotion"
        ? `  * ${instance} promotion score on ${node}: ${printScore(score)}\n`
        : `  * ${step}: ${instance} allocation score on ${node}: ${printScore(score)}\n`;
  }
  return text;
}
