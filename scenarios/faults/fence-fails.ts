import { controllerFault } from "./controller-fault.js";

/**
 * Every attempt to fence through it fails, is retried, and nothing of the lost node is recovered until one
 * succeeds or a person confirms; after more than 10 failures of a peer the fencer waits for a new membership or
 * an operator. Sources: facts, "Fencing" (PM: retries 2, gives up after more than 10 failures); Pacemaker
 * Explained, "Fencing".
 */
export const fenceFails = controllerFault("fence-fails", "A BMC or vCenter does not answer.", "dead");
