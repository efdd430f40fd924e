import type { Fact } from "./fact.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import type { HorizonFacts } from "./openstack-facts.js";
import { present } from "./oslo-links.js";
import { isSecretName } from "./scrub.js";
import { hostAndPort, urlEndpoint } from "./words.js";

const REASONS: readonly (readonly [RegExp, "ignored" | "not-modelled", string])[] = [
  [
    /^(?:DEBUG|TEMPLATE_DEBUG|LOGGING|COMPRESS_OFFLINE|TIME_ZONE|LOCAL_PATH|EMAIL_BACKEND|SITE_BRANDING)$/,
    "ignored",
    "looks, logs and paths",
  ],
  [
    /^(?:SECRET_KEY|OPENSTACK_KEYSTONE_DEFAULT_ROLE|OPENSTACK_KEYSTONE_MULTIDOMAIN_SUPPORT)$/,
    "ignored",
    "credentials are taken for valid",
  ],
  [
    /^(?:ALLOWED_HOSTS|CSRF_COOKIE_SECURE|SESSION_COOKIE_SECURE|USE_SSL|OPENSTACK_SSL_NO_VERIFY)$/,
    "ignored",
    "every client is let in",
  ],
  [
    /^(?:HORIZON_CONFIG|OPENSTACK_KEYSTONE_BACKEND|OPENSTACK_HYPERVISOR_FEATURES|OPENSTACK_NEUTRON_NETWORK|API_RESULT_LIMIT|API_RESULT_PAGE_SIZE|SECURITY_GROUP_RULES|POLICY_FILES_PATH|AVAILABLE_REGIONS)$/,
    "not-modelled",
    "which panels Horizon shows",
  ],
];

/**
 * /etc/openstack-dashboard/local_settings: Python, of which plain top-level assignments are read and nothing is run.
 * An assignment that spans lines is taken as one block up to the bracket that closes it. Errors: brackets that do not
 * close, a URL or address that is none.
 */
export const importHorizon: Importer<HorizonFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const said = new Map<string, { value: string; line: number; lastLine: number }>();
  let open: { name: string; value: string; line: number; depth: number } | undefined;
  ledger.lines.forEach((raw, index) => {
    const line = index + 1;
    const code = raw.replace(/(^|\s)#[^"']*$/, "");
    if (open !== undefined) {
      open.value += `\n${code}`;
      open.depth += bracketBalance(code);
    } else if (code.trim() === "") ledger.ignored(line, raw.trim() === "" ? "blank" : "comment");
    else if (/^(?:import|from)\s/.test(code)) ledger.ignored(line, "Python imports");
    else {
      const parts = /^([A-Za-z_]\w*)\s*=\s*(.+)$/.exec(code);
      if (parts === null) {
        ledger.unrecognised(line, "Python code is not run");
        return;
      }
      open = { name: parts[1]!, value: parts[2]!.trim(), line, depth: bracketBalance(parts[2]!) };
    }
    if (open !== undefined && open.depth <= 0) {
      if (open.depth < 0) throw ledger.error(line, `${open.name}: a closing bracket too many`);
      said.set(open.name, { ...open, lastLine: line });
      if (isSecretName(open.name)) ledger.scrub(line, open.value.replace(/^["']|["']$/g, ""));
      open = undefined;
    }
  });
  if (open !== undefined)
    throw ledger.error(
      (open as { line: number }).line,
      `${(open as { name: string }).name}: a bracket that is not closed`,
    );

  const settle = (name: string, status: "modelled" | "ignored" | "not-modelled", reason?: string) => {
    const { line, lastLine } = said.get(name)!;
    for (let at = line; at <= lastLine; at++) ledger.mark(at, status, reason);
  };
  const host = stringOf(said.get("OPENSTACK_HOST")?.value ?? "", undefined);
  if (said.has("OPENSTACK_HOST")) settle("OPENSTACK_HOST", "modelled");
  const url = said.get("OPENSTACK_KEYSTONE_URL");
  let identity: Fact<string> | undefined;
  if (url !== undefined) {
    const value = stringOf(url.value, host);
    if (value === undefined) settle("OPENSTACK_KEYSTONE_URL", "not-modelled", "Python code is not run");
    else {
      settle("OPENSTACK_KEYSTONE_URL", "modelled");
      identity = { value, file, line: url.line };
    }
  }
  const caches = said.get("CACHES");
  const memcached: string[] = [];
  if (caches !== undefined) {
    settle("CACHES", "modelled");
    const location = /memcached/i.test(caches.value)
      ? /['"]LOCATION['"]\s*:\s*(\[[^\]]*\]|['"][^'"]*['"])/.exec(caches.value)
      : null;
    for (const quoted of (location?.[1] ?? "").matchAll(/['"]([^'"]+)['"]/g)) memcached.push(quoted[1]!);
  }
  if (said.has("SESSION_ENGINE")) settle("SESSION_ENGINE", "modelled");
  const cookies = /signed_cookies|\.db/.test(said.get("SESSION_ENGINE")?.value ?? "");
  const facts: HorizonFacts = {
    file,
    ...present({
      identity: identity === undefined ? undefined : urlEndpoint(ledger, identity, "OPENSTACK_KEYSTONE_URL"),
    }),
    memcached: cookies ? [] : memcached.map((at) => hostAndPort(ledger, caches!.line, "CACHES", at, 11_211)),
  };
  for (const [name, { line }] of said) {
    if (ledger.isMarked(line)) continue;
    const reason = REASONS.find(([names]) => names.test(name));
    if (reason !== undefined) settle(name, reason[1], reason[2]);
    else for (let at = line; at <= said.get(name)!.lastLine; at++) ledger.unrecognised(at, `setting ${name}`);
  }
  return { facts, ledger: ledger.entries() };
};

/** Opening minus closing brackets outside quotes. */
function bracketBalance(code: string): number {
  const bare = code.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "");
  return (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0);
}

/** A string literal; with `% OPENSTACK_HOST` its one `%s` is filled in. */
function stringOf(code: string, host: string | undefined): string | undefined {
  const parts = /^(["'])([^"'\\]*)\1(?:\s*%\s*(OPENSTACK_HOST))?$/.exec(code.trim());
  if (parts === null) return undefined;
  if (parts[3] === undefined) return parts[2];
  return host === undefined ? undefined : parts[2]!.replace("%s", () => host);
}
