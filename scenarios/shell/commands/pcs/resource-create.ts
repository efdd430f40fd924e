import type { XmlElement } from "../../../../model/cluster/cib/types.js";
import { element } from "../../../../model/cluster/cib/xml.js";
import { findResource, withEdited, withElement } from "../../../../model/cluster/configuration/edit.js";
import { isAddable } from "../../../../model/plant/agents/added.js";
import { fail, ok, type Result } from "../../command.js";
import { isOldPcs } from "../../pacemaker.js";
import { agentOf, cloneElement, pairsOf, primitiveElement, type TypedResource } from "../../resource-xml.js";
import { edit, type PcsCall, pcsHere, takeWait, waited } from "./pcs-verb.js";

/** The operations that pcs takes from an agent's metadata. Sources: the agents' metadata; pcs 0.9.90 adds a monitor alone. */
const DEFAULTS: ReadonlyMap<string, readonly (readonly [name: string, interval: string, timeout: string])[]> = new Map([
  [
    "IPaddr2",
    [
      ["monitor", "10s", "20s"],
      ["start", "0s", "20s"],
      ["stop", "0s", "20s"],
    ],
  ],
  [
    "Filesystem",
    [
      ["monitor", "20s", "40s"],
      ["start", "0s", "60s"],
      ["stop", "0s", "60s"],
    ],
  ],
  [
    "nfsserver",
    [
      ["monitor", "10s", "20s"],
      ["start", "0s", "40s"],
      ["stop", "0s", "20s"],
    ],
  ],
  [
    "apache",
    [
      ["monitor", "10s", "20s"],
      ["start", "0s", "40s"],
      ["stop", "0s", "60s"],
    ],
  ],
  [
    "Dummy",
    [
      ["monitor", "10s", "20s"],
      ["start", "0s", "20s"],
      ["stop", "0s", "20s"],
    ],
  ],
  [
    "systemd",
    [
      ["monitor", "60s", "100s"],
      ["start", "0s", "100s"],
      ["stop", "0s", "100s"],
    ],
  ],
]);

const KEYWORDS: ReadonlySet<string> = new Set(["op", "meta", "clone", "master", "promotable", "bundle"]);

/** `pcs resource create ID AGENT [params] [op …] [meta …] [clone …] [--group G]`. Source: pcs(8). */
export function createResource(pcs: PcsCall, given: readonly string[]): Result {
  const { call } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const { words: unwaited, waitMs } = takeWait(given);
  const options = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < unwaited.length; i++) {
    const word = unwaited[i]!;
    const [name, value] = word.split("=");
    if (["--group", "--before", "--after"].includes(name!)) options.set(name!, value ?? unwaited[++i] ?? "");
    else if (["--disabled", "--no-default-ops", "--clone", "--master"].includes(word)) options.set(word, "");
    else if (word.startsWith("--")) return call.notModelled(`pcs resource create ${word}`);
    else words.push(word);
  }
  const [id, agentText, ...rest] = words;
  if (id === undefined || agentText === undefined)
    return fail("Usage: pcs resource create <resource id> [<standard>:[<provider>:]]<type> [resource options]");
  if (findResource(found.cib, id)) return fail(`Error: '${id}' already exists`);
  const agent = agentOf(agentText);
  if (!agent) return fail(`Error: Invalid resource agent name '${agentText}'`);
  const parts = sections(rest);
  const old = isOldPcs(call, found.cluster);
  if (parts.has("master") || parts.has("promotable") || parts.has("bundle") || options.has("--master"))
    return call.notModelled(`pcs resource create ${id}: a promotable or bundled resource that is added later`);
  const name = [agent.agentClass, agent.provider, agent.type].filter((part) => part !== undefined).join(":");
  if (!isAddable({ agentClass: agent.agentClass, agent: name }))
    return call.notModelled(`pcs resource create ${id}: a resource of ${name} that is added later`);
  const parameters = pairsOf(parts.get("") ?? []);
  const meta = pairsOf(parts.get("meta") ?? []);
  const clone = pairsOf((parts.get("clone") ?? []).filter((word) => word !== "meta"));
  if (!parameters || !meta || !clone) return fail("Error: missing value of an option: use NAME=VALUE");
  const typedOperations = operationsOf(parts.get("op") ?? []);
  const all = options.has("--disabled") ? new Map([...meta, ["target-role", "Stopped"]]) : meta;
  const resource: TypedResource = {
    ...{ id, ...agent, parameters, meta: all },
    operations: withDefaults(typedOperations, agent, old, options.has("--no-default-ops")),
  };
  const primitive = primitiveElement(resource);
  const group = options.get("--group");
  if (group !== undefined && findResource(found.cib, group) && findResource(found.cib, group)!.name !== "group")
    return fail(`Error: '${group}' is not a group`);
  const isCloned = parts.has("clone") || options.has("--clone");
  edit(pcs, (cib) => {
    if (isCloned) return withElement(cib, "resources", cloneElement(primitive, clone));
    if (group === undefined) return withElement(cib, "resources", primitive);
    if (!findResource(cib, group)) return withElement(cib, "resources", element("group", { id: group }, [primitive]));
    return withEdited(cib, (e) => {
      if (e.name !== "group" || e.attrs["id"] !== group) return e;
      return { ...e, children: placed(e.children, primitive, options.get("--before"), options.get("--after")) };
    });
  });
  return pcs.file === undefined ? (waited(call, found.cluster, waitMs) ?? ok()) : ok();
}

/** Words by the keyword before them; those before the first under "". */
function sections(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>([["", []]]);
  let into = found.get("")!;
  for (const word of words) {
    if (KEYWORDS.has(word)) {
      into = found.get(word) ?? [];
      found.set(word, into);
    } else into.push(word);
  }
  return found;
}

/** `monitor interval=30s timeout=20s start timeout=60s`. */
export function operationsOf(words: readonly string[]): TypedResource["operations"] {
  const found: { name: string; options: Map<string, string> }[] = [];
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 0) found.push({ name: word, options: new Map() });
    else found.at(-1)?.options.set(word.slice(0, at), word.slice(at + 1));
  }
  return found;
}

function withDefaults(
  typed: TypedResource["operations"],
  { agentClass, type }: Pick<TypedResource, "agentClass" | "type">,
  isOld: boolean,
  without: boolean,
): TypedResource["operations"] {
  const monitor = ["monitor", "60s", ""] as const;
  const known = isOld || without ? undefined : DEFAULTS.get(agentClass === "systemd" ? "systemd" : type);
  const added = (known ?? [monitor])
    .filter(([name]) => !typed.some((one) => one.name === name))
    .map(([name, interval, timeout]) => ({
      name,
      options: new Map([["interval", interval], ...(timeout === "" ? [] : [["timeout", timeout] as const])]),
    }));
  return [...typed, ...added];
}

/** A group's children with one more, before or behind one of them, else at the end of its resources. */
export function placed(
  children: readonly XmlElement[],
  added: XmlElement,
  before: string | undefined,
  after: string | undefined,
): readonly XmlElement[] {
  const named = children.findIndex(({ attrs }) => attrs["id"] === (before ?? after));
  const last = children.findLastIndex(({ name }) => name === "primitive");
  const at = named < 0 ? last + 1 : before !== undefined ? named : named + 1;
  return [...children.slice(0, at), added, ...children.slice(at)];
}
