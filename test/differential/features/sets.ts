import fc from "fast-check";
import { type Draft, make } from "../mutations/draft.js";
import { at, type Family, maybe, type Subject } from "./subject.js";

interface RandomSet {
  readonly members: readonly number[];
  readonly sequential: string | undefined;
  readonly requireAll: string | undefined;
  readonly action: string | undefined;
  readonly role: string | undefined;
}

const set: fc.Arbitrary<RandomSet> = fc.record({
  members: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 3 }),
  sequential: maybe(2, ["false", "true"]),
  requireAll: maybe(3, ["false", "true"]),
  action: maybe(8, ["start", "stop", "promote", "demote"]),
  role: maybe(6, ["Started", "Promoted", "Unpromoted"]),
});

const sets = fc.array(set, { minLength: 1, maxLength: 3 });

/** The sets as elements; nothing is named twice, be it as part of its group, and a set that would name nothing is left out. */
function setsOf(cib: Subject, id: string, drawn: readonly RandomSet[], attribute: "action" | "role"): Draft[] {
  const free = new Set(cib.constrainable);
  const elements: Draft[] = [];
  for (const { members, sequential, requireAll, ...roles } of drawn) {
    const refs: Draft[] = [];
    for (const position of members) {
      const name = at(cib.constrainable, position);
      if (!free.delete(name)) continue;
      refs.push(make("resource_ref", { id: name }));
      for (const related of cib.groupOrMembers(name)) free.delete(related);
    }
    if (refs.length === 0) continue;
    const attrs: Record<string, string> = { id: `${id}-${elements.length}` };
    if (sequential !== undefined) attrs["sequential"] = sequential;
    if (requireAll !== undefined) attrs["require-all"] = requireAll;
    const role = roles[attribute];
    if (role !== undefined) attrs[attribute] = role;
    elements.push(make("resource_set", attrs, refs));
  }
  return elements;
}

export const orderSets: Family = fc
  .record({
    sets,
    kind: fc.constantFrom("Mandatory", "Optional", "Serialize"),
    symmetrical: maybe(3, ["false", "true"]),
  })
  .map(({ sets: drawn, kind, symmetrical }) => (cib) => {
    const id = cib.id("order-sets");
    const attrs: Record<string, string> = { id, kind };
    if (symmetrical !== undefined && kind !== "Serialize") attrs["symmetrical"] = symmetrical;
    cib.constrain(make("rsc_order", attrs, setsOf(cib, id, drawn, "action")));
  });

export const colocationSets: Family = fc
  .record({ sets, score: fc.constantFrom("INFINITY", "-INFINITY", "100", "-50") })
  .map(({ sets: drawn, score }) => (cib) => {
    const id = cib.id("colocation-sets");
    cib.constrain(make("rsc_colocation", { id, score }, setsOf(cib, id, drawn, "role")));
  });

/** One or two resources that want a ticket, alone or in sets; the ticket may have been granted, revoked or never seen. */
export const tickets: Family = fc
  .record({
    sets,
    single: fc.boolean(),
    role: maybe(2, ["Started", "Promoted", "Unpromoted", "Stopped"]),
    lossPolicy: maybe(1, ["stop", "demote", "fence", "freeze"]),
    state: fc.constantFrom("granted", "granted", "revoked", "standby", "unknown"),
    ticket: fc.constantFrom("t1", "t2"),
  })
  .map(({ sets: drawn, single, role, lossPolicy, state, ticket }) => (cib) => {
    const id = cib.id("ticket");
    const attrs: Record<string, string> = { id, ticket };
    if (lossPolicy !== undefined) attrs["loss-policy"] = lossPolicy;
    if (single) {
      attrs["rsc"] = at(cib.constrainable, drawn[0]!.members[0]!);
      if (role !== undefined) attrs["rsc-role"] = role;
    }
    cib.constrain(make("rsc_ticket", attrs, single ? [] : setsOf(cib, id, drawn, "role")));
    if (state !== "unknown") cib.ticket(ticket, state);
  });
