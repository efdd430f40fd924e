import type { Endpoint, Fact } from "./fact.js";
import type { LedgerWriter } from "./ledger.js";

/** Reading of single words, each refused with the place where it stands. */

/** A whole number within bounds. */
export function wholeNumber(
  ledger: LedgerWriter,
  line: number,
  name: string,
  text: string,
  least = 0,
  most = 2 ** 31 - 1,
): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) throw ledger.error(line, `${name}: expected a whole number, found`, text);
  const value = Number(text);
  if (value < least || value > most)
    throw ledger.error(line, `${name}: expected a number from ${least} to ${most}, found`, text);
  return value;
}

export function portNumber(ledger: LedgerWriter, line: number, name: string, text: string): number {
  return wholeNumber(ledger, line, name, text, 1, 65_535);
}

/** Dotted IPv4, each part 0 to 255. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

export function ipv4(ledger: LedgerWriter, line: number, name: string, text: string): string {
  if (!isIpv4(text)) throw ledger.error(line, `${name}: expected an IPv4 address, found`, text);
  return text.split(".").map(Number).join(".");
}

/** "255.255.255.0" → 24. */
export function netmaskPrefix(ledger: LedgerWriter, line: number, name: string, text: string): number {
  const bits = ipv4(ledger, line, name, text)
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
  if (!/^1*0*$/.test(bits)) throw ledger.error(line, `${name}: expected a netmask, found`, text);
  return bits.indexOf("0") === -1 ? 32 : bits.indexOf("0");
}

/** The network that an address lies in: ("10.1.2.3", 24) → "10.1.2.0". */
export function networkAddress(address: string, prefix: number): string {
  const whole = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const start = Math.floor(whole / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".");
}

/** "host", "host:port", "[v6]:port". */
export function hostAndPort(
  ledger: LedgerWriter,
  line: number,
  name: string,
  text: string,
  defaultPort: number,
): Endpoint {
  const parts = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+)(?::(\d+))?$/.exec(text);
  if (parts === null) throw ledger.error(line, `${name}: expected HOST or HOST:PORT, found`, text);
  const port = parts[2] === undefined ? defaultPort : portNumber(ledger, line, name, parts[2]);
  return { host: parts[1]!.replace(/^\[|\]$/g, ""), port };
}

const SCHEME_PORTS = new Map([
  ["http", 80],
  ["https", 443],
]);

/** "http://host:port/path": its endpoint. */
export function urlEndpoint(ledger: LedgerWriter, fact: Fact<string>, name: string): Fact<Endpoint> {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/(?:[^\s@/]*@)?([^\s/?#]+)(?:[/?#]\S*)?$/i.exec(fact.value);
  if (parts === null) throw ledger.error(fact.line, `${name}: expected a URL, found`, fact.value);
  const scheme = parts[1]!.toLowerCase();
  const endpoint = hostAndPort(ledger, fact.line, name, parts[2]!, SCHEME_PORTS.get(scheme) ?? 80);
  return { ...fact, value: { scheme, ...endpoint } };
}

/** "a, b ,c" → its members; empty members fall away. */
export function commaList(text: string): string[] {
  return text
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}
