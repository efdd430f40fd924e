import type { Clusters } from "../cluster/clusters.js";
import type { Reader } from "../kernel/index.js";
import type { Promises } from "../promises/index.js";
import type { Flaps } from "./flaps.js";
import type { AnswerFaults, GuestFaults, NeutronFaults, TwinParts } from "./parts.js";

/** A twin of one topology: its parts, wired. Worlds of its blueprint are its states. */
export interface Twin extends TwinParts {
  readonly clusters: Clusters;
  readonly guests: GuestFaults;
  readonly answers: AnswerFaults;
  readonly neutron: NeutronFaults;
  readonly flaps: Flaps;
  readonly promises: Promises;
  /** Every service and journey, `service/…` and `journey/…`, and whether its users are served. */
  readonly served: ReadonlyMap<string, (read: Reader) => boolean>;
}
