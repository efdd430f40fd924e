import type { z } from "zod";
import type { Instant } from "../../model/kernel/index.js";
import type { Topology } from "../../model/topology/types.js";
import type { Twin } from "../../model/twin/twin.js";

/**
 * Something that breaks. Each lives in a file of its own, whose docstring says what should follow and the source.
 * Used alone, together and in sequence; all of its state is in the world, so that a heal needs the parameters alone.
 */
export interface Fault<S extends z.ZodObject = z.ZodObject> {
  /** An imperative in kebab-case, the file's name: `lose-node`. */
  readonly name: string;
  /** One sentence for lists and reports. */
  readonly summary: string;
  readonly params: S;
  /** The thing it befalls, as the trace names it. */
  subject(params: z.output<S>): string;
  /** Everywhere in a topology that it applies to, in a fixed order. */
  targets(topology: Topology): readonly z.input<S>[];
  inject(instant: Instant, twin: Twin, params: z.output<S>): void;
  heal(instant: Instant, twin: Twin, params: z.output<S>): void;
}

/** Something that a person does: a command with parameters. Mistakes included. */
export interface OperatorAction<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  readonly params: S;
  subject(params: z.output<S>): string;
  /** Set where the twin itself tells the command in the trace. */
  readonly tellsItself?: true;
  /** The command as it would be typed. */
  command(params: z.output<S>): string;
  perform(instant: Instant, twin: Twin, params: z.output<S>): void;
}

/** Keeps the types of parameters inside one definition together. */
export function fault<S extends z.ZodObject>(definition: Fault<S>): Fault {
  return definition as unknown as Fault;
}

export function operatorAction<S extends z.ZodObject>(definition: OperatorAction<S>): OperatorAction {
  return definition as unknown as OperatorAction;
}
