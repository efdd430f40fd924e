/** What holds from a moment on, in the order of time: a binary search gives what holds at any moment. */
export interface From {
  readonly atMs: number;
}

/** The position of the last item at or before a moment; -1 before the first. */
export function lastAt(items: readonly From[], atMs: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function itemAt<T extends From>(items: readonly T[] | undefined, atMs: number): T | undefined {
  return items?.[lastAt(items, atMs)];
}

/** Adds to the list of a key. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
