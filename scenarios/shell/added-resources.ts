import type { Cib } from "../../model/cluster/cib/types.js";
import { isAddable } from "../../model/plant/agents/added.js";
import { primitivesOf } from "../../model/plant/agents/primitives.js";

/** Why the twin could not play a configuration that takes another's place; undefined where it can. */
export function unplayable(before: Cib, after: Cib): string | undefined {
  const known = new Map(primitivesOf(before).map((one) => [one.id, one]));
  for (const primitive of primitivesOf(after)) {
    const was = known.get(primitive.id);
    if (!was && (!isAddable(primitive) || primitive.promotable))
      return `a resource of ${primitive.agent} that is added later (${primitive.id})`;
    if (was && [...primitive.parameters].some(([name, value]) => was.parameters.get(name) !== value))
      return `the agent of ${primitive.id} goes on with the parameters that it had at the start`;
  }
  return undefined;
}
