/**
 * Lists of like records, column by column: a trace of a hundred thousand events names few things many times, and its
 * numbers rise by small steps. It is a tenth of the text to compress, to unpack and to parse. Records are shared where
 * they are equal, so nobody may change one.
 */
export interface Columns {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/**
 * Whole numbers: by how much each differs from the one before. Anything else: each different value once (a list of whole
 * numbers as steps too, its first from the first of the row before), and for each row which of them, from 1 on; 0 where
 * the row has none.
 */
type Column =
  | { readonly steps: readonly number[] }
  | { readonly values: readonly unknown[]; readonly at: readonly number[] }
  | { readonly lists: readonly (readonly number[])[]; readonly at: readonly number[] };

type Row = Readonly<Record<string, unknown>>;

export function toColumns(rows: readonly Row[]): Columns {
  const names = new Set(rows.flatMap(Object.keys));
  const columns = [...names].map((name) => [name, toColumn(rows.map((row) => row[name]))]);
  return { rows: rows.length, columns: Object.fromEntries(columns) as Columns["columns"] };
}

export function fromColumns({ rows, columns }: Columns): Row[] {
  const found = Array.from({ length: rows }, (): Record<string, unknown> => ({}));
  for (const [name, column] of Object.entries(columns)) {
    const values = fromColumn(column);
    for (let i = 0; i < rows; i++) if (values[i] !== undefined) found[i]![name] = values[i];
  }
  return found;
}

function toColumn(values: readonly unknown[]): Column {
  if (values.every(isWhole)) return { steps: stepsOf(values) };
  if (!values.every(isWholeList)) return { ...distinct(values) };
  const { values: lists, at } = distinct(values.map((list, i) => stepsOf(list, values[i - 1]?.[0])));
  return { lists, at };
}

function fromColumn(column: Column): readonly unknown[] {
  if ("steps" in column) return summed(column.steps);
  if ("values" in column) return column.at.map((at) => column.values[at - 1]);
  let first = 0;
  return column.at.map((at) => {
    const list = summed(column.lists[at - 1]!, first);
    first = list[0]!;
    return list;
  });
}

function distinct<T>(values: readonly T[]): { readonly values: readonly T[]; readonly at: readonly number[] } {
  const places = new Map<string, number>();
  const found: T[] = [];
  const at = values.map((value) => {
    if (value === undefined) return 0;
    const text = JSON.stringify(value);
    let place = places.get(text);
    if (place === undefined) {
      place = found.push(value);
      places.set(text, place);
    }
    return place;
  });
  return { values: found, at };
}

function stepsOf(values: readonly number[], from = 0): readonly number[] {
  return values.map((value, i) => value - (i === 0 ? from : values[i - 1]!));
}

function summed(steps: readonly number[], from = 0): readonly number[] {
  let value = from;
  return steps.map((step) => {
    value += step;
    return value;
  });
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isWholeList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(isWhole);
}

/** An object with its lists of records as columns. */
export interface Packed {
  readonly rest: Row;
  readonly lists: Readonly<Record<string, Columns>>;
}

export function packed(whole: object): Packed {
  const isList = ([, value]: [string, unknown]) => Array.isArray(value) && value.every(isRecord);
  const all: [string, unknown][] = Object.entries(whole);
  const lists = all.filter(isList).map(([name, rows]) => [name, toColumns(rows as Row[])]);
  return {
    rest: Object.fromEntries(all.filter((entry) => !isList(entry))),
    lists: Object.fromEntries(lists) as Packed["lists"],
  };
}

export function unpacked({ rest, lists }: Packed): object {
  return { ...rest, ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, fromColumns(list)])) };
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
