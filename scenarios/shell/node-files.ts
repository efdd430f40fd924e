import type { FsStat, IFileSystem, MkdirOptions, RmOptions } from "just-bash";
import { canonicalPath } from "../../model/plant/files/index.js";
import type { WorldHandle } from "./world-handle.js";

/** Folders that every node has, beside those that hold its files. */
const FOLDERS =
  "/ /bin /boot /dev /etc /etc/init.d /etc/sysconfig /home /lib /media /mnt /opt /proc /root /run /run/lock /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/sbin /usr/share /var /var/lib /var/log /var/tmp".split(
    " ",
  );
const PROGRAM = /^(?:\/usr)?\/s?bin\/([^/]+)$/;
const DEVICES: ReadonlySet<string> = new Set(["/dev/null", "/dev/zero", "/dev/stdin", "/dev/stdout", "/dev/stderr"]);
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const NODE_BYTES_MAX = 32 * 1024 * 1024;

/** Where a machine's texts are kept: a node's in the twin's files, a guest's on its disk. */
export interface TextStore {
  /** What the trace calls it: `mysql1`, `guest/web1`. */
  readonly name: string;
  read(path: string): string | undefined;
  list(): readonly string[];
  /** null removes. */
  write(path: string, text: string | null): void;
  /** Files that the kernel or a daemon makes up when they are read. */
  made(path: string): string | undefined;
  /** The paths of those that are logs, so that folders show them. */
  logs(): readonly string[];
}

type Encoding = Parameters<IFileSystem["writeFile"]>[2];

/**
 * A node's files as the shell's file system: text lives in the twin, so that services read what was written when they
 * start. Folders, modes and times are the session's own. Nothing outside the twin can be named. Sizes are bounded.
 */
export class NodeFiles implements IFileSystem {
  readonly #handle: WorldHandle;
  readonly #store: TextStore;
  readonly #programs: Set<string>;
  readonly #folders = new Set(FOLDERS);
  readonly #modes = new Map<string, number>();
  readonly #times = new Map<string, number>();
  #bytes = 0;

  constructor(handle: WorldHandle, store: TextStore, programs: ReadonlySet<string>) {
    this.#handle = handle;
    this.#store = store;
    this.#programs = new Set(programs);
    for (const id of handle.twin.topology.mounts.keys())
      if (id.startsWith(`${store.name}:`)) this.#addFolder(id.slice(store.name.length + 1));
  }

  /** A program of that name is found on the search path. */
  addProgram(name: string): void {
    this.#programs.add(name);
  }

  /** The text of a file; undefined where there is none. */
  text(path: string): string | undefined {
    return this.#store.read(canonicalPath(path));
  }

