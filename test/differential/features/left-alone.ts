import fc from "fast-check";
import { at, type Family, maybe } from "./subject.js";

/** What the cluster leaves alone: resources in maintenance, orphans, what was not probed, what a stop is to clean up. */
export const leftAlone: Family = fc
  .record({
    maintenance: fc.uniqueArray(fc.nat(7), { maxLength: 2 }),
    probes: maybe(1, ["false"]),
    orphans: maybe(1, ["false"]),
    orphanActions: maybe(2, ["false"]),
    forgets: maybe(4, ["true"]),
    orphan: fc.option(fc.nat(7), { nil: undefined }),
    noDiscovery: maybe(3, [0, 1]),
  })
  .map(({ maintenance, probes, orphans, orphanActions, forgets, orphan, noDiscovery }) => (cib) => {
    for (const position of maintenance) cib.meta(at([...cib.tops, ...cib.primitives], position), "maintenance", "true");
    if (probes !== undefined) cib.option("enable-startup-probes", probes);
    if (orphans !== undefined) cib.option("stop-orphan-resources", orphans);
    if (orphanActions !== undefined) cib.option("stop-orphan-actions", orphanActions);
    if (forgets !== undefined) cib.option("remove-after-stop", forgets);
    if (orphan !== undefined) cib.orphan(orphan);
    if (noDiscovery !== undefined) cib.transient(noDiscovery, "resource-discovery-enabled", "false");
  });
