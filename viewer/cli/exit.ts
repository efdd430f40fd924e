/** Exit codes of every verb. `diff` alone differs: 0 same, 1 different, 2 and more an error. */
export const EXIT = {
  pass: 0,
  /** A promise was broken, or a comparison disagreed. */
  broken: 1,
  /** Usage or invalid input. */
  usage: 2,
  /** Inconclusive: a bound was reached, nothing ran, something leaned on is not modelled. */
  unknown: 3,
  internal: 4,
  interrupted: 130,
} as const;
