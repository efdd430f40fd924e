import { type RuleContext, ruleHolds } from "./rules.js";
import type { XmlElement } from "./types.js";

/** Elements by their ids; needed where a set or pair refers to another with `id-ref`. */
export interface Ids {
  find(id: string): XmlElement | undefined;
}

/**
 * Adds to `into` the name-value pairs of every set named `setName` below `parent` of which a rule holds (or that has
 * none). Sets go by their score, highest first; of equal ones the last listed goes first, as in Pacemaker 2.1.5 (so a
 * resource's own sets go before those of its template). A name that has a value keeps it. `first` names a set that
 * goes before all others (cib-bootstrap-options among the cluster's options).
 */
export function collectPairs(
  parent: XmlElement,
  setName: string,
  context: RuleContext,
  ids: Ids,
  into: Map<string, string>,
  first?: string,
): void {
  let only: XmlElement | undefined;
  let sets: XmlElement[] | undefined;
  for (const c of parent.children) {
    if (c.name !== setName) continue;
    if (!only) only = c;
    else {
      sets ??= [only];
      sets.push(c);
    }
  }
  if (!only) return;
  if (!sets) {
    addSet(only, setName, context, ids, into);
    return;
  }
  if (sets.some((s) => s.attrs["score"] !== undefined || s.attrs["id-ref"] !== undefined || s.attrs["id"] === first)) {
    const resolved = sets.map((s) => resolve(s, ids) ?? s);
    const rank = (s: XmlElement): number => (first !== undefined && s.attrs["id"] === first ? Infinity : scoreOf(s));
    sets = resolved.reverse().sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
  } else {
    sets.reverse();
  }
  for (const set of sets) addSet(set, setName, context, ids, into);
}

function scoreOf(set: XmlElement): number {
  const text = set.attrs["score"];
  if (text === undefined) return 0;
  if (text === "INFINITY" || text === "+INFINITY") return 1_000_000;
  if (text === "-INFINITY") return -1_000_000;
  return Number.parseInt(text, 10) || 0;
}

function resolve(e: XmlElement, ids: Ids): XmlElement | undefined {
  const reference = e.attrs["id-ref"];
  if (reference === undefined) return e;
  const target = ids.find(reference);
  return target?.name === e.name ? target : undefined;
}

function addSet(written: XmlElement, setName: string, context: RuleContext, ids: Ids, into: Map<string, string>): void {
  const set = resolve(written, ids);
  if (!set) {
    context.listener?.onTrouble(written, `${setName} refers to "${written.attrs["id-ref"]}", which is not there`);
    return;
  }
  let applies = true;
  for (const c of set.children) {
    if (c.name !== "rule") continue;
    const rule = resolve(c, ids);
    applies = rule !== undefined && ruleHolds(rule, context);
    if (applies) break;
  }
  if (!applies) return;
  addPairs(set, context, ids, into);
}

function addPairs(set: XmlElement, context: RuleContext, ids: Ids, into: Map<string, string>): void {
  for (const c of set.children) {
    // Releases before 1.0 wrapped the pairs of a set in an element of their own.
    if (c.name === "attributes") addPairs(c, context, ids, into);
    if (c.name !== "nvpair") continue;
    const pair = resolve(c, ids);
    if (!pair) {
      context.listener?.onTrouble(c, `an nvpair refers to "${c.attrs["id-ref"]}", which is not there`);
      continue;
    }
    const name = c.attrs["name"] ?? pair.attrs["name"];
    const value = pair.attrs["value"];
    // "#default" leaves the name to the sets behind.
    if (name === undefined || value === undefined || value === "#default") continue;
    if (!into.has(name)) into.set(name, value);
  }
}
