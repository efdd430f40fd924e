import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { escapeMarkup } from "../text/markup.js";
import { type PageAssets, pageAssets } from "./assets.js";
import { packed } from "./columns.js";
import { firstRun } from "./order-of-need.js";
import type { GroundData, RunData } from "./page-data.js";
import type { PageData } from "./recording.js";

/**
 * The page as one file that opens from disk, with its data inside: each part packed by itself, so that the page unpacks
 * only what it shows. Its policy allows its own script and style and no request to anywhere. Data stands in
 * blocks that no browser runs, in an alphabet without markup.
 *
 * What the first picture needs comes first, then the script, so that it is drawn while the browser still reads the rest;
 * and the file is ASCII throughout, which browsers hold in half the memory and read in half the time.
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
  const shown = page.runs.find(({ id }) => id === firstRun(page.index)?.id);
  const ground = page.grounds.find(({ id }) => id === shown?.ground);
  const first = [...(ground ? [ground] : []), ...(shown ? [shown] : [])];
  const later = [...page.grounds, ...page.runs].filter((part) => !first.includes(part));
  const blocks = (parts: readonly (GroundData | RunData)[]) => parts.map((part) => block(part.id, part)).join("\n");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${ascii(escapeMarkup(`Fencepost: ${page.index.topology.name}`))}</title>
<style>${style}</style></head>
<body>
<noscript>This page draws what a run did, and needs JavaScript to do so. It asks no network for anything.</noscript>
${block("index", page.index)}
${blocks(first)}
<script>${script}</script>
${blocks(later)}
</body></html>
`;
}

function block(id: string, part: object): string {
  const text = deflateSync(JSON.stringify(packed(part)), { level: 9 }).toString("base64");
  return `<script type="application/x-fencepost" id="data-${id}">${text}</script>`;
}

/** Markup with each character beyond ASCII as its number. */
function ascii(markup: string): string {
  return markup.replace(/[^\0-\x7F]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
