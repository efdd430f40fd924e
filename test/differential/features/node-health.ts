import fc from "fast-check";
import { type Family, maybe } from "./subject.js";

const health = fc.constantFrom("red", "yellow", "green", "-50", "10");

/** Nodes whose health attributes say how well they are, and a strategy of what follows. */
export const nodeHealth: Family = fc
  .record({
    strategy: fc.constantFrom("migrate-on-red", "only-green", "progressive", "custom", "none"),
    base: maybe(3, ["100", "-100"]),
    yellow: maybe(2, ["-20", "10"]),
    red: maybe(2, ["-INFINITY", "-200"]),
    green: maybe(3, ["10"]),
    attributes: fc.array(fc.record({ node: fc.nat(3), name: fc.constantFrom("#health-cpu", "#health-disk"), health }), {
      maxLength: 4,
    }),
  })
  .map(({ strategy, base, yellow, red, green, attributes }) => (cib) => {
    cib.option("node-health-strategy", strategy);
    for (const [name, value] of Object.entries({ base, yellow, red, green })) {
      if (value !== undefined) cib.option(`node-health-${name}`, value);
    }
    for (const { node, name, health: value } of attributes) cib.transient(node, name, value);
  });
