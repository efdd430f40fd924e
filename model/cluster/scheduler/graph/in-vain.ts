/** Something that is required and not to be done, and what waits for it. */
export interface Awaited<T> {
  readonly name: string;
  readonly isPseudo: boolean;
  readonly waiting: readonly T[];
}

/**
 * For each action that waits, directly or not, for something that is not to be done: the name of that. Of several the
 * one that tells most: what an agent does before a point between, then by name.
 */
export function waitingInVain<T>(
  awaited: readonly Awaited<T>[],
  followersOf: (action: T) => Iterable<T>,
): ReadonlyMap<T, string> {
  const found = new Map<T, string>();
  const byWhatTheyTell = [...awaited].sort(
    (a, b) => Number(a.isPseudo) - Number(b.isPseudo) || (a.name < b.name ? -1 : 1),
  );
  for (const { name, waiting } of byWhatTheyTell) {
    const left = [...waiting];
    for (let action = left.pop(); action !== undefined; action = left.pop()) {
      if (found.has(action)) continue;
      found.set(action, name);
      left.push(...followersOf(action));
    }
  }
  return found;
}
