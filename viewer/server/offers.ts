import type { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import { faults } from "../../scenarios/faults/index.js";
import { type ReferenceKind, referencesOf } from "../../scenarios/file/reference.js";
import { operatorActions } from "../../scenarios/operator/index.js";
import type { Offer } from "../page/live-data.js";

const OFFERS_MAX = 120;

/** What may be done to a thing: the faults that apply to it, and what an operator can type about it. */
export function offersFor(topology: Topology, thing: string): readonly Offer[] {
  const given = givenBy(thing);
  const found: Offer[] = [];
  for (const { name, summary, params, targets, subject } of faults.values()) {
    const references = [...referencesOf(params)];
    for (const target of targets(topology)) {
      const values = target as Readonly<Record<string, unknown>>;
      const parsed = params.safeParse(narrowed(values, params, references, given));
      if (!parsed.success) continue;
      const isIts = subject(parsed.data) === thing || concerns(parsed.data, references, given);
      if (isIts) found.push({ kind: "fault", name, summary, params: parsed.data });
    }
  }
  for (const { name, summary, params, command } of operatorActions.values()) {
    const values = Object.fromEntries(
      // Where it is typed is left to the twin: a member that runs.
      [...referencesOf(params)].flatMap(([key, kind]) =>
        given.has(kind) && key !== "on" ? [[key, given.get(kind)!]] : [],
      ),
    );
    const parsed = params.safeParse(values);
    if (Object.keys(values).length === 0 || !parsed.success) continue;
    if (concerns(parsed.data, [...referencesOf(params)], given))
      found.push({ kind: "operator", name, summary, params: parsed.data, command: command(parsed.data) });
  }
  return found.slice(0, OFFERS_MAX);
}

/** The names that a thing gives: of a resource on a node, both. The first is what it is. */
function givenBy(thing: string): ReadonlyMap<ReferenceKind, string> {
  const slash = thing.indexOf("/");
  const [kind, id] = [thing.slice(0, slash), thing.slice(slash + 1)];
  const at = id.lastIndexOf("@");
  const given = new Map<ReferenceKind, string>();
  if (kind === "resource" && at > 0) given.set("resource", id.slice(0, at)).set("node", id.slice(at + 1));
  else if (kind === "unit" && at > 0) given.set("unit", id.slice(0, at)).set("node", id.slice(at + 1));
  else if (kind === "power-controller") given.set("controller", id);
  else if (kind === "tier") given.set("backend", id);
  else given.set(kind as ReferenceKind, id);
  return given;
}

/** A fault of a resource everywhere, put to the node that the thing names. */
function narrowed(
  values: Readonly<Record<string, unknown>>,
  params: z.ZodObject,
  references: readonly (readonly [string, ReferenceKind])[],
  given: ReadonlyMap<ReferenceKind, string>,
): Readonly<Record<string, unknown>> {
  if (!given.has("resource")) return values;
  const free = references.find(([key, kind]) => kind === "node" && values[key] === undefined && key in params.shape);
  return free ? { ...values, [free[0]]: given.get("node") } : values;
}

/** Every name that the thing gives and the parameters ask for is the same, and what the thing is stands among them. */
function concerns(
  values: Readonly<Record<string, unknown>>,
  references: readonly (readonly [string, ReferenceKind])[],
  given: ReadonlyMap<ReferenceKind, string>,
): boolean {
  const [own] = given.keys();
  let isNamed = false;
  for (const [key, kind] of references) {
    const wanted = given.get(kind);
    const value = Array.isArray(values[key]) && values[key].length === 1 ? values[key][0] : values[key];
    if (wanted === undefined || value === undefined) continue;
    if (value === wanted) isNamed ||= kind === own;
    else if (kind !== own) return false;
  }
  return isNamed;
}
