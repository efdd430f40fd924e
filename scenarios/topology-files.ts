import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { InputError } from "../model/errors.js";
import { FILE_CHARACTERS_MAX } from "../model/importers/ledger.js";
import { topologyFromCib } from "../model/topology/from-cib.js";
import { type LoadedTopology, loadTopologyText, type TopologySource } from "../model/topology/load.js";
import { YAML_CHARACTERS_MAX } from "../model/topology/yaml-document.js";
import { readInputText, readTextIfThere } from "./input-file.js";

const FILES_MAX = 20_000;
const DEPTH_MAX = 24;

/**
 * Reads a topology from disk: a YAML file and the files it names, which must lie in its own folder; or a bare CIB
 * (`*.xml`), with the corosync.conf beside it where there is one. `file` is used in messages as it is given.
 */
export function loadTopology(file: string): LoadedTopology {
  try {
    const text = readInputText(file, { bytesMax: isCib(file) ? FILE_CHARACTERS_MAX : YAML_CHARACTERS_MAX });
    const source = folderSource(dirname(file));
    return isCib(file)
      ? topologyFromCib(text, file, source.read("corosync.conf"))
      : loadTopologyText(text, file, source);
  } catch (error) {
    if (error instanceof InputError) return { ok: false, errors: [error] };
    throw error;
  }
}

function isCib(file: string): boolean {
  return file.toLowerCase().endsWith(".xml");
}

/** Files below a folder, and nothing outside of it: a symbolic link that leads out is refused. */
export function folderSource(folder: string): TopologySource {
  const root = realpathSync(folder === "" ? "." : folder);
  const inside = (path: string): string | undefined => {
    const full = join(root, path);
    let real: string;
    try {
      real = realpathSync(full);
    } catch {
      return undefined;
    }
    const way = relative(root, real);
    if (way === ".." || way.startsWith(`..${sep}`))
      throw new InputError({ file: join(folder, path), line: 0, message: "this leads out of the topology's folder" });
    return real;
  };
  return {
    list(path) {
      const real = inside(path);
      if (real === undefined || !statSync(real).isDirectory()) return undefined;
      const found: string[] = [];
      collect(real, "", 0, found, join(folder, path));
      return found.sort();
    },
    read(path) {
      const real = inside(path);
      const limits = { shown: join(folder, path), bytesMax: FILE_CHARACTERS_MAX };
      return real === undefined ? undefined : readTextIfThere(real, limits);
    },
    base(sibling) {
      // The name as it was written: where the folder is a link, what it stands beside is not known.
      const beside = join(folder, sibling);
      const file = join(beside, "topology.yaml");
      const text = readTextIfThere(file, { bytesMax: YAML_CHARACTERS_MAX });
      return text === undefined ? undefined : { text, file, source: folderSource(beside) };
    },
  };
}

function collect(folder: string, prefix: string, depth: number, found: string[], shown: string): void {
  if (depth > DEPTH_MAX) throw new InputError({ file: shown, line: 0, message: `folders more than ${DEPTH_MAX} deep` });
  for (const name of readdirSync(folder)) {
    if (found.length >= FILES_MAX)
      throw new InputError({ file: shown, line: 0, message: `more than ${FILES_MAX} files` });
    const path = join(folder, name);
    const kind = lstatSync(path);
    if (kind.isDirectory()) collect(path, `${prefix}${name}/`, depth + 1, found, shown);
    else if (kind.isFile() || kind.isSymbolicLink()) found.push(prefix + name);
  }
}
