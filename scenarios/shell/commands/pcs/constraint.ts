import type { Cib, XmlElement } from "../../../../model/cluster/cib/types.js";
import { withElement, withLocation, withoutConstraints } from "../../../../model/cluster/configuration/edit.js";
import { fail, ok, type Result } from "../../command.js";
import { hasResource, section } from "../../pacemaker.js";
import { type ConstraintEnd, colocationElement, orderElement, pairsOf } from "../../resource-xml.js";
import { constraintsText } from "../../text/config-text.js";
import { edit, type PcsCall, type PcsVerb, pcsHere } from "./pcs-verb.js";

/** `pcs constraint [list|location|order|colocation|remove|ref]`. */
export const constraint: PcsVerb = (pcs) => {
  const { call, words } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const { cib } = found;
  const full = words.includes("--full");
  const [what = "list", ...more] = words.filter((word) => word !== "--full");
  const lines = constraintsText(cib, full);
  if (what === "list" || what === "show" || what === "config") return ok(`${lines.join("\n")}\n`);
  if (what === "location") return location(pcs, cib, lines, more);
  if (what === "order" || what === "colocation") return pair(pcs, cib, what, lines, more);
  if (what === "remove" || what === "delete") return remove(pcs, cib, more);
  if (what === "ref") {
    const named = section(cib, "constraints").filter((one) => Object.values(one.attrs).includes(more[0] ?? ""));
    return ok(`Resource: ${more[0]}\n${named.map((one) => `  ${one.attrs["id"]}\n`).join("")}`);
  }
  return call.notModelled(`pcs constraint ${words.join(" ")}`);
};

/** `location [RESOURCE prefers|avoids NODE=SCORE…]`, `location add ID RESOURCE NODE SCORE`, `location remove ID`. */
function location(pcs: PcsCall, cib: Cib, lines: readonly string[], words: readonly string[]): Result {
  const { call } = pcs;
  const [resource, verb, ...targets] = words;
  if (resource === undefined || resource === "show" || resource === "config")
    return ok(`${lines.slice(0, lines.indexOf("Ordering Constraints:")).join("\n")}\n`);
  if (resource === "remove" || resource === "delete") return remove(pcs, cib, words.slice(1));
  if (resource === "add") {
    const [, id = "", named = "", node = "", score = "INFINITY"] = words;
    if (!hasResource(cib, named)) return fail(`Error: Resource '${named}' does not exist`);
    edit(pcs, (now) => withLocation(now, { id, resource: named, node, score }));
    return ok();
  }
  if (!hasResource(cib, resource)) return fail(`Error: Resource '${resource}' does not exist`);
  if (verb !== "prefers" && verb !== "avoids") return call.notModelled(`pcs constraint location ${words.join(" ")}`);
  for (const target of targets) {
    const [node = "", score = "INFINITY"] = target.split("=");
    const signed = verb === "avoids" ? `-${score}` : score;
    edit(pcs, (now) =>
      withLocation(now, { id: `location-${resource}-${node}-${signed}`, resource, node, score: signed }),
    );
  }
  return ok();
}

const ACTIONS: ReadonlySet<string> = new Set(["start", "stop", "promote", "demote"]);
const ROLES: ReadonlyMap<string, string> = new Map(
  ["started", "stopped", "promoted", "unpromoted", "master", "slave"].map((word) => [
    word,
    word[0]!.toUpperCase() + word.slice(1),
  ]),
);

/** `order [start] A then [start] B [options]`, `colocation add [role] A with [role] B [score] [options]`, and their removal. */
function pair(
  pcs: PcsCall,
  cib: Cib,
  what: "order" | "colocation",
  lines: readonly string[],
  words: readonly string[],
): Result {
  const [verb, ...others] = words;
  const from = lines.indexOf(what === "order" ? "Ordering Constraints:" : "Colocation Constraints:");
  const to = what === "order" ? lines.indexOf("Colocation Constraints:") : lines.length;
  if (verb === undefined || verb === "show" || verb === "config") return ok(`${lines.slice(from, to).join("\n")}\n`);
  if (verb === "remove" || verb === "delete") {
    const keys = what === "order" ? ["first", "then"] : ["rsc", "with-rsc"];
    const isNamed = ({ name, attrs }: XmlElement) =>
      name === `rsc_${what}` &&
      (what === "colocation"
        ? keys.every((key, i) => attrs[key] === others[i])
        : others.some((id) => keys.some((key) => attrs[key] === id)));
    if (!section(cib, "constraints").some(isNamed)) return fail("Error: No matching resources found in the list");
    edit(pcs, (now) => withoutConstraints(now, isNamed));
    return ok();
  }
  if (verb === "set") return pcs.call.notModelled(`pcs constraint ${what} set`);
  const typedWords = verb === "add" ? others : words;
  const between = typedWords.indexOf(what === "order" ? "then" : "with");
  if (between < 0) return fail(`Usage: pcs constraint ${what} ...`);
  const known =
    what === "order" ? (word: string) => ACTIONS.has(word) : (word: string) => ROLES.has(word.toLowerCase());
  const end = (list: readonly string[]): readonly [ConstraintEnd, readonly string[]] => {
    const [word = "", name = ""] = list;
    if (!known(word)) return [{ resource: word }, list.slice(1)];
    const how = what === "order" ? { action: word } : { role: ROLES.get(word.toLowerCase())! };
    return [{ resource: name, ...how }, list.slice(2)];
  };
  const [one] = end(typedWords.slice(0, between));
  const [other, rest] = end(typedWords.slice(between + 1));
  const missing = [one.resource, other.resource].find((id) => !hasResource(cib, id));
  if (missing !== undefined) return fail(`Error: Resource '${missing}' does not exist`);
  const score = rest.find((word) => /^[+-]?(\d+|INFINITY)$/.test(word));
  const options = pairsOf(rest.filter((word) => word !== score && !word.startsWith("--")));
  if (!options) return fail("Error: missing value of an option: use NAME=VALUE");
  const made =
    what === "order"
      ? orderElement(one, other, options)
      : colocationElement(one, other, score ?? options.get("score") ?? "INFINITY", options);
  edit(pcs, (now) => withElement(now, "constraints", made));
  const { first, "first-action": firstAction = "start", then, "then-action": thenAction = "start", kind } = made.attrs;
  return what === "colocation"
    ? ok()
    : ok(
        `Adding ${first} ${then} (kind: ${kind ?? "Mandatory"}) (Options: first-action=${firstAction} then-action=${thenAction})`,
      );
}

function remove(pcs: PcsCall, cib: Cib, ids: readonly string[]): Result {
  for (const id of ids) {
    if (!section(cib, "constraints").some((one) => one.attrs["id"] === id))
      return fail(`Error: Unable to find constraint - '${id}'`);
    edit(pcs, (now) => withoutConstraints(now, (one) => one.attrs["id"] === id));
  }
  return ok();
}
