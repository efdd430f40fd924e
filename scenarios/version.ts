import { readFileSync } from "node:fs";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifest = readManifest();

/** The package's version, from package.json beside dist/ (or beside the sources, when tests import them). */
export const VERSION: string = manifest.version;

/** The releases of other packages that ours works with. */
export const PEERS: Readonly<Record<string, string>> = manifest.peerDependencies ?? {};

function readManifest(): Manifest {
  for (const up of ["../../package.json", "../package.json"]) {
    try {
      const read = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8")) as Manifest;
      if (read.name === "fencepost") return read;
    } catch {
      // not there: the other place
    }
  }
  return { name: "fencepost", version: "0.0.0" };
}
