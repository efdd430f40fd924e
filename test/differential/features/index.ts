import fc from "fast-check";
import { bundles } from "./bundles.js";
import { clones } from "./clones.js";
import { conditionalMeta, conditionalOperations, conditionalOptions } from "./conditional-values.js";
import { failures } from "./failures.js";
import { fencing } from "./fencing.js";
import { guestNodes } from "./guest-nodes.js";
import { leftAlone } from "./left-alone.js";
import { locations } from "./locations.js";
import { migration } from "./migration.js";
import { nodeHealth } from "./node-health.js";
import { remoteNodes } from "./remote-nodes.js";
import { colocationSets, orderSets, tickets } from "./sets.js";
import { tags, templates } from "./shared.js";
import { shutdownLocks } from "./shutdown-locks.js";
import type { Feature } from "./subject.js";
import { utilization } from "./utilization.js";

/** What random CIBs may hold beyond the plain, by family. */
export const FAMILIES = {
  remoteNodes,
  guestNodes,
  bundles,
  orderSets,
  colocationSets,
  tickets,
  utilization,
  migration,
  locations,
  conditionalMeta,
  conditionalOperations,
  conditionalOptions,
  templates,
  tags,
  clones,
  fencing,
  nodeHealth,
  failures,
  leftAlone,
  shutdownLocks,
} as const;

/** Mostly none or one: a cluster where everything is exceptional teaches nothing. */
export function featuresOf(families: readonly (keyof typeof FAMILIES)[]): fc.Arbitrary<readonly Feature[]> {
  const one = fc.oneof(...families.map((family) => FAMILIES[family]));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(one, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(one, { minLength: 2, maxLength: 3 }) },
  );
}

export const features = featuresOf(Object.keys(FAMILIES) as (keyof typeof FAMILIES)[]);
