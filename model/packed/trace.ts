import type { CompiledModel } from "./compile.js";
import { isLess } from "./expander.js";
import { FIRST_WORD_KEY, LEVEL_SHIFT, WRITTEN } from "./layout.js";
import { levelMark } from "./search.js";
import type { StateTable } from "./state-table.js";
import { CHUNK, Stepper } from "./stepper.js";

/** A state by the names of its fields, each value as text. */
export type ShownState = Readonly<Record<string, string>>;

/** One step of a counterexample: the rule, and what it left behind. */
export interface TraceStep {
  /** Undefined for the initial state. */
  readonly rule: string | undefined;
  readonly state: ShownState;
}

/**
 * The shortest way to a state of some level. Nothing is kept for it during the search: a predecessor is a state of the
 * level before, which the table's marks tell from its neighbours, with a rule that leads here. Of several the least
 * is taken, so that the trace is the same whatever the order of the search.
 */
export function traceTo(compiled: CompiledModel, table: StateTable, target: Int32Array, level: number): TraceStep[] {
  const steps: TraceStep[] = [];
  let state = target;
  for (let at = level; at > 0; at--) {
    const { from, rule } = predecessor(compiled, table, state, levelMark(at - 1));
    steps.unshift({ rule: compiled.rules[rule]!, state: shown(compiled, state) });
    state = from;
  }
  return [{ rule: undefined, state: shown(compiled, state) }, ...steps];
}

function predecessor(compiled: CompiledModel, table: StateTable, target: Int32Array, mark: number) {
  const { tables } = compiled;
  const { words } = tables;
  const stepper = new Stepper(tables);
  const chunk = new Int32Array(CHUNK * words);
  const made = new Int32Array(CHUNK * words);
  let best: { readonly from: Int32Array; readonly rule: number } | undefined;
  let count = 0;

  const look = () => {
    stepper.look(chunk, 0, count);
    for (let rule = 0; rule < tables.rules; rule++) {
      const results = stepper.apply(rule, chunk, made, 0);
      for (let i = 0; i < results; i++) {
        if (!isAt(made, i * words, target)) continue;
        const position = stepper.possible[rule * CHUNK + i]!;
        const from = chunk.slice(position, position + words);
        if (best === undefined || isLess(from, best.from)) best = { from, rule };
      }
    }
    count = 0;
  };

  for (let slot = 0; slot <= table.slotMask; slot++) {
    if (table.slots[slot * words]! >>> LEVEL_SHIFT !== mark) continue;
    unpackSlot(table, slot, words, chunk, count * words);
    count++;
    if (count === CHUNK) look();
  }
  look();
  if (best === undefined) throw new Error(`model ${compiled.name}: a state without a predecessor`);
  return best;
}

/** Copies a slot's state without its marks. */
export function unpackSlot({ slots }: StateTable, slot: number, words: number, into: Int32Array, at: number): void {
  for (let word = 0; word < words; word++) into[at + word] = slots[slot * words + word]!;
  into[at]! &= FIRST_WORD_KEY;
  into[at + words - 1]! &= ~WRITTEN;
}

function isAt(states: Int32Array, at: number, state: Int32Array): boolean {
  for (let word = 0; word < state.length; word++) if (states[at + word] !== state[word]) return false;
  return true;
}

/** A packed state by its names. */
export function shown({ fields, layout }: CompiledModel, state: Int32Array): ShownState {
  return Object.fromEntries(
    fields.all.map((field) => {
      const { word, shift, bits } = layout.places[field.id]!;
      return [field.name, field.show((state[word]! >>> shift) & (2 ** bits - 1))];
    }),
  );
}
