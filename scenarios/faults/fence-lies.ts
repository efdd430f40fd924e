import { controllerFault } from "./controller-fault.js";

/**
 * The fencer believes it, the survivors recover what the lost node still runs: two writers on one datadir, an
 * address twice. Nothing in the cluster can notice; the promise must. Source: faults-and-promises, "False
 * success: double-active, the invariant must fire"; facts, "failure to power back on still reports success".
 */
export const fenceLies = controllerFault("fence-lies", "A power controller reports success and does nothing.", "lies");
