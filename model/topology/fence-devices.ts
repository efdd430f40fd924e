import type { Cib } from "../cluster/cib/types.js";
import { SCRUBBED } from "../importers/scrub.js";
import { type Primitive, primitivesOf } from "./primitives.js";
import type { FenceDevice, PowerController } from "./types.js";

/** The parameter that says where an agent logs in. Older agents say `ipaddr`, newer ones `ip`. */
export function fenceAddress(primitive: Primitive): { readonly address: string; readonly line: number } | undefined {
  for (const name of ["ipaddr", "ip", "hostname"]) {
    const address = primitive.parameters.get(name);
    if (address !== undefined) return { address, line: primitive.parameterLines.get(name) ?? primitive.line };
  }
  return undefined;
}

/** The stonith primitives of a CIB. Agents that fence nothing by themselves (watchdog) are among them. */
export function stonithPrimitives(cib: Cib): readonly Primitive[] {
  return primitivesOf(cib).filter((primitive) => primitive.agentClass === "stonith");
}

/**
 * A fence device as its parameters say. Which nodes it fences: `pcmk_host_map`, else `pcmk_host_list`, else every node
 * that its controller can switch (the agent is asked for its list). What it asks for: the mapped plug, else the
 * agent's own `port` or `plug`, else the controller's plug of that node, else the node's name.
 */
export function fenceDevice(primitive: Primitive, controller: PowerController, cibFile: string): FenceDevice {
  const parameter = (name: string) => primitive.parameters.get(name);
  const targets = new Map<string, string>();
  const mapped = hostMap(parameter("pcmk_host_map") ?? "");
  const fixed = parameter("port") ?? parameter("plug");
  // A BMC switches its own server, whatever it is asked for.
  const own = controller.kind === "ipmi" ? controller.targets[0]?.plug : undefined;
  const plugOf = (node: string) =>
    own ?? fixed ?? controller.targets.find((target) => target.node === node)?.plug ?? node;
  for (const [node, plug] of mapped) targets.set(node, own ?? plug);
  for (const node of hostList(parameter("pcmk_host_list") ?? ""))
    if (!targets.has(node)) targets.set(node, plugOf(node));
  if (targets.size === 0) for (const target of controller.targets) targets.set(target.node, fixed ?? target.plug);
  return {
    id: primitive.id,
    agent: primitive.type,
    controller: controller.id,
    targets,
    delayMs: seconds(parameter("delay")),
    powerWaitMs: seconds(parameter("power_wait")),
    parameters: new Map([...primitive.parameters].map(([name, value]) => [name, SECRETS.has(name) ? SCRUBBED : value])),
    place: { file: cibFile, line: primitive.line },
  };
}

/** Parameters that hold a secret, or the way to one; device records are shown. */
const SECRETS: ReadonlySet<string> = new Set([
  "passwd",
  "password",
  "passwd_script",
  "password_script",
  "login",
  "username",
  "snmp_priv_passwd",
  "snmp_auth_prot_passwd",
  "hmc_passwd",
  "auth_key",
  "key_file",
  "identity_file",
]);

/** `node1:plug1;node2:plug2`, separated by semicolons, commas or spaces. A plug may hold colons (a path, a MAC). */
function hostMap(text: string): [string, string][] {
  return text
    .split(/[;,\s]+/)
    .filter((entry) => entry.includes(":"))
    .map((entry): [string, string] => [entry.slice(0, entry.indexOf(":")), entry.slice(entry.indexOf(":") + 1)]);
}

function hostList(text: string): string[] {
  return text.split(/[;,\s]+/).filter((name) => name !== "");
}

/** Fence agents take whole seconds, newer ones also fractions or a unit. */
function seconds(text: string | undefined): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? "");
  if (match === null) return 0;
  return Math.round(Number(match[1]) * (match[2] === "ms" ? 1 : match[2] === "m" ? 60_000 : 1_000));
}
