import type { ClosedModel } from "./declare.js";
import { bitsOf, type Fields } from "./fields.js";
import { type Gather, gatherOf, type Layout, layOut } from "./layout.js";
import type { Case } from "./probe.js";
import { problem, ValueRefused } from "./problem.js";
import { PieceList, type Tables } from "./tables.js";
import { type TabulatedCheck, type TabulatedCondition, type TabulatedModel, tabulate } from "./tabulate.js";

/** A model ready to be searched: tables for the machine, names for people. */
export interface CompiledModel {
  readonly name: string;
  readonly fields: Fields;
  readonly layout: Layout;
  readonly rules: readonly string[];
  readonly checks: readonly TabulatedCheck[];
  /** What an effect's refused value says, by its number. */
  readonly refusals: readonly string[];
  readonly tables: Tables;
}

/** Conditions share a table as long as it has at most this many bits; a table of its own may have more. */
const SHARED_TABLE_BITS = 13;
const TABLE_BITS_MAX = 16;

export function compileModel<P>(declared: ClosedModel<P>): CompiledModel {
  const model = declared as unknown as ClosedModel;
  const tabulated = tabulate(model);
  const { fields, rules, checks } = tabulated;
  const groups = groupConditions(tabulated, model.name);
  const layout = layOut(fields.all, fieldOrder(groups, fields));
  const pieces = new PieceList();
  const conditionTables = compileConditions(tabulated, groups, layout, pieces);
  const effects = compileEffects(tabulated, layout, pieces, model.name);
  const tables: Tables = {
    words: layout.words,
    rules: rules.length,
    checks: checks.length,
    mayEnd: checks.findIndex(({ kind }) => kind === "may-end"),
    initial: packed(layout, new Map(fields.all.map(({ id, initial }) => [id, initial]))).set,
    ...conditionTables,
    ...effects.tables,
    ...pieces.arrays(),
  };
  return {
    name: model.name,
    fields,
    layout,
    rules: rules.map(({ name }) => name),
    checks,
    refusals: effects.refusals,
    tables,
  };
}

/** Conditions whose reads are looked up together. */
interface Group {
  readonly reads: Set<number>;
  readonly conditions: TabulatedCondition[];
}

function conditionsOf({ rules, checks }: TabulatedModel): readonly (readonly TabulatedCondition[])[] {
  return [...rules, ...checks].map(({ conditions }) => conditions);
}

/** The widest conditions first, each to the table that grows least by it. */
function groupConditions(tabulated: TabulatedModel, model: string): readonly Group[] {
  const bits = (reads: Iterable<number>) => [...reads].reduce((sum, id) => sum + bitsOf(tabulated.fields.all[id]!), 0);
  const widest = [...new Set(conditionsOf(tabulated).flat())].sort((a, b) => bits(b.reads) - bits(a.reads));
  const groups: Group[] = [];
  for (const condition of widest) {
    const own = bits(condition.reads);
    if (own > TABLE_BITS_MAX)
      throw problem(
        model,
        `a condition reads ${own} bits (${condition.reads.map((id) => tabulated.fields.all[id]!.name).join(", ")}); at most ${TABLE_BITS_MAX}: split it into several`,
      );
    let best: Group | undefined;
    let growth = Number.POSITIVE_INFINITY;
    for (const group of groups) {
      const before = bits(group.reads);
      const after = bits(new Set([...group.reads, ...condition.reads]));
      if (after - before < growth && after <= Math.max(before, SHARED_TABLE_BITS)) {
        best = group;
        growth = after - before;
      }
    }
    if (best === undefined) {
      best = { reads: new Set(), conditions: [] };
      groups.push(best);
    }
    best.conditions.push(condition);
    for (const id of condition.reads) best.reads.add(id);
  }
  return groups;
}

function fieldOrder(groups: readonly Group[], fields: Fields): readonly number[] {
  return [...new Set([...groups.flatMap(({ reads }) => [...reads]), ...fields.all.map(({ id }) => id)])];
}

