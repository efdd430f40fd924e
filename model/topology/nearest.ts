/** The known names, closest to a misspelt one first. Names of equal distance keep their order. */
export function nearestFirst(wrong: string, known: Iterable<string>): string[] {
  const names = [...known];
  if (names.length > MOST_COMPARED) return names;
  return names
    .map((name) => ({ name, distance: distance(wrong.slice(0, LONGEST), name.slice(0, LONGEST)) }))
    .sort((left, right) => left.distance - right.distance)
    .map(({ name }) => name);
}

const MOST_COMPARED = 2_000;
const LONGEST = 64;

/** Edits (insert, delete, change) that turn one word into the other. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[right.length]!;
}
