import fc from "fast-check";
import { at, type Family, maybe } from "./subject.js";

/** Resources that wait for the node which was shut down with them, some for too long. */
export const shutdownLocks: Family = fc
  .record({
    limit: maybe(1, ["0", "600s"]),
    locks: fc.array(
      fc.record({ node: fc.nat(3), resource: fc.nat(7), since: fc.constantFrom("1399000000", "1767225000") }),
      { maxLength: 3 },
    ),
  })
  .map(({ limit, locks }) => (cib) => {
    cib.option("shutdown-lock", "true");
    if (limit !== undefined) cib.option("shutdown-lock-limit", limit);
    for (const { node, resource, since } of locks) {
      if (cib.nodeStates.length === 0) continue;
      const history = cib.history(at(cib.nodeStates, node), at(cib.primitives, resource).attrs["id"]!);
      if (history && history.children.length > 0) history.attrs["shutdown-lock"] = since;
    }
  });
