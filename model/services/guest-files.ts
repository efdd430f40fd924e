import { importFile } from "../importers/index.js";
import type { Blueprint, Instant, Reader } from "../kernel/index.js";
import type { FileChanges } from "../plant/files/index.js";
import type { Guest, Topology } from "../topology/types.js";
import type { GuestRoutes } from "./guest-network.js";

const METADATA = "169.254.169.254";
const ROUTE_FILE = /^\/etc\/sysconfig\/network-scripts\/route-[\w.-]+$/;

/** A guest's disk: its image's files, and what somebody changed in the guest since. */
export interface GuestFiles {
  list(read: Reader): readonly string[];
  text(read: Reader, path: string): string | undefined;
  /** null removes. */
  write(instant: Instant, path: string, text: string | null): void;
  /** The way to its metadata that its network scripts give it when its interface comes up; undefined: unchanged. */
  routes(read: Reader): GuestRoutes | undefined;
}

const NONE: FileChanges = new Map();

/** `lacksRoute`: its route file is not there, though its image has one (a fault). */
export function guestFiles(
  blueprint: Blueprint,
  topology: Topology,
  { id, image }: Guest,
  lacksRoute: (read: Reader) => boolean,
): GuestFiles {
  const changes = blueprint.cell<FileChanges>(`guest/${id}/files`, NONE);
  const imaged = topology.images.get(image)!.files;
  const original = (read: Reader, path: string) =>
    ROUTE_FILE.test(path) && lacksRoute(read) ? undefined : imaged.get(path)?.text;
  const text = (read: Reader, path: string): string | undefined => {
    const changed = read.get(changes).get(path);
    return changed === undefined ? original(read, path) : (changed ?? undefined);
  };
  const list = (read: Reader) =>
    [...new Set([...imaged.keys(), ...read.get(changes).keys()])]
      .filter((path) => text(read, path) !== undefined)
      .sort();
  return {
    text,
    list,
    write(instant, path, written) {
      const next = new Map(instant.get(changes)).set(path, written);
      instant.set(changes, new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1))));
    },
    routes(read) {
      if (![...read.get(changes).keys()].some((path) => ROUTE_FILE.test(path))) return undefined;
      for (const path of list(read).filter((one) => ROUTE_FILE.test(one))) {
        const gateway = gatewayIn(text(read, path)!, path);
        if (gateway !== undefined) return `via ${gateway}`;
      }
      return "no-metadata-route";
    },
  };
}

/** Of the route to the metadata address; undefined where the file has none, or cannot be read. */
function gatewayIn(text: string, path: string): string | undefined {
  try {
    const imported = importFile(path, text, path);
    if (imported?.kind !== "routes") return undefined;
    return imported.facts.routes.find(({ destination, prefix }) => destination === METADATA && prefix === 32)?.gateway;
  } catch {
    return undefined;
  }
}
