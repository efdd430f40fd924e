/** Nearer than this share of the run nobody comes. */
const NARROWEST = 0.002;

/** The stretch of the axis in sight: positions from 0 to 1, never beyond either end. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const WHOLE: Range = { from: 0, to: 1 };

export function isWhole({ from, to }: Range): boolean {
  return to - from === 1;
}

/** A stretch as near as it may be to what was asked for. */
export function rangeOf(from: number, to: number): Range {
  const width = Math.max(NARROWEST, Math.min(1, to - from));
  const start = Math.max(0, Math.min(1 - width, from));
  return { from: start, to: start + width };
}

/** Nearer or farther, what stands at a position staying where it is on the screen. */
export function zoomedAbout({ from, to }: Range, position: number, factor: number): Range {
  const share = Math.max(0, Math.min(1, (position - from) / (to - from)));
  const width = Math.min(1, (to - from) * factor);
  return rangeOf(position - share * width, position + (1 - share) * width);
}

/** Earlier or later by so much of the axis. */
export function shifted({ from, to }: Range, by: number): Range {
  return rangeOf(from + by, to + by);
}
