import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The bundled page: one script (its worker inside it) and one stylesheet. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

let loaded: PageAssets | undefined;

/** What `npm run build` bundled into dist/viewer/web/. Throws where it was not built. */
export function pageAssets(): PageAssets {
  if (!loaded) {
    const here = dirname(fileURLToPath(import.meta.url));
    const folders = [join(here, "../web"), join(here, "../../dist/viewer/web")];
    const folder = folders.find((one) => existsSync(join(one, "page.js")));
    if (folder === undefined) throw new Error("the page is not bundled; npm run build does it");
    loaded = {
      script: readFileSync(join(folder, "page.js"), "utf8"),
      style: readFileSync(join(folder, "page.css"), "utf8"),
    };
  }
  return loaded;
}