/** For each group a table from what it reads to a mask of the rules and checks that it lets through. */
function compileConditions(tabulated: TabulatedModel, groups: readonly Group[], layout: Layout, pieces: PieceList) {
  const all = conditionsOf(tabulated);
  const maskWords = Math.max(1, Math.ceil(all.length / 32));
  const full = new Int32Array(maskWords);
  const ruleMask = new Int32Array(maskWords);
  const watched = new Int32Array(maskWords);
  const once = new Int32Array(maskWords);
  all.forEach((_, bit) => {
    const one = 1 << (bit & 31);
    const word = bit >> 5;
    const kind = tabulated.checks[bit - tabulated.rules.length]?.kind;
    full[word]! |= one;
    if (kind === undefined) ruleMask[word]! |= one;
    if (kind === "always" || kind === "sometimes") watched[word]! |= one;
    if (kind === "sometimes") once[word]! |= one;
  });
  const gathers = groups.map(({ reads }) => gatherOf(layout, [...reads]));
  const groupColumns = [0];
  const columns: { readonly word: number; readonly masks: Int32Array }[] = [];
  groups.forEach(({ conditions }, at) => {
    const gather = gathers[at]!;
    const users = conditions.map((condition) => usersOf(condition, all, maskWords));
    for (let word = 0; word < maskWords; word++) {
      if (users.every((bits) => bits[word] === 0)) continue;
      const masks = new Int32Array(1 << gather.bits).fill(-1);
      conditions.forEach((condition, at) => {
        const bits = users[at]![word]!;
        if (bits !== 0) whereFails(gather, condition, (index) => (masks[index]! &= ~bits));
      });
      columns.push({ word, masks });
    }
    groupColumns.push(columns.length);
  });
  return {
    maskWords,
    full,
    ruleMask,
    watched,
    once,
    groups: groups.length,
    groupPieces: pieces.add(gathers),
    groupColumns: Int32Array.from(groupColumns),
    columnWord: Int32Array.from(columns, ({ word }) => word),
    columnBase: Int32Array.from(startsOf(columns.map(({ masks }) => masks.length))),
    masks: concatenated(columns.map(({ masks }) => masks)),
  };
}

/** Every index of a gather that reads all of a condition's fields, where it does not hold. */
function whereFails(gather: Gather, { cases }: TabulatedCondition, visit: (index: number) => void): void {
  eachIndex(
    gather,
    cases.filter(({ outcome }) => !outcome),
    visit,
  );
}

function usersOf(condition: TabulatedCondition, all: ReturnType<typeof conditionsOf>, maskWords: number): Int32Array {
  const users = new Int32Array(maskWords);
  all.forEach((list, bit) => {
    if (list.includes(condition)) users[bit >> 5]! |= 1 << (bit & 31);
  });
  return users;
}

function concatenated(arrays: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}

/** Marks in an effect's table: never asked for, because the rule is not possible there. */
const NEVER = -(2 ** 31);

