import type { AnyStateMachine, ContextFrom, EventFrom, StateValueFrom } from "xstate";

/** A shared variable that is true or false. */
export interface Flag {
  readonly kind: "flag";
  readonly initial: boolean;
}

/** A shared whole number, both bounds included. */
export interface Range {
  readonly kind: "range";
  readonly least: number;
  readonly most: number;
  readonly initial: number;
}

/** A shared variable that is one of some words. */
export interface OneOf<T extends string = string> {
  readonly kind: "one-of";
  readonly values: readonly T[];
  readonly initial: T;
}

export type Variable = Flag | Range | OneOf;

/** One of something, or one for each name: `each(NODES, flag())` is read as `s.side.n1`. */
export type Family<T> = T | { readonly [name: string]: T };

export const flag = (initial = false): Flag => ({ kind: "flag", initial });

export const range = (least: number, most: number, initial = least): Range => ({ kind: "range", least, most, initial });

export function oneOf<const T extends string>(values: readonly T[], initial: NoInfer<T> = values[0]!): OneOf<T> {
  return { kind: "one-of", values, initial };
}

/** The same for each name; a function of the name where they differ. */
export function each<const N extends string, T>(names: readonly N[], item: T | ((name: N) => T)): Record<N, T> {
  const make = (name: N) => (typeof item === "function" ? (item as (name: N) => T)(name) : item);
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, T>;
}

type EventOf<M extends AnyStateMachine> = EventFrom<M> | EventFrom<M>["type"];
type ValueOrPart<V> = V extends string
  ? V
  : V extends object
    ? { [K in keyof V]?: ValueOrPart<V[K]> } | keyof V
    : never;

/** What a condition may ask of a machine. */
export interface MachineFacts<M extends AnyStateMachine> {
  /** XState's state value. */
  readonly value: StateValueFrom<M>;
  readonly context: Readonly<ContextFrom<M>>;
  /** XState's `matches`. */
  is(state: ValueOrPart<StateValueFrom<M>>): boolean;
  hasTag(tag: string): boolean;
  /** Whether the event would change the machine or make it ask for an action. */
  can(event: EventOf<M>): boolean;
}

/** What an effect may do with a machine. */
export interface MachineHandle<M extends AnyStateMachine> extends MachineFacts<M> {
  /** Gives the machine an event. Returns the names of the XState actions that it asks for. */
  send(event: EventOf<M>): readonly string[];
}

type VariableValue<V> = V extends Flag
  ? boolean
  : V extends Range
    ? number
    : V extends OneOf<infer T>
      ? T
      : { [K in keyof V]: VariableValue<V[K]> };
type FactsOf<M> = M extends AnyStateMachine ? MachineFacts<M> : { readonly [K in keyof M]: FactsOf<M[K]> };
type HandleOf<M> = M extends AnyStateMachine ? MachineHandle<M> : { readonly [K in keyof M]: HandleOf<M[K]> };
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** Every machine and every variable by its name, for reading. */
export type Facts<M, V> = { readonly [K in keyof M]: FactsOf<M[K]> } & {
  readonly [K in keyof V]: DeepReadonly<VariableValue<V[K]>>;
};
/** Every machine and every variable by its name, for changing. */
export type State<M, V> = { readonly [K in keyof M]: HandleOf<M[K]> } & {
  -readonly [K in keyof V]: V[K] extends Variable
    ? VariableValue<V[K]>
    : { -readonly [N in keyof V[K]]: VariableValue<V[K][N]> };
};

/** A pure question about a state. */
export type Condition<S> = (state: S) => boolean;
/** Conditions that must all hold. Several small ones cost less than one that reads much. */
export type Conditions<S> = Condition<S> | readonly Conditions<S>[];

/** One kind of step: possible wherever `when` holds; `does` says what it changes. */
export interface Rule<R, W> {
  readonly name: string;
  readonly when?: Conditions<R>;
  readonly does: (state: W) => void;
}

export type Machines = { readonly [name: string]: Family<AnyStateMachine> };
export type Variables = { readonly [name: string]: Family<Variable> };

/**
 * A closed finite model: nothing outside it acts. It moves from state to state by one rule at a time, any rule whose
 * conditions hold. Conditions and effects are run ahead of time, once for each combination of the values that they
 * read; they must be pure.
 */
export interface ClosedModel<M extends Machines = Machines, V extends Variables = Variables> {
  readonly name: string;
  readonly machines: M;
  readonly variables: V;
  readonly rules: readonly Rule<Facts<M, V>, State<M, V>>[];
  /** Each holds in every state. */
  readonly always?: { readonly [promise: string]: Condition<Facts<M, V>> };
  /** Each holds in at least one state: a model in which it cannot is a model of something else. */
  readonly sometimes?: { readonly [promise: string]: Conditions<Facts<M, V>> };
  /** Where it is fine that no rule is possible; elsewhere that is a deadlock. Nowhere by default. */
  readonly mayEnd?: Condition<Facts<M, V>>;
}

/** A model, with its conditions and effects checked against the machines and variables that it declares. */
export function closedModel<const M extends Machines, const V extends Variables>(
  model: ClosedModel<M, V>,
): ClosedModel<M, V> {
  return model;
}
