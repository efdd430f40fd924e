/**
 * The partitions that form among nodes that hear each other: groups in which every node hears every other, taken in
 * the order of node ids, because a ring needs all of its members to exchange join messages. `linked(i, j)` is asked
 * for i < j. Returns the groups, each ascending; nodes for which `present` is false are in none.
 */
export function partitions(
  count: number,
  present: (i: number) => boolean,
  linked: (i: number, j: number) => boolean,
): readonly (readonly number[])[] {
  const groups: number[][] = [];
  const taken = new Array<boolean>(count).fill(false);
  for (let i = 0; i < count; i++) {
    if (taken[i] || !present(i)) continue;
    const group = [i];
    for (let j = i + 1; j < count; j++)
      if (!taken[j] && present(j) && group.every((member) => linked(member, j))) group.push(j);
    for (const member of group) taken[member] = true;
    groups.push(group);
  }
  return groups;
}
