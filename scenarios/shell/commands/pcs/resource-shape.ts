import type { Cib, XmlElement } from "../../../../model/cluster/cib/types.js";
import { element } from "../../../../model/cluster/cib/xml.js";
import {
  findResource,
  isResourceElement,
  resourcesIn,
  withEdited,
  withElement,
  withoutElementOf,
  withoutResource,
  withResourceAttribute,
} from "../../../../model/cluster/configuration/edit.js";
import { type Call, fail, ok, type Result } from "../../command.js";
import { section } from "../../pacemaker.js";
import { cloneElement, operationElement, pairsOf } from "../../resource-xml.js";
import { edit, type PcsCall } from "./pcs-verb.js";
import { operationsOf, placed } from "./resource-create.js";

/** Verbs of `pcs resource` that change what resources there are and how they stand in one another. */
export const shapeVerbs: ReadonlyMap<string, (pcs: PcsCall, words: readonly string[], cib: Cib) => Result> = new Map([
  ["delete", deleteResources],
  ["remove", deleteResources],
  ["group", group],
  ["ungroup", (pcs, [id = "", ...members], cib) => group(pcs, ["remove", id, ...members], cib)],
  ["clone", clone],
  ["unclone", unclone],
  ["op", operation],
  ["defaults", (pcs, words, cib) => defaults(pcs, words, cib, "rsc_defaults")],
]);

const STOP_MAX_MS = 600_000;

/** Stopped, waited for, taken out of the configuration with the constraints that name it. */
function deleteResources(pcs: PcsCall, words: readonly string[], cib: Cib): Result {
  const { call, force } = pcs;
  const ids = words.filter((word) => !word.startsWith("--"));
  const missing = ids.find((id) => !findResource(cib, id));
  if (missing !== undefined || ids.length === 0) return fail(`Error: Resource '${missing ?? ""}' does not exist.`);
  let text = "";
  for (const id of ids) {
    if (pcs.file === undefined && !force) {
      edit(pcs, (now) => withResourceAttribute(now, id, "meta_attributes", "target-role", "Stopped") ?? now);
      if (!isStoppedInTime(call, resourcesIn(findResource(cib, id)!)))
        return fail(`Error: Unable to stop: ${id} before deleting (re-run with --force to force deletion)`);
      text += `Attempting to stop: ${id}... Stopped\n`;
    } else text += `Deleting Resource - ${id}\n`;
    edit(pcs, (now) => withoutResource(now, id));
  }
  return ok(text);
}

function isStoppedInTime({ handle, twin, read, node }: Call, ids: readonly string[]): boolean {
  const cluster = twin.clusters.clusterOf(node)!;
  const isStopped = (id: string) =>
    twin.clusters.resourceState(read, cluster, id, node).places.every(({ role }) => role === "Stopped");
  handle.advance(100);
  return handle.advanceUntil(() => ids.every(isStopped), STOP_MAX_MS) === "held";
}

/** `group add G A B [--before X|--after X]`, `group remove|delete G [A]`, `group list`. */
function group(pcs: PcsCall, words: readonly string[], cib: Cib): Result {
  const [verb = "list", ...rest] = words;
  const place = rest.findIndex((word) => word === "--before" || word === "--after");
  const [name, ...members] = place < 0 ? rest : rest.filter((_, i) => i !== place && i !== place + 1);
  if (verb === "list" || verb === "show")
    return ok(
      section(cib, "resources")
        .filter((one) => one.name === "group")
        .map((one) => `${one.attrs["id"]}: ${resourcesIn(one).slice(1).join(" ")} \n`)
        .join(""),
    );
  if (name === undefined) return fail("Usage: pcs resource group add|remove <group id> [resource id]...");
  const found = findResource(cib, name);
  if (verb === "add") {
    const missing = members.find((id) => findResource(cib, id)?.name !== "primitive");
    if (missing !== undefined) return fail(`Error: Unable to find resource: ${missing}`);
    if (found && found.name !== "group") return fail(`Error: '${name}' is not a group`);
    const [before, after] = ["--before", "--after"].map((one) => (rest[place] === one ? rest[place + 1] : undefined));
    edit(pcs, (now) => {
      const moved = members.map((id) => findResource(now, id)!);
      const without = members.reduce((all, id) => withoutElementOf(all, id), now);
      if (!findResource(without, name)) return withElement(without, "resources", element("group", { id: name }, moved));
      return withEdited(without, (e) =>
        e.name === "group" && e.attrs["id"] === name
          ? { ...e, children: moved.reduce((all, one) => placed(all, one, before, after), e.children) }
          : e,
      );
    });
    return ok();
  }
  if (verb !== "remove" && verb !== "delete") return pcs.call.notModelled(`pcs resource group ${words.join(" ")}`);
  if (found?.name !== "group") return fail(`Error: Group '${name}' does not exist`);
  const leaving = members.length > 0 ? members : resourcesIn(found).slice(1);
  edit(pcs, (now) => {
    const out = leaving.map((id) => findResource(now, id)).filter((one) => one !== undefined);
    const without = leaving.reduce((all, id) => withoutElementOf(all, id), now);
    return out.reduce((all, one) => withElement(all, "resources", one), without);
  });
  return ok();
}

