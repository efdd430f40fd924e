/**
 * The value under a name that somebody gave (a fault, an operator); a name that the topology does not have is a
 * `RangeError` that lists those it has.
 */
export function must<T>(map: ReadonlyMap<string, T>, name: string, what: string, plural: string): T {
  const found = map.get(name);
  if (found !== undefined) return found;
  const known = [...map.keys()];
  const shown = known.slice(0, 24).join(", ");
  const more = known.length > 24 ? `, and ${known.length - 24} more` : "";
  throw new RangeError(`unknown ${what} "${name}"; ${plural}: ${known.length > 0 ? shown + more : "none"}`);
}
