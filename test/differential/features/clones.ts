import fc from "fast-check";
import { all, setTransient } from "../mutations/draft.js";
import { at, type Family } from "./subject.js";

const meta = fc.record(
  {
    "clone-node-max": fc.constantFrom("1", "2"),
    "globally-unique": fc.constantFrom("true", "false"),
    "promoted-max": fc.constantFrom("1", "2", "0"),
    "promoted-node-max": fc.constantFrom("1", "2"),
    "clone-min": fc.constantFrom("1", "2"),
    "clone-max": fc.constantFrom("1", "2", "4"),
  },
  { requiredKeys: [] },
);

/** Clones with numbers that are not the usual ones, and what agents say of where they would like to be promoted. */
export const clones: Family = fc
  .record({
    metas: fc.array(meta, { minLength: 1, maxLength: 2 }),
    wishes: fc.array(fc.constantFrom(undefined, "10", "5", "-1", "-INFINITY", "1000000"), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ metas, wishes }) => (cib) => {
    const found = cib.tops.filter((top) => top.name === "clone");
    for (const [i, clone] of found.entries()) {
      for (const [name, value] of Object.entries(at(metas, i))) if (value !== undefined) cib.meta(clone, name, value);
      for (const [n, node] of cib.nodeStates.entries()) {
        const wish = at(wishes, n + i);
        if (wish === undefined) continue;
        for (const p of all(clone, ["primitive"])) setTransient(node, `master-${p.attrs["id"]}`, wish);
      }
    }
  });
