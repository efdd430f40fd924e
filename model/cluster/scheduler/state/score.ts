/** Scores: integers between -INFINITY and INFINITY, where -INFINITY wins over INFINITY. */
export const INFINITY = 1_000_000;

/** The sum of two scores, as location and colocation constraints add up: -INFINITY is never left, INFINITY only for it. */
export function addScores(a: number, b: number): number {
  if (a <= -INFINITY || b <= -INFINITY) return -INFINITY;
  if (a >= INFINITY || b >= INFINITY) return INFINITY;
  const sum = a + b;
  return sum >= INFINITY ? INFINITY : Math.max(sum, -INFINITY);
}

/** A score as Pacemaker reads it: INFINITY, +INFINITY, -INFINITY, red/yellow/green are the caller's, else an integer. */
export function parseScore(text: string | undefined, otherwise = 0): number {
  if (text === undefined) return otherwise;
  if (text === "INFINITY" || text === "+INFINITY") return INFINITY;
  if (text === "-INFINITY") return -INFINITY;
  const value = Number.parseInt(text, 10);
  if (Number.isNaN(value)) return otherwise;
  return value > INFINITY ? INFINITY : Math.max(value, -INFINITY);
}

/** A score as crm_simulate prints it. */
export function printScore(score: number): string {
  if (score >= INFINITY) return "INFINITY";
  if (score <= -INFINITY) return "-INFINITY";
  return String(score);
}
