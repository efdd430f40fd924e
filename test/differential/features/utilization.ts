import fc from "fast-check";
import { setPair } from "../mutations/draft.js";
import { at, type Family } from "./subject.js";

const capacity = fc.constantFrom("0", "1", "2", "3", "4");
const demand = fc.constantFrom(undefined, "0", "1", "1", "2", "3");

/** Nodes that offer and resources that need, of one or two kinds. */
export const utilization: Family = fc
  .record({
    strategy: fc.constantFrom("utilization", "minimal", "balanced", "default"),
    nodes: fc.array(fc.record({ cpu: capacity, memory: fc.option(capacity, { nil: undefined }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    resources: fc.array(fc.record({ cpu: demand, memory: demand }), { minLength: 1, maxLength: 6 }),
  })
  .map(({ strategy, nodes, resources }) => (cib) => {
    cib.option("placement-strategy", strategy);
    for (const [i, node] of cib.nodes.entries()) {
      const { cpu, memory } = at(nodes, i);
      setPair(node, "utilization", "cpu", cpu);
      if (memory !== undefined) setPair(node, "utilization", "memory", memory);
    }
    for (const [i, primitive] of cib.primitives.entries()) {
      const { cpu, memory } = at(resources, i);
      if (cpu !== undefined) setPair(primitive, "utilization", "cpu", cpu);
      if (memory !== undefined) setPair(primitive, "utilization", "memory", memory);
    }
  });
