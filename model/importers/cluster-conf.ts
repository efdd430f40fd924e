import type { Importer, LedgerWriter } from "./ledger.js";
import { isSecretName } from "./scrub.js";
import { cmanTimings } from "./totem.js";
import type { ClusterConfFacts, EffectiveQuorum, EffectiveTotem, MemberNode } from "./totem-facts.js";
import { wholeNumber } from "./words.js";
import { markTags, markWhole, readXml, type XmlPart } from "./xml-file.js";

type FenceDevice = ClusterConfFacts["fenceDevices"][number];
type FenceMethod = ClusterConfFacts["fenceMethods"][number];

const TRANSPORTS = new Map<string, EffectiveTotem["transport"]>([
  ["udp", "udp"],
  ["udpb", "broadcast"],
  ["udpu", "udpu"],
]);

const REDIRECTED = "fencing is asked of Pacemaker, whose devices are in its CIB";
/** Elements that change nothing the twin tells, or that matter and are left out. */
const OTHERS: ReadonlyMap<string, readonly ["ignored" | "not-modelled", string]> = new Map([
  ["logging", ["ignored", "logging does not change what is served"]],
  ["dlm", ["not-modelled", "the lock manager is not modelled"]],
  ["gfs_controld", ["not-modelled", "GFS is not modelled"]],
  ["group", ["ignored", "compatibility of old group daemons"]],
  ["quorumd", ["not-modelled", "quorum disks are not modelled"]],
  ["uidgid", ["ignored", "who may talk to the daemon on the node"]],
]);

/**
 * /etc/cluster/cluster.conf of cman on RHEL 6, as pcs 0.9.90 or ccs writes it. Times in milliseconds. Errors: no
 * `cluster`, a node without name or nodeid or one of them twice, a fence device that is not defined, two_node with
 * other than two nodes and one expected vote (cman does not start).
 */
export const importClusterConf: Importer<ClusterConfFacts> = (text, file) => {
  const { root, ledger } = readXml(text, file);
  if (root.name !== "cluster") throw ledger.error(root.line, "expected <cluster>, found", root.name);
  markTags(ledger, root, "modelled");
  const nodes: MemberNode[] = [];
  const methods: FenceMethod[] = [];
  const devices: FenceDevice[] = [];
  const parts = new Map<string, XmlPart>();
  const seen = new Map<string, number>();
  for (const part of root.children) {
    parts.set(part.name, part);
    if (part.name === "clusternodes") {
      markTags(ledger, part, "modelled");
      for (const child of part.children) clusterNode(ledger, child, nodes, methods, seen);
    } else if (part.name === "fencedevices") {
      markTags(ledger, part, "modelled");
      for (const child of part.children) devices.push(fenceDevice(ledger, child));
    } else if (part.name === "rm") {
      resourceManager(ledger, part);
    } else if (OTHERS.has(part.name)) {
      markWhole(ledger, part, ...OTHERS.get(part.name)!);
    } else if (["cman", "totem", "fence_daemon"].includes(part.name)) {
      markTags(ledger, part, "modelled");
      for (const child of part.children) {
        if (child.name === "multicast") markWhole(ledger, child, "ignored", "which multicast address the ring uses");
        else markWhole(ledger, child, "not-modelled", `element ${part.name}/${child.name}`);
      }
    } else {
      for (const line of part.tagLines) ledger.unrecognised(line, `element ${part.name}`);
    }
  }
  for (const method of methods)
    if (!devices.some((device) => device.name === method.device)) {
      const known = devices.map((device) => device.name);
      throw ledger.error(
        method.line,
        `node ${method.node}: unknown fence device`,
        method.device,
        known,
        "fence devices",
      );
    }
  for (const method of methods)
    if (!isRedirect(devices, method)) ledger.notModelled(method.line, "fencing by fenced itself");
  const daemon = parts.get("fence_daemon");
  const fenced = new Set(methods.filter((method) => isRedirect(devices, method)).map((method) => method.node));
  const facts: ClusterConfFacts = {
    file,
    clusterName: root.attributes.get("name") ?? "",
    configVersion: numberOf(ledger, root, "config_version", 1),
    nodes,
    totem: totem(ledger, parts, nodes.length),
    quorum: quorum(ledger, parts.get("cman"), nodes),
    postFailDelayMs: daemon === undefined ? 0 : numberOf(ledger, daemon, "post_fail_delay", 0) * 1000,
    postJoinDelayMs: daemon === undefined ? 6000 : numberOf(ledger, daemon, "post_join_delay", 6) * 1000,
    fenceDevices: devices,
    fenceMethods: methods,
    redirectsToPacemaker: nodes.length > 0 && nodes.every((node) => fenced.has(node.name)),
  };
  return { facts, ledger: ledger.entries() };
};

