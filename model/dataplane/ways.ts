import type { Blueprint, Cell, Reader } from "../kernel/index.js";
import type { Hop, NodeId } from "../twin/parts.js";
import type { Ground, Way } from "./ground.js";

const interned = new Map<string, Way>();

export function way(of: Way): Way {
  const key = `${of.holder ?? ""}\n${of.failure ?? ""}\n${of.blame}\n${of.text}`;
  const found = interned.get(key);
  if (found) return found;
  interned.set(key, Object.freeze(of));
  return of;
}

const UNKNOWN = way({ holder: undefined, failure: "timeout", text: "not looked at yet", blame: "" });

/**
 * Who answers at an address, for those pairs of client and address that services, health checks and journeys use
 * again and again: a derived fact each, so that a change of one service does not walk the cables again.
 */
export class Ways {
  readonly #blueprint: Blueprint;
  readonly #ground: Ground;
  readonly #cells = new Map<NodeId, Map<string, Cell<Way>>>();

  constructor(blueprint: Blueprint, ground: Ground) {
    this.#blueprint = blueprint;
    this.#ground = ground;
  }

  /** Keeps the way from a node to an address as a derived fact from now on. Only while the twin is being built. */
  keep(from: NodeId, address: string): void {
    let ofNode = this.#cells.get(from);
    if (!ofNode) {
      ofNode = new Map();
      this.#cells.set(from, ofNode);
    }
    if (ofNode.has(address)) return;
    const name = `way/${from}/${address}`;
    const cell = this.#blueprint.cell<Way>(name, UNKNOWN);
    ofNode.set(address, cell);
    this.#blueprint.observer(
      name,
      (read) => way(this.#ground.way(read, from, address)),
      (instant, result) => instant.set(cell, result),
    );
  }

  find(read: Reader, from: NodeId, address: string, hops?: Hop[]): Way {
    if (hops) return this.#ground.way(read, from, address, hops);
    const cell = this.#cells.get(from)?.get(address);
    return cell ? read.get(cell) : this.#ground.way(read, from, address);
  }
}
