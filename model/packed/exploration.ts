import type { CompiledModel } from "./compile.js";
import { problem } from "./problem.js";
import type { Search } from "./search.js";
import { type TraceStep, traceTo } from "./trace.js";

/** What came of a search. */
export interface Exploration {
  readonly model: string;
  /**
   * `pass`: every reachable state was seen, nothing was broken, and each `sometimes` was met. `fail`: something was
   * broken. `unknown`: a bound was reached before all was seen, or no rule was ever possible.
   */
  readonly verdict: "pass" | "fail" | "unknown";
  /** Why the verdict is not `pass`, in words; empty where it is. */
  readonly reasons: readonly string[];
  readonly broken: readonly BrokenPromise[];
  /** Whether a bound ended the search; the numbers are then of what was seen. */
  readonly bounded: boolean;
  /** Reachable states met. */
  readonly states: number;
  /** States generated, the initial one included: as Spin and TLC count transitions. */
  readonly transitions: number;
  /** Steps from the initial state to the states furthest from it. */
  readonly depth: number;
  /** Rules that were possible in no state that was seen. */
  readonly neverPossible: readonly string[];
  /** Bytes of the arrays that hold states: they grow where they are and never shrink. */
  readonly bytes: number;
}

export interface BrokenPromise {
  readonly kind: "always" | "sometimes" | "deadlock";
  readonly name: string;
  /** The shortest way there; empty for a `sometimes` that never came. */
  readonly trace: readonly TraceStep[];
}

export function explorationOf(compiled: CompiledModel, search: Search): Exploration {
  if (search.refused !== undefined) throw problem(compiled.name, compiled.refusals[search.refused.refusal]!);
  const bounded = search.end === "states" || search.end === "memory";
  const broken: BrokenPromise[] = [];
  const levelOfBroken = search.end === "broken" ? search.expandedLevel : 0;
  const trace = (state: Int32Array) => traceTo(compiled, search.shared.table, state, levelOfBroken);
  compiled.checks.forEach(({ kind, name }, check) => {
    const state = search.shown[check];
    if (kind === "always" && state !== undefined) broken.push({ kind, name, trace: trace(state) });
    if (kind === "sometimes" && state === undefined && search.end === "complete")
      broken.push({ kind, name, trace: [] });
  });
  const deadlock = search.shown[compiled.checks.length];
  if (deadlock !== undefined) broken.push({ kind: "deadlock", name: "no rule is possible", trace: trace(deadlock) });

  const neverPossible = compiled.rules.filter((_, rule) => ((search.fired[rule >> 5]! >>> (rule & 31)) & 1) === 0);
  const idle = neverPossible.length === compiled.rules.length;
  const reasons = broken.map(reasonOf);
  if (search.end === "states") reasons.push(`bounded: the search stopped after ${search.states} states`);
  if (search.end === "memory") reasons.push(`bounded: no more memory after ${search.states} states`);
  if (idle && broken.length === 0) reasons.push("no rule was ever possible: nothing was put to the test");
  return {
    model: compiled.name,
    verdict: broken.length > 0 ? "fail" : reasons.length > 0 ? "unknown" : "pass",
    reasons,
    broken,
    bounded,
    states: search.states,
    transitions: search.transitions,
    depth: search.depth,
    neverPossible,
    bytes: search.bytes,
  };
}

function reasonOf({ kind, name, trace }: BrokenPromise): string {
  if (kind === "sometimes") return `never: ${name}`;
  const steps = trace.length - 1;
  return `${kind === "always" ? "not always" : "deadlock"}: ${name}; ${steps} ${steps === 1 ? "step" : "steps"} lead there`;
}