function isRedirect(devices: readonly FenceDevice[], method: FenceMethod): boolean {
  return devices.some((device) => device.name === method.device && device.agent === "fence_pcmk");
}

function clusterNode(
  ledger: LedgerWriter,
  part: XmlPart,
  nodes: MemberNode[],
  methods: FenceMethod[],
  seen: Map<string, number>,
): void {
  if (part.name !== "clusternode")
    throw ledger.error(part.line, "clusternodes: expected <clusternode>, found", part.name);
  markTags(ledger, part, "modelled");
  const name = required(ledger, part, "name");
  const nodeId = wholeNumber(ledger, part.line, "nodeid", required(ledger, part, "nodeid"), 1);
  for (const mark of [name, `nodeid ${nodeId}`]) {
    const twinLine = seen.get(mark);
    if (twinLine !== undefined) throw ledger.error(part.line, `clusternode: line ${twinLine} already has`, mark);
    seen.set(mark, part.line);
  }
  const rings = [name];
  for (const child of part.children) {
    if (child.name === "altname") {
      markTags(ledger, child, "modelled");
      rings.push(required(ledger, child, "name"));
    } else if (child.name === "fence") {
      markTags(ledger, child, "ignored", REDIRECTED);
      for (const method of child.children) fenceMethod(ledger, method, name, methods);
    } else if (child.name === "unfence") markWhole(ledger, child, "not-modelled", "unfencing of a starting node");
    else for (const line of child.tagLines) ledger.unrecognised(line, `element ${child.name}`);
  }
  nodes.push({ name, nodeId, votes: numberOf(ledger, part, "votes", 1), rings, line: part.line });
}

function fenceMethod(ledger: LedgerWriter, part: XmlPart, node: string, methods: FenceMethod[]): void {
  if (part.name !== "method") throw ledger.error(part.line, `node ${node}: expected <method>, found`, part.name);
  markTags(ledger, part, "ignored", REDIRECTED);
  const method = part.attributes.get("name") ?? "";
  for (const child of part.children) {
    if (child.name !== "device") throw ledger.error(child.line, `node ${node}: expected <device>, found`, child.name);
    markTags(ledger, child, "ignored", REDIRECTED);
    scrubSecrets(ledger, child);
    const port = child.attributes.get("port");
    const device = required(ledger, child, "name");
    methods.push({ node, method, device, ...(port === undefined ? {} : { port }), line: child.line });
  }
}

function fenceDevice(ledger: LedgerWriter, part: XmlPart): FenceDevice {
  if (part.name !== "fencedevice")
    throw ledger.error(part.line, "fencedevices: expected <fencedevice>, found", part.name);
  const agent = required(ledger, part, "agent");
  if (agent === "fence_pcmk") markTags(ledger, part, "ignored", REDIRECTED);
  else markTags(ledger, part, "not-modelled", "fencing by fenced itself; Pacemaker's devices are in its CIB");
  scrubSecrets(ledger, part);
  const parameters = new Map([...part.attributes].filter(([name]) => !isSecretName(name)));
  return { name: required(ledger, part, "name"), agent, line: part.line, parameters };
}

