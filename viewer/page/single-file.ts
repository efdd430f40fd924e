import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { escapeMarkup } from "../text/markup.js";
import { type PageAssets, pageAssets } from "./assets.js";
import type { PageData } from "./recording.js";

/**
 * The page as one file that opens from disk, with its data inside: each part compressed by itself, so that the page
 * unpacks only what it shows. Its policy allows its own script and style and no request to anywhere. Data stands in
 * blocks that no browser runs, in an alphabet without markup.
 */
export function singleFile(page: PageData, assets: PageAssets = pageAssets()): string {
  const { script, style } = assets;
  if (/<\/script/i.test(script) || /<\/style/i.test(style)) throw new Error("the bundle would end its own element");
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(style)}'`,
    "worker-src blob:",
    "img-src blob: data:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const blocks = [
    block("index", page.index),
    ...page.grounds.map((ground) => block(ground.id, ground)),
    ...page.runs.map((run) => block(run.id, run)),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeMarkup(`Fencepost: ${page.index.topology.name}`)}</title>
<style>${style}</style></head>
<body>
<noscript>This page draws what a run did, and needs JavaScript to do so. It asks no network for anything.</noscript>
${blocks.join("\n")}
<script>${script}</script>
</body></html>
`;
}

function block(id: string, data: unknown): string {
  const packed = deflateSync(JSON.stringify(data), { level: 9 }).toString("base64");
  return `<script type="application/x-fencepost" id="data-${id}">${packed}</script>`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
