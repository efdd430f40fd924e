import { type Cell, Run, type World } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import type { Bits } from "./meeting.js";

/**
 * The services and journeys that are out where two runs that do not meet have both left their marks: the one's world,
 * with the cells that the other left changed, and every derived fact derived again.
 */
export function outTogether(twin: Twin, world: World, other: World, left: Bits): ReadonlySet<string> {
  const run = new Run(world);
  run.act((instant) => {
    for (const cell of cellsIn(left, twin)) instant.set(cell, other.get(cell));
  });
  run.advanceTo(run.nowMs);
  const out = new Set<string>();
  for (const [name, served] of twin.served) if (!served(run)) out.add(name);
  return out;
}

/**
 * Cells that differ between two worlds, among those that a run wrote. A watcher's own state is left out: it says when
 * it looked last, and is worked out anew.
 */
export function changedCells(twin: Twin, base: World, world: World, written: Bits): Bits {
  const watchers = watcherCells(twin);
  const bits = new Uint32Array(written.length);
  for (const cell of cellsIn(written, twin))
    if (!watchers.has(cell.index) && !Object.is(base.get(cell), world.get(cell)))
      bits[cell.index >> 5]! |= 1 << (cell.index & 31);
  return bits;
}

function* cellsIn(bits: Bits, { blueprint }: Twin): Generator<Cell<unknown>> {
  for (let i = 0; i < bits.length; i++)
    for (let rest = bits[i]!; rest !== 0; rest &= rest - 1)
      yield blueprint.cells[(i << 5) + 31 - Math.clz32(rest & -rest)]!;
}

const known = new WeakMap<Twin, ReadonlySet<number>>();

function watcherCells(twin: Twin): ReadonlySet<number> {
  let found = known.get(twin);
  if (!found) {
    found = new Set(twin.blueprint.watchers.map(({ state }) => state.index));
    known.set(twin, found);
  }
  return found;
}
