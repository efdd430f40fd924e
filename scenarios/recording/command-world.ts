import type { Clusters } from "../../model/cluster/index.js";
import type { Instant } from "../../model/kernel/index.js";
import type { NodeId } from "../../model/twin/parts.js";
import type { LabParts } from "./lab-parts.js";

/** What a command acts on. */
export interface CommandWorld {
  readonly instant: Instant;
  readonly parts: LabParts;
  readonly clusters: Clusters;
  /** The node where it is typed. */
  readonly node: NodeId;
}
