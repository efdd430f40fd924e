import fc from "fast-check";
import { make } from "../mutations/draft.js";
import { at, type Family, maybe, type Subject } from "./subject.js";

/** Primitives that take after a template, which says some of what they say themselves; and a constraint that names it. */
export const templates: Family = fc
  .record({
    members: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 3 }),
    meta: maybe(1, ["resource-stickiness", "migration-threshold"]),
    monitor: fc.boolean(),
    constraint: fc.constantFrom("location", "order", "colocation", "ticket", "none"),
    other: fc.nat(11),
    reverse: fc.boolean(),
  })
  .map(({ members, meta, monitor, constraint, other, reverse }) => (cib) => {
    const id = cib.id("template");
    const dummies = cib.primitives.filter((p) => p.attrs["type"] === "Dummy");
    if (dummies.length === 0) return;
    const template = make("template", { id, class: "ocf", provider: "pacemaker", type: "Dummy" });
    if (meta !== undefined) cib.meta(template, meta, "2");
    if (monitor) {
      const op = make("op", { id: `${id}-monitor`, name: "monitor", interval: "10s", "on-fail": "stop" });
      template.children.push(make("operations", {}, [op]));
    }
    cib.configuration("resources").children.push(template);
    for (const position of members) {
      const primitive = at(dummies, position);
      if (primitive.attrs["class"] !== undefined) primitive.attrs = { id: primitive.attrs["id"]!, template: id };
    }
    nameIt(cib, id, constraint, other, reverse);
  });

/** A tag for resources of any kind, and a constraint that names it. */
export const tags: Family = fc
  .record({
    members: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 3 }),
    constraint: fc.constantFrom("location", "order", "colocation", "ticket"),
    other: fc.nat(11),
    reverse: fc.boolean(),
  })
  .map(({ members, constraint, other, reverse }) => (cib) => {
    const id = cib.id("tag");
    const names = new Set(members.map((position) => at(cib.constrainable, position)));
    const refs = [...names].map((name) => make("obj_ref", { id: name }));
    cib.configuration("tags").children.push(make("tag", { id }, refs));
    nameIt(cib, id, constraint, other, reverse);
  });

/** A constraint of a kind between what is named here and another resource. */
function nameIt(cib: Subject, id: string, kind: string, other: number, reverse: boolean): void {
  const constraint = cib.id("named");
  const partner = at(cib.constrainable, other);
  const [a, b] = reverse ? [partner, id] : [id, partner];
  switch (kind) {
    case "location":
      cib.constrain(make("rsc_location", { id: constraint, rsc: id, node: cib.nodeName(other), score: "-INFINITY" }));
      break;
    case "order":
      // biome-ignore lint/suspicious/noThenProperty: the attribute of rsc_order is called that
      cib.constrain(make("rsc_order", { id: constraint, first: a, then: b, kind: "Mandatory" }));
      break;
    case "colocation":
      cib.constrain(make("rsc_colocation", { id: constraint, rsc: a, "with-rsc": b, score: "INFINITY" }));
      break;
    case "ticket":
      cib.constrain(make("rsc_ticket", { id: constraint, rsc: id, ticket: "t3", "loss-policy": "stop" }));
      cib.ticket("t3", other % 2 === 0 ? "granted" : "revoked");
      break;
    default:
      break;
  }
}
