import { InputError } from "../../model/errors.js";

/** A step found nothing to act on when it came to it: a unit to kill on a node that is off. */
export class ImpossibleStep extends InputError {}
