import { createHash } from "node:crypto";

const remembered = new Map<string, string>();
const REMEMBERED_MAX = 10_000;

/**
 * The digest of an operation's parameters that Pacemaker keeps in its history (op-digest), so that a changed
 * parameter restarts the resource: MD5 over the parameters as XML, sorted; a recurring operation's time-out counts as
 * one. Held against digests of real CIBs.
 */
export function operationDigest(attributes: Readonly<Record<string, string>>, intervalMs: number): string {
  const parameters: string[] = [];
  for (const name of Object.keys(attributes).sort()) {
    const kept =
      name === "CRM_meta_timeout" ? intervalMs > 0 : !name.startsWith("CRM_meta_") && name !== "crm_feature_set";
    if (kept) parameters.push(` ${name}="${escaped(attributes[name]!)}"`);
  }
  const text = ` <parameters${parameters.join("")}/>\n`;
  let digest = remembered.get(text);
  if (digest === undefined) {
    digest = createHash("md5").update(text).digest("hex");
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(text, digest);
  }
  return digest;
}

function escaped(value: string): string {
  return value.replace(/[&<>"]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : c === ">" ? "&gt;" : "&quot;"));
}
