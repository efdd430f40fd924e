import type { Cib } from "../../../../model/cluster/cib/types.js";
import { withResourceAttribute } from "../../../../model/cluster/configuration/edit.js";
import { fail, ok, type Result } from "../../command.js";
import { activeOn, hasResource, section } from "../../pacemaker.js";
import { isStonith, resourceText } from "../../text/config-text.js";
import { resourceLines, stateAt } from "../../text/crm-status.js";
import { failCountsOf } from "../../text/failed-actions.js";
import {
  edit,
  type PcsCall,
  type PcsVerb,
  pcsHere,
  takeNode,
  takeWait,
  typed,
  unknownOption,
  waited,
} from "./pcs-verb.js";
import { createResource } from "./resource-create.js";
import { shapeVerbs } from "./resource-shape.js";

/** `pcs resource …`: what operators do to resources. */
export const resource: PcsVerb = (pcs) => {
  const { call } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const { cluster, cib, nodes } = found;
  const [what = "show", ...given] = pcs.words;
  if (what === "show" || what === "status" || what === "config") return show(pcs, what, given);
  if (what === "failcount") return failcount(pcs, given);
  if (what === "create") return createResource(pcs, given);
  const shape = shapeVerbs.get(what);
  if (shape) return shape(pcs, given, cib);
  if (pcs.file !== undefined && !OFFLINE.has(what)) return call.notModelled(`pcs -f ${pcs.file} resource ${what}`);
  const { words: unwaited, waitMs } = takeWait(given);
  const { words, node } = takeNode(unwaited.filter((word) => word !== "--strict" && word !== "--full"));
  const option = unknownOption(words);
  if (option !== undefined) return call.notModelled(`pcs resource ${what} ${option}`);
  if (!ON_RESOURCES.has(what)) return call.notModelled(`pcs resource ${pcs.words.join(" ")}`);
  const lifetime = words.find((word) => word.startsWith("lifetime="));
  if (lifetime !== undefined) return call.notModelled(`pcs resource ${what} ${lifetime}`);
  const [id, ...more] = words;
  if (id !== undefined && !hasResource(cib, id))
    return fail(
      `Error: Resource '${id}' does not exist`.replace(
        "Resource '",
        what === "cleanup" || what === "refresh" ? "Resource '" : "bundle/clone/group/resource '",
      ),
    );
  if (id === undefined && !["cleanup", "refresh", "clear"].includes(what))
    return fail(`Usage: pcs resource ${what} <resource id>...`);
  const { operator } = call.twin.clusters;
  const at = call.node;
  const act = (body: Parameters<typeof call.handle.act>[2]) => call.handle.act(at, typed(call), body);
  const target = more[0] ?? node;
  switch (what) {
    case "move":
    case "ban": {
      if (target !== undefined && !nodes.includes(target)) return fail(`Error: Node '${target}' does not exist`);
      const on = activeOn(call, cluster, cib, id!);
      if (what === "move" && target !== undefined && on.includes(target))
        return fail(
          `Error: error moving/banning/clearing resource\nError performing operation: Situation already as requested`,
        );
      if (target === undefined && on.length === 0)
        return fail(`Error: You must specify a node when moving/banning a stopped resource`);
      act((instant) =>
        what === "move" ? operator.move(instant, at, id!, target) : operator.ban(instant, at, id!, target),
      );
      const left = what === "ban" || target === undefined ? `cli-ban-${id}-on-${target ?? on[0]}` : "";
      const text =
        left === ""
          ? ""
          : `Warning: Creating location constraint '${left}' with a score of -INFINITY for resource ${id} on ${target ?? on[0]}.\n`;
      return waited(call, cluster, waitMs) ?? { stderr: text, exitCode: 0 };
    }
    case "clear":
      act((instant) => operator.clear(instant, at, id!, target));
      return waited(call, cluster, waitMs) ?? ok();
    case "enable":
    case "disable":
    case "manage":
    case "unmanage":
      for (const one of words) {
        const [name, value] = META[what];
        setMeta(pcs, one, name, value);
      }
      return waited(call, cluster, waitMs) ?? ok();
    case "cleanup":
    case "refresh":
      call.handle.about({ kind: "cleanup", cluster, resource: id });
      act((instant) => operator[what](instant, at, id, node));
      // The tool waits for the nodes' answers.
      call.handle.advance(2_000);
      return ok(cleanedText(id, nodes, node));
    case "restart":
      return restart(pcs, id!, cluster);
    case "meta":
      return pairsOf(more, (name, value) => setMeta(pcs, id!, name, value));
    case "update":
      return update(pcs, id!, more);
    default:
      return call.notModelled(`pcs resource ${pcs.words.join(" ")}`);
  }
};

const META = {
  enable: ["target-role", undefined],
  disable: ["target-role", "Stopped"],
  manage: ["is-managed", undefined],
  unmanage: ["is-managed", "false"],
} as const;

/** Verbs whose first word is a resource. */
const ON_RESOURCES: ReadonlySet<string> = new Set([
  ...["move", "ban", "clear", "enable", "disable", "manage", "unmanage"],
  ...["cleanup", "refresh", "restart", "meta", "update"],
]);

