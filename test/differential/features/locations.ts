import fc from "fast-check";
import { type Draft, make } from "../mutations/draft.js";
import { describeNodes, nodeRule, ruleXml } from "./rules.js";
import { at, type Family, maybe } from "./subject.js";

const score = fc.constantFrom("INFINITY", "-INFINITY", "100", "-50", "10");

/** A location of a resource, of those a pattern matches or of a set: a node's or by rules; with roles and discovery. */
export const locations: Family = fc
  .record({
    who: fc.record({
      kind: fc.constantFrom("one", "one", "one", "pattern", "set"),
      names: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 3 }),
      pattern: fc.constantFrom("r.*", "c[0-9]", "g(.)", "!g.*"),
    }),
    role: maybe(5, ["Started", "Promoted", "Unpromoted", "Stopped"]),
    where: fc.oneof(
      fc.record({ node: fc.nat(3), score }),
      fc.record({
        rules: fc.array(
          fc.record({ rule: nodeRule, score: fc.oneof({ weight: 5, arbitrary: score }, fc.constant("")) }),
          {
            minLength: 1,
            maxLength: 2,
          },
        ),
      }),
    ),
    discovery: maybe(4, ["always", "never", "exclusive"]),
  })
  .map(({ who, role, where, discovery }) => (cib) => {
    const id = cib.id("location");
    const attrs: Record<string, string> = { id };
    const children: Draft[] = [];
    const names = [...new Set(who.names.map((position) => at(cib.constrainable, position)))];
    if (who.kind === "one") attrs["rsc"] = names[0]!;
    else if (who.kind === "pattern") attrs["rsc-pattern"] = who.pattern;
    else {
      const refs = names.map((name) => make("resource_ref", { id: name }));
      children.push(make("resource_set", { id: `${id}-set`, ...(role !== undefined && { role }) }, refs));
    }
    if (discovery !== undefined) attrs["resource-discovery"] = discovery;
    const roleOfRule: Record<string, string> = role === undefined || who.kind === "set" ? {} : { role };
    if ("node" in where) {
      Object.assign(attrs, { node: cib.nodeName(where.node), score: where.score }, roleOfRule);
    } else {
      describeNodes(cib);
      for (const { rule, score: wish } of where.rules) {
        const worth: Record<string, string> = wish === "" ? { "score-attribute": "weight" } : { score: wish };
        children.push(ruleXml(cib, rule, { ...worth, ...roleOfRule }));
      }
    }
    cib.constrain(make("rsc_location", attrs, children));
  });
