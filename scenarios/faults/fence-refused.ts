import { controllerFault } from "./controller-fault.js";

/**
 * Wrong credentials: each attempt comes back at once with an error, so that the retries are used up quickly and
 * fencing fails as surely as with a dead controller. Source: facts, "Fencing" (FA: login 5 s);
 * faults-and-promises, "wrong credentials".
 */
export const fenceRefused = controllerFault("fence-refused", "A power controller refuses its user.", "refuses");
