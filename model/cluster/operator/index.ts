import type { ClusterOperator } from "../clusters.js";
import type { ClusterRuntime } from "../index.js";
import { Commands } from "./commands.js";
import { configurationCommands } from "./configuration.js";
import { failureCommands } from "./failures.js";
import { moveCommands } from "./moves.js";
import { nodeCommands } from "./nodes.js";

/** What people type, as the tools carry it out. */
export function clusterOperator(runtimes: ReadonlyMap<string, ClusterRuntime>): ClusterOperator {
  const commands = new Commands(runtimes);
  return {
    ...configurationCommands(commands),
    ...moveCommands(commands),
    ...failureCommands(commands),
    ...nodeCommands(commands),
  };
}
