/** What replaces a secret in the ledger's text. */
export const SCRUBBED = "[scrubbed]";

/**
 * Removes what looks like a secret from a line of any file, commented-out lines included: passwords in URLs, values
 * of settings that are named like a secret (ini, Python, XML attributes, keepalived and haproxy words). Importers
 * scrub what they know to be a secret by value as well.
 */
export function scrubbed(line: string): string {
  if (!SUSPECT.test(line)) return line;
  let text = line.replace(URL_PASSWORD, `$1${SCRUBBED}@`);
  text = text.replace(NVPAIR, (_, before: string, after: string) => `${before}${SCRUBBED}${after}`);
  text = text.replace(ASSIGNED, (_, name: string, quote: string | undefined) =>
    quote === undefined ? `${name}${SCRUBBED}` : `${name}${quote}${SCRUBBED}${quote}`,
  );
  return text.replace(WORD, `$1${SCRUBBED}`);
}

/** A setting of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return new RegExp(`^(?:${NAME})$`, "i").test(name);
}

/** What every pattern below needs; most lines have none of it. */
const SUSPECT = /pass|secret|token|key|auth|:\/\//i;
const NAME =
  "[\\w.-]*(?:password|passwd|passphrase|secret|secret_key|admin_token|auth_token|encryption_key|private_key|shared_key|auth_pass|authkey)";
// Repetitions are bounded, so that no line takes more than time linear in its length.
const URL_PASSWORD = /(:\/\/[^\s:/@]{0,80}:)\S{0,200}@/g;
const NVPAIR = new RegExp(`(\\bname=["']${NAME}["'][^<>]{0,200}?\\bvalue=["'])[^"'<>]*(["'])`, "gi");
const ASSIGNED = new RegExp(`((?<![\\w.-])${NAME}\\s*[=:]\\s*)(?:(["']).*\\2|[^\\s"'].*)`, "gi");
const WORD =
  /((?<![\w.-])(?:auth_pass|insecure-password|password|(?<=\bstats\s+)auth)\s+(?!\[scrubbed\]))[^\s=:[][^\s]*/gi;
