import type { Reader } from "../../kernel/index.js";
import type { Link, LinkEnd, Topology } from "../../topology/types.js";

/** Something that sends or receives frames, or forwards them: `node/lb1`, `switch/sw-r1`, `router/…`, `controller/…`. */
export type VertexId = string;

/** One step along a cable, seen from one of its ends. */
export interface Step {
  readonly link: Link;
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly toVertex: VertexId;
}

/** Says whether a step can be taken now, on a network. Pure. */
export interface FabricState {
  linkCarries(read: Reader, link: Link, network: string): boolean;
  endUp(read: Reader, end: LinkEnd): boolean;
  forwards(read: Reader, switchVertex: VertexId): boolean;
}

/**
 * The layer-2 graph of the topology. Frames go the shortest way over what carries their network; where that is cut,
 * any other way that is whole (spanning trees converge at once: their seconds are not modelled).
 */
export class Fabric {
  readonly #steps = new Map<string, Step[]>();
  readonly #shortest = new Map<string, readonly Step[] | undefined>();
  readonly #everywhere: FabricState = { linkCarries: () => true, endUp: () => true, forwards: () => true };

  constructor(topology: Topology) {
    for (const link of topology.links.values())
      for (const network of link.networks) {
        this.#add(network, link, link.a, link.b);
        this.#add(network, link, link.b, link.a);
      }
  }

  /** The steps from one to the other as cabled, whatever works now; undefined where no cable leads there. */
  asCabled(from: VertexId, to: VertexId, network: string): readonly Step[] | undefined {
    const key = `${network}\n${from}\n${to}`;
    if (this.#shortest.has(key)) return this.#shortest.get(key);
    const found = this.#search(undefined, this.#everywhere, from, to, network);
    if (this.#shortest.size >= REMEMBERED_MAX) this.#shortest.clear();
    this.#shortest.set(key, found);
    return found;
  }

  /** The steps that frames take now; undefined where they do not arrive. */
  now(read: Reader, state: FabricState, from: VertexId, to: VertexId, network: string): readonly Step[] | undefined {
    const cabled = this.asCabled(from, to, network);
    if (cabled === undefined) return undefined;
    if (isWhole(read, state, cabled, network)) return cabled;
    return this.#search(read, state, from, to, network);
  }

  #add(network: string, link: Link, from: LinkEnd, to: LinkEnd): void {
    const key = `${network}\n${vertexOf(from)}`;
    const step: Step = { link, from, to, toVertex: vertexOf(to) };
    const steps = this.#steps.get(key);
    if (steps) steps.push(step);
    else this.#steps.set(key, [step]);
  }

  /** Breadth first. Only switches forward. */
  #search(
    read: Reader | undefined,
    state: FabricState,
    from: VertexId,
    to: VertexId,
    network: string,
  ): readonly Step[] | undefined {
    const cameBy = new Map<VertexId, { readonly step: Step; readonly before: VertexId } | undefined>([
      [from, undefined],
    ]);
    const queue = [from];
    for (let at = 0; at < queue.length; at++) {
      const vertex = queue[at]!;
      for (const step of this.#steps.get(`${network}\n${vertex}`) ?? []) {
        const next = step.toVertex;
        if (cameBy.has(next) || (next !== to && !next.startsWith("switch/"))) continue;
        if (read !== undefined && !isWhole(read, state, [step], network)) continue;
        cameBy.set(next, { step, before: vertex });
        if (next !== to) {
          queue.push(next);
          continue;
        }
        const steps: Step[] = [];
        for (let back = cameBy.get(to); back !== undefined; back = cameBy.get(back.before)) steps.push(back.step);
        return steps.reverse();
      }
    }
    return undefined;
  }
}

const REMEMBERED_MAX = 200_000;

export function vertexOf(end: LinkEnd): VertexId {
  switch (end.kind) {
    case "nic":
      return `node/${end.node}`;
    case "switch":
      return `switch/${end.switch}`;
    case "controller":
      return `controller/${end.controller}`;
    case "router":
      return `router/${end.router}`;
  }
}

function isWhole(read: Reader, state: FabricState, steps: readonly Step[], network: string): boolean {
  for (const { link, from, to, toVertex } of steps) {
    if (!state.linkCarries(read, link, network) || !state.endUp(read, from) || !state.endUp(read, to)) return false;
    if (to.kind === "switch" && !state.forwards(read, toVertex)) return false;
  }
  return true;
}
