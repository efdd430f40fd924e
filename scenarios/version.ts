import { readFileSync } from "node:fs";

/** The package's version, from package.json beside dist/ (or beside the sources, when tests import them). */
export const VERSION: string = readVersion();

function readVersion(): string {
  for (const up of ["../../package.json", "../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8")) as {
        name: string;
        version: string;
      };
      if (name === "fencepost") return version;
    } catch {
      // not there: the other place
    }
  }
  return "0.0.0";
}
