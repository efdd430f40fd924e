// The browser's page: viewer/web bundled to dist/viewer/web/page.js (its worker inside it) and page.css. Part of every build.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./prepare.mjs";

const web = join(root, "viewer", "web");
const common = {
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
};
const licence = readFileSync(join(root, "node_modules", "d3", "LICENSE"), "utf8").trim();
const worker = await build({ ...common, entryPoints: [join(web, "layout", "worker.ts")], write: false });
await build({
  ...common,
  entryPoints: [join(web, "page.ts")],
  outfile: join(root, "dist", "viewer", "web", "page.js"),
  banner: { js: `/*! D3\n${licence}\n*/` },
  define: { LAYOUT_WORKER: JSON.stringify(worker.outputFiles[0].text) },
});
await build({
  ...common,
  entryPoints: [join(web, "style", "page.css")],
  outfile: join(root, "dist", "viewer", "web", "page.css"),
});
