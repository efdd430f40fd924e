import { type CompiledModel, compileModel } from "./compile.js";
import type { ClosedModel } from "./declare.js";
import { Expander } from "./expander.js";
import { type Exploration, explorationOf } from "./exploration.js";
import { Search, type SearchOptions } from "./search.js";

/**
 * Every reachable state of a closed model, breadth first, in this thread. Exact: no state is lost or taken for
 * another. Throws an InputError where the model cannot be packed, or where a rule gives a variable a value that it
 * cannot have.
 */
export function exploreModel<P>(model: ClosedModel<P>, options: SearchOptions = {}): Exploration {
  return exploreCompiled(compileModel(model), options);
}

export function exploreCompiled(compiled: CompiledModel, options: SearchOptions = {}): Exploration {
  const search = new Search(compiled, options, 1);
  const expander = new Expander(compiled.tables);
  while (search.absorb([expander.run(search.shared, search.round)]));
  return explorationOf(compiled, search);
}
