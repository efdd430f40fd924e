import { deserialize } from "node:v8";
import { workerData } from "node:worker_threads";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { buildTwin } from "../../model/twin/twin.js";
import { settle } from "../runner/prepare.js";
import type { CrewMember, Task } from "./crew.js";
import { Explorer } from "./explorer.js";
import type { Knowledge } from "./knowledge.js";
import { rememberingScheduler } from "./remembering-scheduler.js";
import { UnitPlayer } from "./units.js";

/** One thread of a crew: builds its own twin of the topology and plays what it is given. */
const { topology, campaign } = workerData as CrewMember;
const { limits, seed, faultNames } = campaign;
const settled = settle(buildTwin(topology, { scheduler: rememberingScheduler(scheduler) }), { seed });
const player = new UnitPlayer(new Explorer(settled, limits, seed, faultNames), campaign);

let knowledge: Knowledge = [];

export default function play({ unit, knowledge: taught }: Task): unknown {
  if (taught && knowledge.length === 0) knowledge = deserialize(Buffer.from(taught)) as Knowledge;
  return player.play(unit, knowledge);
}
