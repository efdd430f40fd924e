import { workerData } from "node:worker_threads";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { buildTwin } from "../../model/twin/twin.js";
import { settle } from "../runner/prepare.js";
import type { CrewMember, Task } from "./crew.js";
import { Explorer } from "./explorer.js";
import { rememberingScheduler } from "./remembering-scheduler.js";
import { UnitPlayer } from "./units.js";

/** One thread of a crew: builds its own twin of the topology and plays what it is given. */
const { topology, campaign } = workerData as CrewMember;
const { limits, seed, faultNames } = campaign;
const settled = settle(buildTwin(topology, { scheduler: rememberingScheduler(scheduler) }), { seed });
const player = new UnitPlayer(new Explorer(settled, limits, seed, faultNames), campaign);

export default function play({ unit, knowledge }: Task): unknown {
  return player.play(unit, knowledge);
}