  /** Replaces the text of a file of the node, told as typed by the operator. */
  put(path: string, text: string): void {
    const where = canonicalPath(path);
    const bytes = Buffer.byteLength(text);
    this.#bytes += bytes;
    if (bytes > FILE_BYTES_MAX || this.#bytes > NODE_BYTES_MAX)
      throw problem("ENOSPC", "no space left on device", path);
    this.#addFolder(parentOf(where));
    this.#store.write(where, text);
    this.#times.set(where, this.#handle.epochSeconds * 1000);
  }

  async readFile(path: string): Promise<string> {
    const where = clean(path);
    if (DEVICES.has(where)) return "";
    const text = this.text(where) ?? this.#made(where);
    if (text !== undefined) return text;
    throw this.#isFolder(where)
      ? problem("EISDIR", "illegal operation on a directory", path)
      : problem("ENOENT", "no such file or directory", path);
  }

  async readFileBuffer(path: string): Promise<Uint8Array> {
    return new TextEncoder().encode(await this.readFile(path));
  }

  async writeFile(path: string, content: string | Uint8Array, encoding?: Encoding): Promise<void> {
    const where = clean(path);
    if (DEVICES.has(where)) return;
    if (this.#isFolder(where)) throw problem("EISDIR", "illegal operation on a directory", path);
    if (!this.#isFolder(parentOf(where))) throw problem("ENOENT", "no such file or directory", path);
    this.put(where, textOf(content, encoding));
  }

  async appendFile(path: string, content: string | Uint8Array, encoding?: Encoding): Promise<void> {
    const added = textOf(content, encoding);
    const before = this.text(clean(path));
    if (added === "" && before !== undefined) return;
    await this.writeFile(path, (before ?? "") + added);
  }

  async exists(path: string): Promise<boolean> {
    return this.#kind(clean(path)) !== undefined;
  }

  async stat(path: string): Promise<FsStat> {
    const where = clean(path);
    const kind = this.#kind(where);
    if (kind === undefined) throw problem("ENOENT", "no such file or directory", path);
    const isProgram = PROGRAM.test(where);
    return {
      isFile: kind === "file",
      isDirectory: kind === "folder",
      isSymbolicLink: false,
      mode: this.#modes.get(where) ?? (kind === "folder" || isProgram ? 0o755 : 0o644),
      size: kind === "folder" ? 4096 : Buffer.byteLength(this.text(where) ?? this.#made(where) ?? ""),
      mtime: new Date(this.#times.get(where) ?? this.#handle.epochSeconds * 1000 - this.#handle.run.nowMs),
    };
  }

  lstat(path: string): Promise<FsStat> {
    return this.stat(path);
  }

  async mkdir(path: string, options: MkdirOptions = {}): Promise<void> {
    const where = clean(path);
    if (this.#kind(where) !== undefined) {
      if (options.recursive && this.#isFolder(where)) return;
      throw problem("EEXIST", "file already exists", path);
    }
    if (!options.recursive && !this.#isFolder(parentOf(where)))
      throw problem("ENOENT", "no such file or directory", path);
    this.#addFolder(where);
  }

  async readdir(path: string): Promise<string[]> {
    const where = clean(path);
    if (!this.#isFolder(where)) throw problem("ENOENT", "no such file or directory", path);
    const prefix = where === "/" ? "/" : `${where}/`;
    const names = new Set<string>();
    for (const one of [...this.#files(), ...this.#folders])
      if (one !== where && one.startsWith(prefix)) names.add(one.slice(prefix.length).split("/")[0]!);
    if (PROGRAM.test(`${where}/x`)) for (const name of this.#programs) names.add(name);
    return [...names].sort();
  }

  async rm(path: string, options: RmOptions = {}): Promise<void> {
    const where = clean(path);
    const kind = this.#kind(where);
    if (kind === undefined) {
      if (options.force) return;
      throw problem("ENOENT", "no such file or directory", path);
    }
    if (kind === "file") {
      this.#remove(where);
      return;
    }
    const below = [...this.#files()].filter((file) => file.startsWith(where === "/" ? "/" : `${where}/`));
    if (!options.recursive) {
      if (below.length > 0) throw problem("ENOTEMPTY", "directory not empty", path);
    }
    for (const file of below) this.#remove(file);
    for (const folder of [...this.#folders])
      if (!FOLDERS.includes(folder) && (folder === where || folder.startsWith(`${where}/`)))
        this.#folders.delete(folder);
  }

  async cp(source: string, destination: string): Promise<void> {
    const text = await this.readFile(source);
    await this.writeFile(destination, text);
  }

  async mv(source: string, destination: string): Promise<void> {
    await this.cp(source, destination);
    await this.rm(source);
  }

  resolvePath(base: string, path: string): string {
    return clean(path.startsWith("/") ? path : `${base}/${path}`);
  }

  getAllPaths(): string[] {
    return [...this.#files(), ...this.#folders].sort();
  }

  async chmod(path: string, mode: number): Promise<void> {
    const where = clean(path);
    if (this.#kind(where) === undefined) throw problem("ENOENT", "no such file or directory", path);
    this.#modes.set(where, mode);
  }

  async symlink(_target: string, path: string): Promise<void> {
    throw this.#noLinks(path);
  }

  async link(_existing: string, path: string): Promise<void> {
    throw this.#noLinks(path);
  }

  async readlink(path: string): Promise<string> {
    throw problem("EINVAL", "invalid argument", path);
  }

  async realpath(path: string): Promise<string> {
    const where = clean(path);
    if (this.#kind(where) === undefined) throw problem("ENOENT", "no such file or directory", path);
    return where;
  }

  async utimes(path: string, _accessed: Date, modified: Date): Promise<void> {
    this.#times.set(clean(path), modified.getTime());
  }

  #kind(path: string): "file" | "folder" | undefined {
    if (this.#isFolder(path)) return "folder";
    if (DEVICES.has(path) || this.text(path) !== undefined || this.#made(path) !== undefined) return "file";
    const program = PROGRAM.exec(path)?.[1];
    return program !== undefined && this.#programs.has(program) ? "file" : undefined;
  }

  #isFolder(path: string): boolean {
    if (this.#folders.has(path)) return true;
    const prefix = `${path}/`;
    for (const file of this.#files()) if (file.startsWith(prefix)) return true;
    return false;
  }

  #files(): readonly string[] {
    return [...this.#store.list(), ...this.#store.logs()];
  }

  #made(path: string): string | undefined {
    return this.#store.made(path) ?? this.#program(path);
  }

  /** The shell knows its commands by files in /bin and /usr/bin alone; below sbin, a script calls them. */
  #program(path: string): string | undefined {
    const name = PROGRAM.exec(path)?.[1];
    if (name === undefined || !this.#programs.has(name)) return undefined;
    return path.includes("/sbin/") ? `${name} "$@"\n` : "";
  }

  #remove(path: string): void {
    if (this.text(path) !== undefined) this.#store.write(path, null);
  }

  #addFolder(path: string): void {
    for (let at = path; at !== "/" && at !== ""; at = parentOf(at)) this.#folders.add(at);
  }

  #noLinks(path: string): Error {
    this.#handle.say(`a link at ${path}: links between files are not modelled`);
    return problem("EPERM", "operation not permitted", path);
  }
}

function problem(code: string, text: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${text}, '${path}'`), { code });
}

function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at <= 0 ? "/" : path.slice(0, at);
}

/** An absolute path without `.`, `..` and doubled slashes. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The shell hands on bytes as characters of 8 bits where it says `binary` or `latin1`. */
function textOf(content: string | Uint8Array, options: Encoding): string {
  const encoding = typeof options === "string" ? options : options?.encoding;
  if (typeof content !== "string") return new TextDecoder().decode(content);
  if (encoding === "binary" || encoding === "latin1") return Buffer.from(content, "latin1").toString("utf8");
  return content;
}
