import type { Decision } from "../interface.js";
import { printScore } from "../state/score.js";
import { Lines, type TextStyle } from "./lines.js";

/** The lines of `--show-scores`: how each node scored in each step, then the standing for promotion. */
export function printScores(decision: Decision, style: TextStyle): string {
  const lines = new Lines({ style });
  if (style === "fancy") lines.raw("Allocation Scores:");
  for (const { step, instance, node, score } of decision.scores) {
    lines.add(
      1,
      step === "promotion"
        ? `${instance} promotion score on ${node}: ${printScore(score)}`
        : `${step}: ${instance} allocation score on ${node}: ${printScore(score)}`,
    );
  }
  return lines.toString();
}
