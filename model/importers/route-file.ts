import type { RouteFileFacts, StaticRoute } from "./host-facts.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { ShellVariables } from "./shell-variables.js";
import { tableLines } from "./table-lines.js";
import { ipv4, netmaskPrefix, networkAddress, wholeNumber } from "./words.js";

/**
 * /etc/sysconfig/network-scripts/route-NAME: lines of `ip route add`'s arguments, or ADDRESS0, NETMASK0, GATEWAY0 and
 * so on where the file has them (then the scripts read nothing else). Errors: no destination, an unknown argument, an
 * address that is none, one destination twice.
 */
export const importRoutes: Importer<RouteFileFacts> = (text, file) => {
  const device = file.slice(file.lastIndexOf("route-") + "route-".length);
  const numbered = /^[ \t]*ADDRESS\d+=/m.test(text);
  const { routes, ledger } = numbered ? numberedRoutes(text, file, device) : argumentRoutes(text, file, device);
  const seen = new Map<string, number>();
  for (const route of routes) {
    const twinLine = seen.get(key(route));
    if (twinLine !== undefined)
      throw ledger.error(route.line, `line ${twinLine} already has a route to`, `${route.destination}/${route.prefix}`);
    seen.set(key(route), route.line);
  }
  return { facts: { file, device, routes }, ledger: ledger.entries() };
};

function key({ destination, prefix, metric }: StaticRoute): string {
  return `${destination}/${prefix} ${metric ?? 0}`;
}

function numberedRoutes(text: string, file: string, device: string) {
  const variables = new ShellVariables(text, file);
  const { ledger } = variables;
  const routes: StaticRoute[] = [];
  let ended = false;
  const numbers = variables
    .names()
    .flatMap((name) => /^(?:ADDRESS|NETMASK|GATEWAY|METRIC)(\d{1,4})$/.exec(name)?.[1] ?? []);
  for (const number of [...new Set(numbers.map(Number))].sort((one, other) => one - other)) {
    const address = variables.text(`ADDRESS${number}`);
    const netmask = variables.text(`NETMASK${number}`);
    const gateway = variables.text(`GATEWAY${number}`);
    if (number !== routes.length) ended = true;
    const said = [address, netmask, gateway].filter((fact) => fact !== undefined);
    if (ended) {
      for (const fact of said) ledger.unrecognised(fact.line, "the scripts stop at the first number that is missing");
      continue;
    }
    if (address === undefined || netmask === undefined)
      throw ledger.error(said[0]?.line ?? 1, `route ${number}: ADDRESS${number} and NETMASK${number} are both needed`);
    const prefix = netmaskPrefix(ledger, netmask.line, `NETMASK${number}`, netmask.value);
    const destination = ipv4(ledger, address.line, `ADDRESS${number}`, address.value);
    checkNetwork(ledger, address.line, destination, prefix);
    routes.push({
      destination,
      prefix,
      ...(gateway === undefined ? {} : { gateway: ipv4(ledger, gateway.line, `GATEWAY${number}`, gateway.value) }),
      device,
      line: address.line,
    });
  }
  variables.settle();
  return { routes, ledger };
}

/** `ip route` refuses a destination with bits below its netmask. */
function checkNetwork(ledger: LedgerWriter, line: number, destination: string, prefix: number): void {
  if (networkAddress(destination, prefix) !== destination)
    throw ledger.error(line, `a route's destination must be a network, /${prefix} leaves bits of`, destination);
}

function argumentRoutes(text: string, file: string, device: string) {
  const ledger = new LedgerWriter(text, file);
  const routes: StaticRoute[] = [];
  for (const { text, line } of tableLines(ledger)) {
    ledger.modelled(line);
    routes.push(argumentRoute(ledger, line, text.trim().split(/\s+/), device));
  }
  return { routes, ledger };
}

const ARGUMENTS = ["via", "dev", "metric", "src", "table", "proto", "scope", "mtu", "onlink"];

function argumentRoute(ledger: LedgerWriter, line: number, words: readonly string[], device: string): StaticRoute {
  const [target = ""] = words;
  const [address = "", bits] = target === "default" ? ["0.0.0.0", "0"] : target.split("/");
  const destination = ipv4(ledger, line, "route", address);
  const prefix =
    bits === undefined
      ? 32
      : bits.includes(".")
        ? netmaskPrefix(ledger, line, "route", bits)
        : wholeNumber(ledger, line, "route", bits, 0, 32);
  checkNetwork(ledger, line, destination, prefix);
  const said = new Map<string, string>();
  for (let at = 1; at < words.length; at++) {
    const argument = words[at]!;
    if (!ARGUMENTS.includes(argument))
      throw ledger.error(line, "route: unknown argument", argument, ARGUMENTS, "arguments");
    if (argument === "onlink") {
      ledger.notModelled(line, "route argument onlink");
      continue;
    }
    const value = words[++at];
    if (value === undefined) throw ledger.error(line, `route: ${argument} without its value`);
    said.set(argument, value);
    if (["metric", "src", "table", "proto", "scope", "mtu"].includes(argument))
      ledger.notModelled(line, `route argument ${argument}`);
  }
  const gateway = said.get("via");
  const metric = said.get("metric");
  return {
    destination,
    prefix,
    ...(gateway === undefined ? {} : { gateway: ipv4(ledger, line, "via", gateway) }),
    device: said.get("dev") ?? device,
    ...(metric === undefined ? {} : { metric: wholeNumber(ledger, line, "metric", metric) }),
    line,
  };
}