function scrubSecrets(ledger: LedgerWriter, part: XmlPart): void {
  for (const [name, value] of part.attributes)
    if (isSecretName(name)) for (const line of part.tagLines) ledger.scrub(line, value);
}

/** rgmanager: pcs leaves an empty one behind. */
function resourceManager(ledger: LedgerWriter, part: XmlPart): void {
  const empty = part.children.every((child) => child.children.length === 0);
  if (empty) markWhole(ledger, part, "ignored", "rgmanager has nothing to manage");
  else markWhole(ledger, part, "not-modelled", "rgmanager's own resources are not modelled");
}

function totem(ledger: LedgerWriter, parts: ReadonlyMap<string, XmlPart>, nodes: number): EffectiveTotem {
  const part = parts.get("totem");
  const said = (name: string, least: number) =>
    part?.attributes.has(name) ? numberOf(ledger, part, name, 0, least) : undefined;
  const { defaulted, ...timings } = cmanTimings(nodes, said("token", 30), said("consensus", 30));
  const joinMs = said("join", 30);
  if (joinMs !== undefined && timings.consensusMs < joinMs)
    throw ledger.error(part!.line, `totem: consensus ${timings.consensusMs} ms is below join ${joinMs} ms`);
  const retransmits = said("token_retransmits_before_loss_const", 1);
  const cman = parts.get("cman");
  const transport = cman?.attributes.get("transport") ?? (cman?.attributes.get("broadcast") === "yes" ? "udpb" : "udp");
  if (!TRANSPORTS.has(transport))
    throw ledger.error(cman!.line, "cman: unknown transport", transport, [...TRANSPORTS.keys()]);
  return {
    ...timings,
    joinMs: joinMs ?? 60,
    retransmitsBeforeLoss: retransmits ?? 20,
    secauth: part?.attributes.get("secauth") !== "off",
    transport: TRANSPORTS.get(transport)!,
    defaulted: [
      ...defaulted,
      ...(joinMs === undefined ? [{ setting: "joinMs", because: "cman: join 60 ms" }] : []),
      ...(retransmits === undefined ? [{ setting: "retransmitsBeforeLoss", because: "cman: 20 retransmits" }] : []),
    ],
  };
}

function quorum(ledger: LedgerWriter, cman: XmlPart | undefined, nodes: readonly MemberNode[]): EffectiveQuorum {
  const twoNode = cman?.attributes.get("two_node") === "1";
  const votes = nodes.reduce((sum, node) => sum + node.votes, 0);
  const saidVotes = cman?.attributes.has("expected_votes");
  const expectedVotes = saidVotes ? numberOf(ledger, cman!, "expected_votes", 1, 1) : votes;
  if (twoNode && (nodes.length !== 2 || expectedVotes !== 1))
    throw ledger.error(
      cman!.line,
      `cman: two_node needs exactly two nodes and expected_votes="1"; there are ${nodes.length} nodes and ${expectedVotes} expected votes`,
    );
  return {
    provider: "cman",
    twoNode,
    expectedVotes,
    waitForAll: false,
    lastManStanding: false,
    lastManStandingWindowMs: 0,
    autoTieBreaker: false,
    autoTieBreakerNode: "lowest",
    allowDowngrade: false,
    defaulted: saidVotes ? [] : [{ setting: "expectedVotes", because: "cman: the sum of the nodes' votes" }],
  };
}

function required(ledger: LedgerWriter, part: XmlPart, name: string): string {
  const value = part.attributes.get(name);
  if (value === undefined || value === "") throw ledger.error(part.line, `${part.name}: attribute ${name} is missing`);
  return value;
}

function numberOf(ledger: LedgerWriter, part: XmlPart, name: string, fallback: number, least = 0): number {
  const value = part.attributes.get(name);
  return value === undefined ? fallback : wholeNumber(ledger, part.line, `${part.name} ${name}`, value, least);
}
