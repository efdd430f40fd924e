import type { CompiledMachine, MachineState } from "./machine.js";

/**
 * A cell is the address of one fact of the world: which state a node is in, what a file holds, how often something
 * failed. The blueprint hands cells out; a world holds a value for each. Values are immutable: a change replaces them.
 */
export interface Cell<T> {
  readonly index: number;
  /** `kind/name` of the thing and what of it: `node/mysql1`, `cluster/db/cib@mysql1`. */
  readonly name: string;
  readonly initial: T;
  /**
   * Set for cells whose value holds times. Gives what the value means from `nowMs` on, with deadlines relative to it:
   * two worlds in the same situation at different hours must have the same key.
   */
  relative?(value: T, nowMs: number): unknown;
  /** Set for cells whose value holds a phase. */
  readonly phased?: Phased<T>;
  /** Type only: makes Cell<A> and Cell<B> distinct. */
  readonly _type?: T;
}

/**
 * How a value falls into a phase (when within its period a sleeping check would be made, how long ago something was) and
 * the rest. Two timelines that differ in a phase alone go on alike until one of them looks at it.
 */
export interface Phased<T> {
  /** Times in it are since the beginning of time. */
  rest(value: T): unknown;
  /** Absent where the rest and what is pending tell it. */
  phase?(value: T): unknown;
}

/** Follows which phases a run looks at; see Phased. */
export interface PhaseLog {
  /** The cell is read, or about to be written. */
  used(cell: Cell<unknown>, value: unknown): void;
  /** Its phase begins anew, whatever it was. */
  begunAnew(cell: Cell<unknown>): void;
}

/** A cell that holds the state of one XState machine; written by `send` alone. */
export interface MachineCell<C extends object = object> extends Cell<MachineState<C>> {
  readonly machine: CompiledMachine<C>;
}

/** Reads cells; a world and an instant both are one. */
export interface Reader {
  readonly nowMs: number;
  get<T>(cell: Cell<T>): T;
}
