import type { Topology } from "../../model/topology/types.js";
import { type Replayed, replayToken } from "../replay.js";
import { VERSION } from "../version.js";
import { schedulerOf } from "./engine.js";
import type { RunOptions } from "./run.js";

/**
 * Plays a verdict's token again: the same trace, byte for byte. Throws InputError for what is no token, and for one of
 * another version or topology, saying what differs.
 */
export function replay(topology: Topology, token: string, options: Omit<RunOptions, "seed"> = {}): Replayed {
  const { engine, set = [] } = options;
  return replayToken(token, topology, { scheduler: schedulerOf(engine), version: VERSION, set });
}
