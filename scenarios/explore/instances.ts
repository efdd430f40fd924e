import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import type { Fault } from "../faults/fault.js";
import { faults } from "../faults/index.js";

/** One fault of the vocabulary at one place of a topology. */
export interface FaultInstance {
  /** Position in the topology's list; the same on every machine. */
  readonly index: number;
  readonly fault: Fault;
  /** As a scenario's file would write them. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
  /** The part that it befalls: `node/db1`, `feed/feed-a`. */
  readonly part: string;
  /** For people: `lose-node db1`. */
  readonly text: string;
}

export interface Vocabulary {
  readonly instances: readonly FaultInstance[];
  /** Faults that find nothing to befall in this topology, or need to be told where by a person. */
  readonly withoutPlace: readonly string[];
}

/**
 * Every fault of the vocabulary everywhere it applies, in the vocabulary's order; where `names` are given, those alone.
 * Throws InputError for a name that is no fault's.
 */
export function instancesOf(topology: Topology, names: readonly string[] = []): Vocabulary {
  for (const name of names)
    if (!faults.has(name))
      throw new InputError({
        file: "--fault",
        line: 0,
        message: "unknown fault",
        value: name,
        known: [...faults.keys()],
        knownAs: "faults",
      });
  const instances: FaultInstance[] = [];
  const withoutPlace: string[] = [];
  const seen = new Set<string>();
  for (const [name, fault] of faults) {
    if (names.length > 0 && !names.includes(name)) continue;
    const places = fault.targets(topology);
    if (places.length === 0) withoutPlace.push(name);
    for (const written of places) {
      const text = textOf(name, written);
      if (seen.has(text)) continue;
      seen.add(text);
      const params = fault.params.parse(written);
      instances.push({ index: instances.length, fault, written, params, part: fault.subject(params), text });
    }
  }
  return { instances, withoutPlace };
}

function textOf(name: string, written: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(written).map(([key, value]) =>
    Array.isArray(value) ? value.join("+") : NAMED.has(key) ? `${key} ${value}` : String(value),
  );
  return [name, ...values].join(" ");
}

/** Parameters that do not speak for themselves. */
const NAMED = new Set(["way", "takes", "by", "down", "up", "ports", "instead", "to"]);
