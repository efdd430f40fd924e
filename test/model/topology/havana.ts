import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type LoadedTopology, loadTopologyText, type TopologySource } from "../../../model/topology/load.js";
import type { Topology } from "../../../model/topology/types.js";
import { folderSource } from "../../../scenarios/topology-files.js";

/** The reference architecture with edits: to the YAML's text, and to files below its folder. */
export const FOLDER = "fixtures/openstack-havana";
export const FILE = `${FOLDER}/topology.yaml`;
export const YAML = readFileSync(FILE, "utf8");

export interface Edits {
  readonly yaml?: (text: string) => string;
  /** Path below the topology's folder → its new text, or undefined where it is gone. */
  readonly files?: Readonly<Record<string, string | undefined>>;
}

const texts = new Map<string, string | undefined>();
const lists = new Map<string, readonly string[] | undefined>();
const disk = folderSource(FOLDER);

/** Files are read from disk once for all tests. */
function editedSource(edits: Readonly<Record<string, string | undefined>>): TopologySource {
  return {
    list(folder) {
      if (!lists.has(folder)) lists.set(folder, disk.list(folder));
      const added = Object.keys(edits).filter((path) => path.startsWith(`${folder}/`));
      const names = [...(lists.get(folder) ?? []), ...added.map((path) => path.slice(folder.length + 1))];
      return lists.get(folder) === undefined && added.length === 0
        ? undefined
        : [...new Set(names)]
            .filter((name) => !(`${folder}/${name}` in edits && edits[`${folder}/${name}`] === undefined))
            .sort();
    },
    read(path) {
      if (path in edits) return edits[path];
      if (!texts.has(path)) texts.set(path, disk.read(path));
      return texts.get(path);
    },
  };
}

export function load({ yaml = (text) => text, files = {} }: Edits = {}): LoadedTopology {
  return loadTopologyText(yaml(YAML), FILE, editedSource(files));
}

export function loaded(edits: Edits = {}): Topology {
  const result = load(edits);
  if (!result.ok) throw new Error(result.errors.map((error) => error.message).join("\n"));
  return result.topology;
}

export function messages(edits: Edits): string[] {
  const result = load(edits);
  return result.ok ? [] : result.errors.map((error) => error.message);
}

/** Replaces a text that must be there. */
export function replace(from: string, to: string): (text: string) => string {
  return (text) => {
    expect(text, `the fixture has ${from}`).toContain(from);
    return text.replace(from, to);
  };
}

export function text(path: string): string {
  return readFileSync(`${FOLDER}/${path}`, "utf8");
}

/** The line of the first occurrence, for expected places. */
export function lineOf(within: string, what: string): number {
  return within.slice(0, within.indexOf(what)).split("\n").length;
}
