import type { Blueprint, Cell, Instant, Pending } from "../kernel/index.js";
import type { Topology } from "../topology/types.js";
import type { Network } from "./parts.js";

/** A cable that goes down and comes back so many times. */
export interface Flap {
  readonly link: string;
  readonly downMs: number;
  readonly upMs: number;
  /** How often it still goes down. */
  readonly left: number;
}

export interface Flaps {
  start(instant: Instant, flap: Flap): void;
  /** Ends it, with the cable up. */
  stop(instant: Instant, link: string): void;
}

interface Due extends Flap {
  readonly up: boolean;
}

export function buildFlaps(blueprint: Blueprint, topology: Topology, network: Network): Flaps {
  const cells = new Map<string, Cell<Pending<Due> | undefined>>(
    [...topology.links.keys()].map((link) => [
      link,
      blueprint.cell<Pending<Due> | undefined>(`flap/${link}`, undefined, (pending) => pending !== undefined),
    ]),
  );
  const due = blueprint.event<Due>("flap", (instant, next) => turn(instant, next));

  function turn(instant: Instant, now: Due): void {
    const cell = cells.get(now.link)!;
    network.setLink(instant, now.link, now.up);
    if (now.up && now.left === 0) {
      instant.set(cell, undefined);
      return;
    }
    const next = Object.freeze({ ...now, up: !now.up, left: now.up ? now.left - 1 : now.left });
    instant.set(cell, instant.after(now.up ? now.upMs : now.downMs, due, next));
  }

  return {
    start(instant, flap) {
      if (flap.left > 0) turn(instant, { ...flap, up: false, left: flap.left - 1 });
    },
    stop(instant, link) {
      const cell = cells.get(link);
      if (!cell) return;
      instant.cancel(instant.get(cell) as Pending | undefined);
      instant.set(cell, undefined);
      network.setLink(instant, link, true);
    },
  };
}
