/** The median of several timings of one piece of work, in milliseconds, after one run that is not counted. */
export function medianMs(runs: number, work: (run: number) => void): number {
  work(-1);
  return median(
    Array.from({ length: runs }, (_, run) => {
      const startedMs = performance.now();
      work(run);
      return performance.now() - startedMs;
    }),
  );
}

/**
 * Processor time of one piece of work in this process, in milliseconds: what a comparison on one core needs on a machine
 * that others use as well.
 */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Bytes on the heap after collecting; needs `node --expose-gc`. */
export function heapBytes(): number {
  const gc = (globalThis as { gc?: () => void }).gc;
  gc?.();
  gc?.();
  return process.memoryUsage().heapUsed;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
