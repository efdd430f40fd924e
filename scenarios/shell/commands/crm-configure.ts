import type { Cib, XmlElement } from "../../../model/cluster/cib/types.js";
import { element } from "../../../model/cluster/cib/xml.js";
import {
  findResource,
  withElement,
  withLocation,
  withoutConstraints,
  withoutElementOf,
  withoutResource,
} from "../../../model/cluster/configuration/edit.js";
import { unplayable } from "../added-resources.js";
import { type Call, fail, ok, type Result } from "../command.js";
import { here, section } from "../pacemaker.js";
import {
  agentOf,
  type ConstraintEnd,
  cloneElement,
  colocationElement,
  orderElement,
  pairsOf,
  primitiveElement,
} from "../resource-xml.js";

/** `crm configure primitive|group|clone|location|order|colocation|delete`. Source: crm(8), its configure level. */
export function configure(call: Call, verb: string, words: readonly string[]): Result {
  const found = here(
    call,
    "ERROR: running cibadmin -Ql: Connection to cluster failed: Transport endpoint is not connected",
  );
  if ("failed" in found) return found.failed;
  const [id = "", ...rest] = words;
  if (verb === "delete") return remove(call, found.cib, words);
  if (id === "") return fail(`ERROR: configure.${verb}: missing required argument`);
  if (findResource(found.cib, id)) return fail(`ERROR: ${id}: id is already in use`);
  const change = changeOf(found.cib, verb, id, rest);
  if (change === undefined) return call.notModelled(`crm configure ${verb} ${words.join(" ")}`);
  return write(call, found.cib, change);
}

function write(call: Call, cib: Cib, change: (cib: Cib) => Cib): Result {
  const reason = unplayable(cib, change(cib));
  if (reason !== undefined) return call.notModelled(`crm configure: ${reason}`);
  const { handle, node, twin } = call;
  const typed = `crm ${call.args.join(" ")}`;
  handle.act(node, typed, (instant) => twin.clusters.operator.edit(instant, node, typed, change));
  return ok();
}

function changeOf(cib: Cib, verb: string, id: string, rest: readonly string[]): ((cib: Cib) => Cib) | undefined {
  const put = (where: string, one: XmlElement | undefined) => one && ((now: Cib) => withElement(now, where, one));
  switch (verb) {
    case "primitive":
      return put("resources", primitive(id, rest));
    case "group": {
      const members = rest.slice(0, keywordAt(rest)).map((member) => findResource(cib, member));
      if (members.length === 0 || members.some((one) => one?.name !== "primitive")) return undefined;
      const made = element("group", { id }, members as XmlElement[]);
      return (now) =>
        withElement(
          members.reduce((all, one) => withoutElementOf(all, one!.attrs["id"]!), now),
          "resources",
          made,
        );
    }
    case "clone": {
      const inner = findResource(cib, rest[0] ?? "");
      const meta = pairsOf(rest.slice(1).filter((word) => word !== "meta"));
      if (!inner || !meta) return undefined;
      return (now) => withElement(withoutElementOf(now, rest[0]!), "resources", cloneElement(inner, meta, id));
    }
    case "location": {
      const [resource = "", score = "", node = ""] = rest;
      if (!/^[+-]?(\d+|inf|INFINITY):$/.test(score) || node === "" || !findResource(cib, resource)) return undefined;
      return (now) => withLocation(now, { id, resource, node, score: scoreOf(score.slice(0, -1)) });
    }
    case "order": {
      const [score = "", ...ends] = /:$/.test(rest[0] ?? "") ? rest : ["Mandatory:", ...rest];
      const [first, then, ...more] = ends.map(end("action"));
      if (!first || !then || more.length > 0) return undefined;
      const kind = score.slice(0, -1);
      const options = /^(Mandatory|Optional|Serialize)$/.test(kind) ? { kind } : { score: scoreOf(kind) };
      return put("constraints", orderElement(first, then, new Map(Object.entries({ id, ...options }))));
    }
    case "colocation":
    case "collocation": {
      const [score = "", ...ends] = rest;
      const [one, other, ...more] = ends.map(end("role"));
      if (!one || !other || more.length > 0 || !/:$/.test(score)) return undefined;
      return put("constraints", colocationElement(one, other, scoreOf(score.slice(0, -1)), new Map([["id", id]])));
    }
    default:
      return undefined;
  }
}

/** `NAME CLASS:PROVIDER:TYPE params a=b op monitor interval=30s meta c=d`. */
function primitive(id: string, [agentText = "", ...words]: readonly string[]): XmlElement | undefined {
  const agent = agentOf(agentText);
  const at = (keyword: string, word: string) => (["params", "meta", "op"].includes(word) ? word : keyword);
  let keyword = "params";
  const given = { params: [] as string[], meta: [] as string[] };
  const operations: { name: string; options: Map<string, string> }[] = [];
  for (const word of words) {
    const next = at(keyword, word);
    if (word === "op") operations.push({ name: "", options: new Map() });
    else if (["params", "meta"].includes(word)) keyword = word;
    else if (keyword === "op" && operations.at(-1)!.name === "") operations.at(-1)!.name = word;
    else if (keyword === "op") operations.at(-1)!.options.set(...splitPair(word));
    else given[keyword as "params" | "meta"].push(word);
    keyword = next;
  }
  const [parameters, meta] = [pairsOf(given.params), pairsOf(given.meta)];
  return agent && parameters && meta ? primitiveElement({ id, ...agent, parameters, meta, operations }) : undefined;
}

function splitPair(word: string): [string, string] {
  const at = word.indexOf("=");
  return at < 0 ? [word, ""] : [word.slice(0, at), word.slice(at + 1)];
}

/** `rsc:promote`, `rsc:Master`. */
function end(what: "action" | "role") {
  return (word: string): ConstraintEnd => {
    const [resource = "", how] = word.split(":");
    return how === undefined ? { resource } : { resource, [what]: how };
  };
}

function scoreOf(text: string): string {
  return text.replace(/inf$/i, "INFINITY");
}

function keywordAt(words: readonly string[]): number {
  const at = words.findIndex((word) => word === "meta" || word === "params");
  return at < 0 ? words.length : at;
}

function remove(call: Call, cib: Cib, ids: readonly string[]): Result {
  for (const id of ids) {
    const isConstraint = section(cib, "constraints").some(({ attrs }) => attrs["id"] === id);
    if (!isConstraint && !findResource(cib, id)) return fail(`ERROR: object ${id} does not exist`);
    const running =
      !isConstraint &&
      call.twin.clusters
        .resourceState(call.read, call.twin.clusters.clusterOf(call.node)!, id)
        .places.some(({ role }) => role !== "Stopped");
    if (running) return fail(`ERROR: resource ${id} is running, can't delete it`);
    const done = write(call, cib, (now) =>
      isConstraint ? withoutConstraints(now, ({ attrs }) => attrs["id"] === id) : withoutResource(now, id),
    );
    if (done.exitCode) return done;
  }
  return ok();
}