/** Verbs that pcs carries out on a file as well. */
const OFFLINE: ReadonlySet<string> = new Set(["meta", "update", "enable", "disable", "manage", "unmanage"]);

/** `update ID NAME=VALUE… [op …] [meta …]`. Agents that were there from the start keep what they were built with. */
function update(pcs: PcsCall, id: string, words: readonly string[]): Result {
  const { call } = pcs;
  const { topology } = call.twin;
  const at = words.findIndex((word) => word === "op" || word === "meta");
  const parameters = at < 0 ? words : words.slice(0, at);
  if (words[at] === "op") return shapeVerbs.get("op")!(pcs, ["add", id, ...words.slice(at + 1)], cibOf(pcs));
  const isOurs = hasResource(topology.clusters.get(call.twin.clusters.clusterOf(call.node) ?? "")!.cib, id);
  if (parameters.length > 0 && isOurs && pcs.file === undefined)
    call.handle.say(`pcs resource update ${id}: its agent goes on with the parameters that it had at the start`);
  const done = pairsOf(parameters, (name, value) =>
    edit(pcs, (now) => withResourceAttribute(now, id, "instance_attributes", name, value) ?? now),
  );
  return done.exitCode || at < 0 ? done : pairsOf(words.slice(at + 1), (name, value) => setMeta(pcs, id, name, value));
}

function setMeta(pcs: PcsCall, id: string, name: string, value: string | undefined): void {
  const { handle, node, twin } = pcs.call;
  if (pcs.file !== undefined) edit(pcs, (now) => withResourceAttribute(now, id, "meta_attributes", name, value) ?? now);
  else handle.act(node, typed(pcs.call), (instant) => twin.clusters.operator.setMeta(instant, node, id, name, value));
}

function cibOf(pcs: PcsCall): Cib {
  const found = pcsHere(pcs);
  if ("failed" in found) throw new Error("the cluster was there a moment ago");
  return found.cib;
}

function cleanedText(id: string | undefined, nodes: readonly string[], node: string | undefined): string {
  if (id === undefined) return "Cleaned up all resources on all nodes\n";
  return (node === undefined ? nodes : [node]).map((one) => `Cleaned up ${id} on ${one}\n`).join("");
}

function pairsOf(words: readonly string[], set: (name: string, value: string | undefined) => void): Result {
  for (const word of words) {
    const found = /^([\w-]+)=(.*)$/.exec(word);
    if (!found) return fail(`Error: missing value of '${word}' option`);
    set(found[1]!, found[2] === "" ? undefined : found[2]);
  }
  return ok();
}

/** Disabled, waited for, enabled, waited for: as pcs does it. */
function restart({ call }: PcsCall, id: string, cluster: string): Result {
  const { operator } = call.twin.clusters;
  for (const how of ["disable", "enable"] as const) {
    call.handle.act(call.node, typed(call), (instant) => operator[how](instant, call.node, id));
    const late = waited(call, cluster, 600_000);
    if (late) return late;
  }
  return ok(`${id} successfully restarted`);
}

function show(pcs: PcsCall, what: string, words: readonly string[]): Result {
  const { call } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const ids = words.filter((word) => !word.startsWith("--"));
  const missing = ids.find((id) => !hasResource(found.cib, id));
  if (missing !== undefined) return fail(`Error: unable to find resource '${missing}'`);
  const all = section(found.cib, "resources").filter((one) => !isStonith(one));
  if (what === "config" || words.includes("--full") || (what === "show" && ids.length > 0)) {
    const shown =
      ids.length === 0
        ? all
        : all.flatMap((one) => [one, ...one.children]).filter((one) => ids.includes(one.attrs["id"] ?? ""));
    return ok(`${shown.flatMap((one) => resourceText(one, 1)).join("\n")}\n`);
  }
  const names = new Set(all.map((one) => one.attrs["id"]));
  return ok(
    resourceLines(
      stateAt(call.handle, found.cluster, call.node),
      (id) => names.has(id) && (ids.length === 0 || ids.includes(id)),
    ),
  );
}

/** `pcs resource failcount show|reset [RESOURCE] [NODE]`. */
function failcount(pcs: PcsCall, words: readonly string[]): Result {
  const { call } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const [what = "show", id, node] = words.filter((word) => !word.startsWith("--"));
  if (what === "reset") {
    call.handle.about({ kind: "cleanup", cluster: found.cluster, resource: id });
    call.handle.act(call.node, typed(call), (instant) =>
      call.twin.clusters.operator.cleanup(instant, call.node, id, node),
    );
    return ok();
  }
  if (what !== "show") return call.notModelled(`pcs resource failcount ${words.join(" ")}`);
  const counts = failCountsOf(stateAt(call.handle, found.cluster, call.node)).filter(
    (one) => (id === undefined || one.resource === id) && (node === undefined || one.node === node),
  );
  if (counts.length === 0) return ok(id === undefined ? "No failcounts" : `No failcounts for ${id}`);
  const resources = [...new Set(counts.map((one) => one.resource))];
  return ok(
    resources
      .map((one) => {
        const lines = counts.filter(({ resource: of }) => of === one).map(({ node: on, count }) => ` ${on}: ${count}`);
        return `Failcounts for ${one}\n${lines.join("\n")}\n`;
      })
      .join(""),
  );
}
