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

type ValueOf<V> = V extends Flag ? boolean : V extends Range ? number : V extends OneOf<infer T> ? T : never;
type FactsOf<P> = P extends AnyStateMachine
  ? MachineFacts<P>
  : P extends Variable
    ? ValueOf<P>
    : { readonly [K in keyof P]: FactsOf<P[K]> };
type StateOf<P> = P extends AnyStateMachine
  ? MachineHandle<P>
  : P extends Variable
    ? ValueOf<P>
    : { -readonly [K in keyof P]: StateOf<P[K]> };

/** Every part of a model by its name, for conditions to read. */
export type Facts<P> = { readonly [K in keyof P]: FactsOf<P[K]> };
/** Every part of a model by its name, for effects to change. */
export type State<P> = { -readonly [K in keyof P]: StateOf<P[K]> };

/** A pure question about a state. */
export type Condition<S> = (state: S) => boolean;
/** Conditions that must all hold. Several small ones cost less than one that reads much. */
export type Conditions<S> = Condition<S> | readonly Conditions<S>[];

/** One kind of step: possible wherever `when` holds (everywhere without it); `does` says what it changes. */
export interface Rule<P> {
  readonly name: string;
  readonly when?: Conditions<Facts<P>>;
  readonly does: (state: State<P>) => void;
}

/** What varies in a model, by name: XState machines and shared variables, or families of them. */
export type Parts = { readonly [name: string]: Family<AnyStateMachine> | Family<Variable> };

/** What can happen in a model, and what is promised of it. */
export interface Behaviour<P> {
  readonly rules: readonly Rule<P>[];
  /** Each holds in every state. */
  readonly always?: { readonly [promise: string]: Condition<Facts<P>> };
  /** Each holds in at least one state: a model in which it cannot is a model of something else. */
  readonly sometimes?: { readonly [promise: string]: Conditions<Facts<P>> };
  /** Where it is fine that no rule is possible; elsewhere that is a deadlock. Nowhere by default. */
  readonly mayEnd?: Condition<Facts<P>>;
}

/**
 * A closed finite model: nothing outside it acts. It moves from state to state by one rule at a time, any rule whose
 * conditions hold. Conditions and effects are run ahead of time, once for each combination of the values that they
 * read; they must be pure.
 */
export interface ClosedModel<P = Parts> extends Behaviour<P> {
  readonly name: string;
  readonly parts: P;
}

/** Declares a model; its rules are checked against its parts. */
export function closedModel<const P extends Parts>(name: string, parts: P, behaviour: Behaviour<P>): ClosedModel<P> {
  return { name, parts, ...behaviour };
}
