import { InputError } from "../../errors.js";
import type { FileKind, ImportedAs, ImportedFile } from "../../importers/imported-file.js";
import { importFile } from "../../importers/index.js";
import type { LedgerEntry } from "../../importers/ledger.js";
import { cidrHolds } from "../ipv4.js";
import { nearestFirst } from "../nearest.js";
import type { TopologyYaml } from "../schema.js";
import type { Assumption, Network, NodeFile, Place } from "../types.js";
import type { YamlDocument } from "../yaml-document.js";

/** Where the loader gets the files that a topology names. Paths are relative to the topology's folder, with slashes. */
export interface TopologySource {
  /** All files below a folder, relative to it, sorted; undefined where there is no such folder. */
  list(folder: string): readonly string[] | undefined;
  /** Undefined where there is no such file. May throw InputError (too large, outside of the folder). */
  read(path: string): string | undefined;
  /** A file as the user knows it, where it does not lie beside the topology's own. */
  fileOf?(path: string): string | undefined;
  /** The topology in a folder beside this one, on which it may stand; undefined where there is none. */
  base?(folder: string): { readonly text: string; readonly file: string; readonly source: TopologySource } | undefined;
}

/** One load: what is read so far, and everything that is wrong with it. */
export class Loading {
  readonly yaml: TopologyYaml;
  readonly document: YamlDocument;
  readonly errors: InputError[] = [];
  readonly ledger: LedgerEntry[] = [];
  /** Relative path → text, of every file read: part of the hash. */
  readonly read = new Map<string, string>();
  readonly #source: TopologySource;
  readonly #assumptions = new Map<string, Assumption>();
  readonly #imported = new Map<string, ImportedFile | undefined>();

  constructor(yaml: TopologyYaml, document: YamlDocument, source: TopologySource) {
    this.yaml = yaml;
    this.document = document;
    this.#source = source;
  }

  place(path: readonly PropertyKey[]): Place {
    return this.document.place(path);
  }

  error(place: Place, message: string, value?: string, known?: Iterable<string>, knownAs?: string): void {
    this.errors.push(
      new InputError({
        ...place,
        message,
        ...(value === undefined ? {} : { value }),
        ...(known === undefined ? {} : { known: nearestFirst(value ?? "", known) }),
        ...(knownAs === undefined ? {} : { knownAs }),
      }),
    );
  }

  /** A reference from the YAML; an error where nothing has that name. */
  refers(
    path: readonly PropertyKey[],
    what: string,
    id: string,
    known: { has(id: string): boolean; keys(): Iterable<string> },
  ): boolean {
    if (known.has(id)) return true;
    this.error(this.place(path), `unknown ${what}`, id, known.keys(), plural(what));
    return false;
  }

  feeds(path: readonly PropertyKey[], feeds: readonly string[], known: ReadonlyMap<string, unknown>): void {
    feeds.forEach((feed, index) => {
      this.refers([...path, "feeds", index], "feed", feed, known);
    });
  }

  /** An address of the YAML and the network that it is said to be on. */
  inNetwork(
    path: readonly PropertyKey[],
    network: string,
    address: string,
    networks: ReadonlyMap<string, Network>,
  ): boolean {
    if (!this.refers(path, "network", network, networks)) return false;
    const { cidr } = networks.get(network)!;
    return this.inside(path, address, `network ${network} (${cidr})`, cidr);
  }

  inside(path: readonly PropertyKey[], address: string, what: string, cidr: string): boolean {
    if (cidrHolds(cidr, address)) return true;
    this.error(this.place(path), `the address is outside of ${what}:`, address);
    return false;
  }

  assume(text: string, source: string): void {
    this.#assumptions.set(`${text}\n${source}`, { text, source });
  }

  assumptions(): readonly Assumption[] {
    return [...this.#assumptions.keys()].sort().map((key) => this.#assumptions.get(key)!);
  }

  /** Files of several folders as one node sees them: of two with the same path the later folder's counts. */
  files(folders: readonly string[], path: readonly PropertyKey[]): Map<string, NodeFile> {
    const files = new Map<string, NodeFile>();
    folders.forEach((folder, index) => {
      const clean = folder.replace(/^(\.\/)+|\/+$/g, "");
      const names = this.#guarded(() => this.#source.list(clean));
      if (names === undefined) this.error(this.place([...path, index]), "no such folder", folder);
      for (const name of names ?? []) {
        const relative = `${clean}/${name}`;
        const text = this.read.get(relative) ?? this.#guarded(() => this.#source.read(relative));
        if (text === undefined) continue;
        this.read.set(relative, text);
        files.set(`/${name}`, { text, file: this.#source.fileOf?.(relative) ?? beside(this.document.file, relative) });
      }
    });
    return new Map([...files].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** What a file says, read once however many nodes hold it. Undefined where it is in error or not of that kind. */
  facts<Kind extends FileKind>(
    files: ReadonlyMap<string, NodeFile>,
    path: string,
    kind: Kind,
  ): ImportedAs<Kind>["facts"] | undefined {
    const imported = this.imported(files, path);
    return imported?.kind === kind ? (imported as unknown as ImportedAs<Kind>).facts : undefined;
  }

  imported(files: ReadonlyMap<string, NodeFile>, path: string): ImportedFile | undefined {
    const file = files.get(path);
    if (file === undefined) return undefined;
    const key = `${path}\n${file.file}`;
    if (this.#imported.has(key)) return this.#imported.get(key);
    const imported = this.#guarded(() => importFile(path, file.text, file.file));
    if (imported !== undefined) this.ledger.push(...imported.ledger);
    this.#imported.set(key, imported);
    return imported;
  }

  #guarded<Value>(read: () => Value): Value | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.errors.push(error);
      return undefined;
    }
  }
}

function plural(what: string): string {
  return /(?:ch|s|x)$/.test(what) ? `${what}es` : `${what}s`;
}

/** A path relative to the topology's file, as the user would write it. */
function beside(file: string, relative: string): string {
  const slash = Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"));
  return slash === -1 ? relative : file.slice(0, slash + 1) + relative;
}

/** A mapping of the YAML as a map sorted by key. */
export function sorted<Value>(record: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.entries(record ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
}

export function sortedMap<Value>(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  return new Map([...entries].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
}

/** An object without the keys whose value is undefined. */
export function present<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}
