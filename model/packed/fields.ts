import type { AnyStateMachine } from "xstate";
import type { ClosedModel, Family, Variable } from "./declare.js";
import { LocalMachine, type Part } from "./local-machine.js";
import { problem } from "./problem.js";

/** One thing that varies: a shared variable, a machine, or an independent region of one. Its values are numbered from 0. */
export interface Field {
  readonly id: number;
  /** `side.n1`, `node.n1`, or `lamp.colour` for a region. */
  readonly name: string;
  /** How many values it can have; a machine's grows while rules are being tabulated. */
  size(): number;
  readonly initial: number;
  /** The value with this number, for people and for diagrams. */
  show(value: number): string;
}

export interface VariableField extends Field {
  readonly variable: Variable;
}

export interface MachineField extends Field {
  readonly local: LocalMachine;
  readonly part: Part;
}

/** A declared name: one item, or a family of them by name. */
export type Named<T> = T | ReadonlyMap<string, T>;

/** A variable's field, or those of a machine: one for each of its parts. */
export type PartFields = { readonly variable: VariableField } | { readonly machine: readonly MachineField[] };

export interface Fields {
  readonly all: readonly Field[];
  readonly parts: ReadonlyMap<string, Named<PartFields>>;
}

export function fieldsOf(model: ClosedModel): Fields {
  const all: Field[] = [];
  const add = <F extends Field>(field: F): F => {
    all.push(field);
    return field;
  };
  const locals = new Map<AnyStateMachine, LocalMachine>();
  const machineFields = (name: string, machine: AnyStateMachine): readonly MachineField[] => {
    let local = locals.get(machine);
    if (local === undefined) {
      local = new LocalMachine(machine, model.name);
      locals.set(machine, local);
    }
    return local.parts.map((part) => add(machineField(all.length, name, local, part)));
  };
  const partOf = (name: string, part: AnyStateMachine | Variable): PartFields =>
    isMachine(part)
      ? { machine: machineFields(name, part) }
      : { variable: add(variableField(all.length, name, part, model.name)) };
  const parts = new Map(
    Object.entries(model.parts).map(([name, part]): [string, Named<PartFields>] => [
      name,
      isMachine(part) || isVariable(part)
        ? partOf(name, part)
        : new Map(Object.entries(part).map(([key, member]) => [key, partOf(`${name}.${key}`, member)])),
    ]),
  );
  return { all, parts };
}

type AnyPart = Family<AnyStateMachine> | Family<Variable>;
const isMachine = (part: AnyPart): part is AnyStateMachine => "root" in part && "implementations" in part;
const isVariable = (part: AnyPart): part is Variable => "kind" in part && typeof part.kind === "string";

function machineField(id: number, name: string, local: LocalMachine, part: Part): MachineField {
  return {
    id,
    name: part.region === undefined ? name : `${name}.${part.region}`,
    local,
    part,
    initial: 0,
    size: () => part.states.length,
    show: (value) => showState(part, value),
  };
}

function showState(part: Part, state: number): string {
  const { value, snapshot } = part.states[state]!;
  const text = typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
  const context = part.region === undefined ? Object.entries(snapshot.context as Record<string, unknown>) : [];
  if (context.length === 0) return text;
  return `${text} (${context.map(([name, held]) => `${name} ${JSON.stringify(held)}`).join(", ")})`;
}

function variableField(id: number, name: string, variable: Variable, model: string): VariableField {
  const refuse = (message: string) => problem(model, `variable ${name} ${message}`);
  switch (variable.kind) {
    case "flag":
      return {
        id,
        name,
        variable,
        initial: Number(variable.initial),
        size: () => 2,
        show: (value) => String(value === 1),
      };
    case "range": {
      const { least, most, initial } = variable;
      if (![least, most, initial].every(Number.isSafeInteger) || least > initial || initial > most)
        throw refuse(`has bounds ${least} and ${most} with ${initial} at first; it needs whole numbers in order`);
      if (most - least >= RANGE_VALUES_MAX) throw refuse(`has ${most - least + 1} values; at most ${RANGE_VALUES_MAX}`);
      return {
        id,
        name,
        variable,
        initial: initial - least,
        size: () => most - least + 1,
        show: (value) => String(value + least),
      };
    }
    case "one-of": {
      const { values, initial } = variable;
      if (values.length === 0) throw refuse("is one of nothing");
      if (new Set(values).size < values.length) throw refuse("names a value twice");
      if (!values.includes(initial))
        throw problem(model, `variable ${name} cannot be`, { value: initial, known: values, knownAs: "values" });
      return {
        id,
        name,
        variable,
        initial: values.indexOf(initial),
        size: () => values.length,
        show: (value) => values[value]!,
      };
    }
  }
}

const RANGE_VALUES_MAX = 4_096;

/** Bits that hold a field's value. */
export function bitsOf(field: Field): number {
  return 32 - Math.clz32(field.size() - 1);
}
