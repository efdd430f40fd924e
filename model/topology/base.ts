import { InputError } from "../errors.js";
import type { TopologySource } from "./load/loading.js";
import { readYaml, type YamlDocument, YamlErrors } from "./yaml-document.js";

/** `../NAME`: a folder beside the topology's own, and no other. */
const SIBLING = /^\.\.\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

type Mapping = Readonly<Record<string, unknown>>;

/**
 * A topology that stands on another one (`base: ../NAME`) says only what is different: mappings are merged key by key,
 * `null` takes a key away, everything else stands for what the base says (RFC 7396). Of files with the same path its
 * own count. A base has no base itself. Throws YamlErrors.
 */
export function withBase(
  own: YamlDocument,
  source: TopologySource,
): { readonly document: YamlDocument; readonly source: TopologySource } {
  const name = isMapping(own.value) ? own.value["base"] : undefined;
  if (name === undefined) return { document: own, source };
  const refuse = (message: string): never => {
    throw new YamlErrors([new InputError({ ...own.place(["base"]), message, value: String(name) })]);
  };
  if (typeof name !== "string" || !SIBLING.test(name))
    return refuse("expected a folder beside the topology's own, like ../openstack-havana:");
  const found = source.base?.(name);
  if (found === undefined) return refuse("there is no topology.yaml in this folder:");
  const base = readYaml(found.text, found.file);
  if (isMapping(base.value) && base.value["base"] !== undefined) return refuse("a base may stand on no other:");
  const { base: _, ...changes } = own.value as Mapping;
  return {
    document: {
      file: own.file,
      value: merged(base.value, changes),
      place: (path) => (has(own.value, path) ? own : base).place(path),
    },
    source: layered(source, found.source, found.file),
  };
}

function merged(base: unknown, changes: unknown): unknown {
  if (!isMapping(changes)) return changes;
  const result = new Map(isMapping(base) ? Object.entries(base) : []);
  for (const [key, change] of Object.entries(changes))
    if (change === null) result.delete(key);
    else result.set(key, merged(result.get(key), change));
  return Object.fromEntries(result);
}

function layered(own: TopologySource, base: TopologySource, baseFile: string): TopologySource {
  const beside = baseFile.slice(0, Math.max(baseFile.lastIndexOf("/"), baseFile.lastIndexOf("\\")) + 1);
  return {
    list(folder) {
      const [above, below] = [own.list(folder), base.list(folder)];
      return above && below ? [...new Set([...above, ...below])].sort() : (above ?? below);
    },
    read: (path) => own.read(path) ?? base.read(path),
    fileOf: (path) => (own.read(path) === undefined ? beside + path : undefined),
  };
}

function has(value: unknown, path: readonly PropertyKey[]): boolean {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return false;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return true;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
