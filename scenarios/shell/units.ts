import { CLUSTER_STACK_UNITS, type UnitState } from "../../model/plant/units/index.js";
import type { Call } from "./command.js";

export type UnitVerb = "start" | "stop" | "restart" | "reload" | "try-restart" | "reload-or-restart";

/** Longer than any init script waits. */
const SCRIPT_MAX_MS = 600_000;

/** Units of the cluster stack: starting one starts the stack on the node, as far as the twin is concerned. */
export function isStackUnit(unit: string): boolean {
  return CLUSTER_STACK_UNITS.has(unit);
}

export function unitState({ twin, read, node }: Call, unit: string): UnitState {
  if (isStackUnit(unit)) return unit === "pcsd" || twin.clusters.isStackRunning(read, node) ? "running" : "stopped";
  return twin.plant.units.state(read, node, unit);
}

/** Does it and waits as the script would; false where it failed. */
export function unitVerb(call: Call, unit: string, verb: UnitVerb): boolean {
  const { handle, twin, read, node } = call;
  const typed = `${call.name} ${call.args.join(" ")}`;
  if (isStackUnit(unit)) return stackVerb(call, unit, verb, typed);
  const { units } = twin.plant;
  const state = () => units.state(read, node, unit);
  const isUp = () => state() === "running";
  if (verb === "try-restart" && !isUp()) return true;
  if (verb === "start" && isUp()) return true;
  if (verb !== "stop" && verb !== "reload") handle.about({ kind: "start-unit", node, unit });
  handle.act(node, typed, (instant) => {
    if (verb === "start") units.start(instant, node, unit);
    else if (verb === "stop") units.stop(instant, node, unit);
    else if (verb === "reload" || (verb === "reload-or-restart" && isUp())) {
      if (unit === "haproxy") twin.services.reloadHaproxy(instant, node);
      else units.reload(instant, node, unit);
    } else units.restart(instant, node, unit);
  });
  const inBetween = new Set(["starting", "stopping", "loading"]);
  handle.advanceUntil(() => !inBetween.has(state()), SCRIPT_MAX_MS);
  return verb === "stop" ? state() === "stopped" : isUp();
}

function stackVerb({ handle, twin, read, node }: Call, unit: string, verb: UnitVerb, typed: string): boolean {
  if (unit === "pcsd") return true;
  if (twin.clusters.clusterOf(node) === undefined) return false;
  const { operator } = twin.clusters;
  const isUp = () => twin.clusters.isStackRunning(read, node);
  if (verb === "stop" || verb === "restart") {
    handle.act(node, typed, (instant) => operator.stopCluster(instant, node));
    handle.advanceUntil(() => !isUp(), 1_200_000);
  }
  if (verb === "stop") return !isUp();
  if (!isUp()) {
    handle.act(node, typed, (instant) => operator.startCluster(instant, node));
    handle.advanceUntil(isUp, 120_000);
  }
  return isUp();
}
