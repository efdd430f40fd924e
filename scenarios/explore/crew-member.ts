import { workerData } from "node:worker_threads";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { buildTwin } from "../../model/twin/twin.js";
import { settle } from "../runner/prepare.js";
import { Combinations } from "./combinations.js";
import { type CrewMember, playSingle, type Task } from "./crew.js";
import { Explorer } from "./explorer.js";
import { rememberingScheduler } from "./remembering-scheduler.js";

/** One thread of a crew: builds its own twin of the topology and plays what it is given. */
const { topology, limits, seed, faultNames } = workerData as CrewMember;
const explorer = new Explorer(
  settle(buildTwin(topology, { scheduler: rememberingScheduler(scheduler) }), { seed }),
  limits,
  seed,
  faultNames,
);
let combinations: Combinations | undefined;

export default function play(task: Task): unknown {
  if (task.kind === "single") return playSingle(explorer, task.instance, task.heals);
  combinations ??= new Combinations(explorer, task.knowledge, task.options);
  return combinations.from(task.first);
}