function compileEffects({ rules, fields }: TabulatedModel, layout: Layout, pieces: PieceList, model: string) {
  const refusals: string[] = [];
  const leaves = new Map<string, number>();
  const keep: number[] = [];
  const set: number[] = [];
  const leafOf = (rule: string, outcome: ReadonlyMap<number, number> | ValueRefused): number => {
    if (outcome instanceof ValueRefused) return -refusals.push(`effect of "${rule}": ${outcome.message}`);
    const change = packed(layout, outcome);
    const key = `${change.keep}/${change.set}`;
    let leaf = leaves.get(key);
    if (leaf === undefined) {
      leaf = leaves.size;
      leaves.set(key, leaf);
      keep.push(...change.keep);
      set.push(...change.set);
    }
    return leaf;
  };
  const effects = rules.map(({ effect, conditions, name }) => {
    const gather = gatherOf(layout, effect.reads);
    if (gather.bits > TABLE_BITS_MAX)
      throw problem(
        model,
        `effect of "${name}" reads ${gather.bits} bits (${effect.reads.map((id) => fields.all[id]!.name).join(", ")}); at most ${TABLE_BITS_MAX}: split the rule`,
      );
    const table = new Int32Array(1 << gather.bits).fill(NEVER);
    const leafCases = effect.cases.map(({ reads, outcome }) => ({ reads, outcome: leafOf(name, outcome) }));
    eachIndex(gather, leafCases, (index, leaf) => (table[index] = leaf));
    for (const condition of conditions)
      if (condition.reads.every((id) => effect.reads.includes(id)))
        whereFails(gather, condition, (index) => (table[index] = NEVER));
    return narrowed(layout, gather, table);
  });
  return {
    refusals,
    tables: {
      effectPieces: pieces.add(effects.map(({ gather }) => gather)),
      effectBase: Int32Array.from(startsOf(effects.map(({ table }) => table.length))),
      effectLeaf: concatenated(effects.map(({ table }) => table)),
      keep: Int32Array.from(keep),
      set: Int32Array.from(set),
    },
  };
}

/** The table without the fields that make no difference wherever the rule is possible. */
function narrowed(layout: Layout, gather: Gather, table: Int32Array): { gather: Gather; table: Int32Array } {
  for (const { id } of gather.fields) {
    const smaller = gatherOf(
      layout,
      gather.fields.filter((field) => field.id !== id).map((field) => field.id),
    );
    const merged = new Int32Array(1 << smaller.bits).fill(NEVER);
    const project = projection(gather, smaller);
    let same = true;
    for (let index = 0; same && index < table.length; index++) {
      const leaf = table[index]!;
      const to = project(index);
      if (leaf === NEVER || merged[to] === leaf) continue;
      same = merged[to] === NEVER;
      merged[to] = leaf;
    }
    if (same) return narrowed(layout, smaller, merged);
  }
  return { gather, table };
}

/** The bits that some values take, word by word: those to keep and those to set. */
function packed(layout: Layout, values: ReadonlyMap<number, number>): { keep: Int32Array; set: Int32Array } {
  const keep = new Int32Array(layout.words).fill(-1);
  const set = new Int32Array(layout.words);
  for (const [id, value] of values) {
    const { word, shift, bits } = layout.places[id]!;
    keep[word]! &= ~((2 ** bits - 1) << shift);
    set[word]! |= value << shift;
  }
  return { keep, set };
}

/** Every index of a gather at which a case's values are; what it did not read may be anything. */
function eachIndex<T>(gather: Gather, cases: readonly Case<T>[], visit: (index: number, outcome: T) => void): void {
  const at = new Map(gather.fields.map((field) => [field.id, field]));
  for (const { reads, outcome } of cases) {
    let index = 0;
    let free = (1 << gather.bits) - 1;
    for (const { field, value } of reads) {
      const place = at.get(field);
      if (place === undefined) continue;
      index |= value << place.at;
      free &= ~((2 ** place.bits - 1) << place.at);
    }
    let rest = 0;
    do {
      visit(index | rest, outcome);
      rest = (rest - free) & free;
    } while (rest !== 0);
  }
}

/** From an index of a wide gather to the index of a narrow one within it. */
function projection(wide: Gather, narrow: Gather): (index: number) => number {
  const moves = narrow.fields.map(({ id, at, bits }) => ({
    from: wide.fields.find((field) => field.id === id)!.at,
    mask: 2 ** bits - 1,
    at,
  }));
  return (index) => {
    let out = 0;
    for (const { from, mask, at } of moves) out |= ((index >> from) & mask) << at;
    return out;
  };
}

function startsOf(sizes: readonly number[]): number[] {
  const starts = [0];
  for (const size of sizes) starts.push(starts[starts.length - 1]! + size);
  return starts;
}
