import type { PlaceData } from "../../page/page-data.js";
import { type Tone, toneOf } from "../../reporters/html/lanes.js";

export { type Tone, toneOf } from "../../reporters/html/lanes.js";

/** The shapes that states are drawn with: no two meanings share one, so that colour is never needed. */
export type Shape =
  | "filled" // works: started, up, served
  | "diamond" // promoted
  | "ring" // unpromoted
  | "half" // changing, or partly
  | "cross" // broken
  | "dash" // stopped in order
  | "barred"; // kept off

export interface Look {
  readonly shape: Shape;
  readonly tone: Tone;
  readonly text: string;
}

const SHAPES: Readonly<Record<Tone, Shape>> = { good: "filled", busy: "half", bad: "cross", idle: "dash" };

const remembered = new Map<string, Look>();

/** How a state of anything looks. */
export function lookOf(state: string): Look {
  let look = remembered.get(state);
  if (!look) {
    look = lookFrom(state);
    remembered.set(state, look);
  }
  return look;
}

function lookFrom(state: string): Look {
  if (/^(partly-served|slow)$/.test(state)) return { shape: "half", tone: "busy", text: state };
  if (/^(yes|connected|synced|configured|plugged|wired|forwarding|works|passing|policy-engine|not-dc)$/.test(state))
    return { shape: "filled", tone: "good", text: state };
  if (/^(off|not-served)$/.test(state)) return { shape: "cross", tone: "bad", text: state };
  const tone = toneOf(state);
  return { shape: SHAPES[tone], tone, text: state };
}

/** How a resource on a node looks: what the cluster believes, and where that is not so. */
export function placeLook(place: PlaceData | undefined, isKeptOff: boolean, isNodeUp: boolean): Look {
  if (place?.failed) return { shape: "cross", tone: "bad", text: place.role === "Stopped" ? "failed" : "failed here" };
  const believed = place !== undefined && place.role !== "Stopped";
  if (believed && place.active === false)
    return { shape: "cross", tone: "bad", text: isNodeUp ? "believed here, is not" : "lost with its node" };
  if (!believed && place?.active)
    return { shape: "half", tone: "bad", text: "is here, and the cluster does not know it" };
  if (place?.role === "Promoted") return { shape: "diamond", tone: "good", text: "promoted" };
  if (place?.role === "Unpromoted") return { shape: "ring", tone: "good", text: "unpromoted" };
  if (believed) return { shape: "filled", tone: "good", text: "started" };
  if (isKeptOff) return { shape: "barred", tone: "idle", text: "kept off" };
  return { shape: "dash", tone: "idle", text: "stopped" };
}
