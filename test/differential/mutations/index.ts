import type { XmlElement } from "../../../model/cluster/cib/types.js";
import { parseXml } from "../../../model/cluster/cib/xml.js";
import { CLUSTER } from "./cluster.js";
import { CONSTRAINT } from "./constraints.js";
import { type Draft, type Draws, draft, type Mutation } from "./draft.js";
import { graft } from "./graft.js";
import { HISTORY } from "./history.js";
import { RESOURCE } from "./resources.js";
import { VALUE } from "./values.js";

const MUTATIONS: readonly (readonly Mutation[])[] = [CLUSTER, RESOURCE, HISTORY, CONSTRAINT, VALUE];

/** One of so many mutations moves something in from another CIB. */
const GRAFT_ONE_IN = 8;

export interface Mutant {
  readonly root: XmlElement;
  /** What was done, mutation by mutation. */
  readonly did: readonly string[];
}

/**
 * The CIB with some mutations. The same draws give the same. `other` draws another CIB's text, for what is moved from
 * one into another.
 */
export function mutate(xml: string, draws: Draws, count: number, other: () => string): Mutant {
  const root: Draft = draft(parseXml(xml, "cib.xml"));
  const did: string[] = [];
  for (let tries = 0; did.length < count && tries < 20; tries++) {
    const done =
      draws.below(GRAFT_ONE_IN) === 0
        ? graft(root, draft(parseXml(other(), "cib.xml")), draws)
        : draws.of(draws.of(MUTATIONS))(root, draws);
    if (done !== undefined) did.push(done);
  }
  return { root, did };
}
