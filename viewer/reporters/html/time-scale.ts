import { type ScaleLinear, scaleLinear } from "d3";

/** Pixels that separate two moments at the least and at the most, whatever lies between them. */
const STEP_MIN = 5;
const STEP_MAX = 90;
const PIXELS_PER_SECOND = 14;

export interface TimeScale {
  readonly x: ScaleLinear<number, number>;
  readonly widthPx: number;
  /** Spans whose length on the page is shorter than their time: told by a mark on the axis. */
  readonly folded: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** Moments that the axis labels. */
  readonly ticks: readonly number[];
}

/**
 * A time axis that follows what happened: busy seconds get room, quiet minutes are folded. A failover of forty
 * seconds and the ten quiet minutes after it fit one page.
 */
export function timeScale(momentsMs: readonly number[], leftPx: number): TimeScale {
  const moments = [...new Set([0, ...momentsMs])].sort((a, b) => a - b);
  const positions: number[] = [leftPx];
  const folded: { fromMs: number; toMs: number }[] = [];
  for (let i = 1; i < moments.length; i++) {
    const natural = ((moments[i]! - moments[i - 1]!) / 1_000) * PIXELS_PER_SECOND;
    if (natural > STEP_MAX * 1.5) folded.push({ fromMs: moments[i - 1]!, toMs: moments[i]! });
    positions.push(positions[i - 1]! + Math.min(STEP_MAX, Math.max(STEP_MIN, natural)));
  }
  if (moments.length === 1) {
    moments.push(moments[0]! + 1_000);
    positions.push(leftPx + STEP_MAX);
  }
  const x = scaleLinear(moments, positions).clamp(true);
  const ticks: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  moments.forEach((moment, i) => {
    if (positions[i]! - last < 76) return;
    ticks.push(moment);
    last = positions[i]!;
  });
  return { x, widthPx: positions[positions.length - 1]! + 60, folded, ticks };
}
