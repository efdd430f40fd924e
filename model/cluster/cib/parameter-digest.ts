import { md5 } from "./md5.js";

/**
 * Whether a name in an operation's attributes is a parameter of the agent: what the cluster adds for itself is not, and
 * does not count in a digest.
 */
export function isParameter(name: string): boolean {
  return !name.startsWith("CRM_meta_") && !ignored.has(name);
}
const ignored = new Set(["id", "crm_feature_set", "op-digest", "on_node", "on_node_uuid", "pcmk_external_ip"]);

/** Digests made before, by what they are of: most of a decision's are of equal parameters. */
export type KnownDigests = Map<string, string>;

/**
 * The digest that the cluster marks a set of parameters with: MD5 over them as XML, sorted. The executor writes it to
 * the history and the scheduler holds it against the configuration, so both must make it here. Held against digests of
 * real CIBs.
 */
export function parameterDigest(parameters: ReadonlyMap<string, string>, known?: KnownDigests): string {
  if (parameters.size === 0) return EMPTY;
  const names = [...parameters.keys()].sort();
  let text = " <parameters";
  for (const name of names) text += ` ${name}="${escapeText(parameters.get(name)!)}"`;
  text += "/>\n";
  const remembered = known?.get(text);
  if (remembered !== undefined) return remembered;
  const digest = md5(text);
  known?.set(text, digest);
  return digest;
}
const EMPTY = "f2317cad3d54cec5d7d7aa7d0bf35cf8";

function escapeText(value: string): string {
  return special.test(value) ? value.replace(specials, (c) => entities[c]!) : value;
}
const special = /[&<>"\n\t\r]/;
const specials = new RegExp(special, "g");
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
};