function clone(pcs: PcsCall, [id = "", ...options]: readonly string[], cib: Cib): Result {
  const found = findResource(cib, id);
  if (!found) return fail(`Error: unable to find group or resource: ${id}`);
  const meta = pairsOf(options.filter((word) => word !== "meta"));
  if (!meta) return fail("Error: missing value of an option: use NAME=VALUE");
  if (!section(cib, "resources").includes(found)) return fail(`Error: '${id}' is already part of a clone or a group`);
  if ([...meta].some(([name, value]) => name === "promotable" && value === "true"))
    return pcs.call.notModelled(`pcs resource clone ${id} promotable=true`);
  edit(pcs, (now) => withElement(withoutElementOf(now, id), "resources", cloneElement(found, meta)));
  return ok();
}

function unclone(pcs: PcsCall, [id = ""]: readonly string[], cib: Cib): Result {
  const outer = section(cib, "resources").find(
    (one) => one.name === "clone" && (one.attrs["id"] === id || one.children.some((inner) => inner.attrs["id"] === id)),
  );
  const inner = outer?.children.find(isResourceElement);
  if (!outer || !inner) return fail(`Error: '${id}' is not a clone resource`);
  edit(pcs, (now) => withElement(withoutElementOf(now, outer.attrs["id"]!), "resources", inner));
  return ok();
}

/** `op add ID monitor interval=30s`, `op remove ID monitor [interval=30s]`, `op defaults NAME=VALUE`. */
function operation(pcs: PcsCall, words: readonly string[], cib: Cib): Result {
  const [verb, id = "", ...rest] = words;
  if (verb === "defaults") return defaults(pcs, words.slice(1), cib, "op_defaults");
  if (!findResource(cib, id)) return fail(`Error: Unable to find resource: ${id}`);
  const [typed] = operationsOf(rest);
  if (!typed || !["add", "remove", "delete"].includes(verb ?? ""))
    return pcs.call.notModelled(`pcs resource op ${words.join(" ")}`);
  const made = operationElement(id, typed.name, typed.options);
  const isIt = ({ attrs }: XmlElement) =>
    attrs["name"] === typed.name &&
    (verb === "add"
      ? attrs["id"] === made.attrs["id"]
      : (typed.options.get("interval") ?? attrs["interval"]) === attrs["interval"]);
  edit(pcs, (now) =>
    withEdited(now, (e) => {
      if (!isResourceElement(e) || e.attrs["id"] !== id) return e;
      const list = e.children.find(({ name }) => name === "operations");
      const kept = (list?.children ?? []).filter((one) => !isIt(one));
      const operations = element("operations", list?.attrs ?? {}, verb === "add" ? [...kept, made] : kept);
      return { ...e, children: [...e.children.filter((one) => one !== list), operations] };
    }),
  );
  return ok();
}

/** `defaults [update] NAME=VALUE…`, and shown without. */
function defaults(pcs: PcsCall, words: readonly string[], cib: Cib, where: "rsc_defaults" | "op_defaults"): Result {
  const typed = words.filter((word) => !word.startsWith("--"));
  const [first = ""] = typed;
  const given = pairsOf(first === "update" || first === "set" ? typed.slice(1) : typed);
  const [set] = section(cib, where);
  const now = new Map(set?.children.map(({ attrs }) => [attrs["name"] ?? "", attrs["value"] ?? ""]));
  if (typed.length === 0 || first === "config" || first === "show")
    return ok(now.size === 0 ? "No defaults set" : [...now].map(([name, value]) => `${name}: ${value}`).join("\n"));
  if (!given) return pcs.call.notModelled(`pcs resource defaults ${words.join(" ")}`);
  for (const [name, value] of given) value === "" ? now.delete(name) : now.set(name, value);
  const id = set?.attrs["id"] ?? (where === "rsc_defaults" ? "rsc-options" : "op-options");
  const pairs = [...now].map(([name, value]) => element("nvpair", { id: `${id}-${name}`, name, value }));
  edit(pcs, (one) => withElement(one, where, element("meta_attributes", { id }, pairs)));
  return {
    stdout: "",
    stderr: "Warning: Defaults do not apply to resources which override them with their own defined values\n",
    exitCode: 0,
  };
}
