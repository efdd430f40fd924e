import type { Cib, NodeState, ResourceHistory } from "../cib/types.js";

/** Pure edits of a CIB's status. Each returns the same CIB where nothing changes. Nodes are keyed by uname. */

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const NO_RESOURCES: ReadonlyMap<string, ResourceHistory> = new Map();

export function withNode(cib: Cib, state: NodeState): Cib {
  if (cib.status.nodes.get(state.uname) === state) return cib;
  const nodes = new Map(cib.status.nodes);
  nodes.set(state.uname, state);
  return { ...cib, status: { ...cib.status, nodes } };
}

export function nodeOf(cib: Cib, id: string, uname: string): NodeState {
  return cib.status.nodes.get(uname) ?? { id, uname, attributes: NO_ATTRIBUTES, resources: NO_RESOURCES };
}

/** What the controller writes about a peer: `member` in all four, or the parts of a loss. */
export function withPeer(
  cib: Cib,
  id: string,
  uname: string,
  facts: { inCcm?: string; crmd?: string; join?: string; expected?: string },
): Cib {
  const state = nodeOf(cib, id, uname);
  let same = cib.status.nodes.has(uname);
  for (const name of ["inCcm", "crmd", "join", "expected"] as const)
    if (facts[name] !== undefined && state[name] !== facts[name]) same = false;
  return same ? cib : withNode(cib, { ...state, ...facts });
}

export function withAttributes(cib: Cib, id: string, uname: string, attributes: ReadonlyMap<string, string>): Cib {
  const state = nodeOf(cib, id, uname);
  if (state.attributes === attributes || (state.attributes.size === 0 && attributes.size === 0)) return cib;
  return withNode(cib, { ...state, attributes });
}

export function withHistory(cib: Cib, id: string, uname: string, resources: ReadonlyMap<string, ResourceHistory>): Cib {
  const state = nodeOf(cib, id, uname);
  if (state.resources === resources) return cib;
  return withNode(cib, { ...state, resources });
}

/** A node that was fenced: down as far as anybody knows, and nothing runs there. */
export function withFenced(cib: Cib, id: string, uname: string): Cib {
  return withNode(cib, {
    ...nodeOf(cib, id, uname),
    inCcm: "false",
    crmd: "offline",
    join: "down",
    expected: "down",
    attributes: NO_ATTRIBUTES,
    resources: NO_RESOURCES,
  });
}

/** A map with one entry set, or (undefined) removed; the same map where that changes nothing. */
export function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> {
  if (value === undefined ? !map.has(key) : map.get(key) === value) return map;
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
