import { type CorosyncTree, corosyncTree } from "./corosync-tree.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { present } from "./oslo-links.js";
import { corosyncTimings } from "./totem.js";
import type { CorosyncFacts, EffectiveQuorum, EffectiveTotem, MemberNode } from "./totem-facts.js";
import { isIpv4, wholeNumber } from "./words.js";

const TRANSPORTS: readonly EffectiveTotem["transport"][] = ["udp", "udpu", "knet"];
const MINIMUM_MS = 30;

const IGNORED = new Map<string, string>(
  [
    ["logging does not change what is served", "logging"],
    ["who may talk to the daemon on the node", "uidgid"],
    ["how the daemon is set up inside the node", "system"],
    ["event groups are not used here", "event"],
  ].map(([reason, name]) => [name!, reason!]),
);
const NOT_MODELLED = new Map([
  ["resources", "corosync's own watchdog resources are not modelled"],
  ["nozzle", "virtual interfaces over the ring are not modelled"],
]);
/** Keys of totem and its interfaces that are known to us and not behaved by. */
const TOTEM_IGNORED = new Set(
  "version config_version cluster_name ip_version netmtu vsftype threads keyfile key crypto_model clear_node_high_bit nodeid mcastaddr mcastport ttl broadcast bindnetaddr ringnumber linknumber token_warning".split(
    " ",
  ),
);

/**
 * /etc/corosync/corosync.conf of 1.4 to 3.1. Errors: the tree's, a node listed twice, consensus below join or any
 * timing below 30 ms, quorum settings that votequorum refuses.
 */
export const importCorosync: Importer<CorosyncFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const tree = corosyncTree(ledger);
  const totem = tree.first("totem");
  const list = tree.first("nodelist");
  const nodes = (list?.all("node") ?? []).map((node) =>
    memberNode(ledger, node, totem?.text("transport")?.value ?? "knet"),
  );
  const seen = new Map<string, number>();
  for (const node of nodes)
    for (const mark of [`nodeid ${node.nodeId}`, ...node.rings]) {
      const twinLine = seen.get(mark);
      if (twinLine !== undefined) throw ledger.error(node.line, `nodelist: line ${twinLine} already has`, mark);
      seen.set(mark, node.line);
    }
  const quorum = tree.first("quorum");
  const service = tree.first("service") !== undefined;
  const generation = list === undefined && (service || quorum?.text("provider") === undefined) ? 1 : 2;
  const facts: CorosyncFacts = {
    file,
    generation,
    ...present({ clusterName: totem?.text("cluster_name")?.value }),
    nodes,
    interfaces: (totem?.all("interface") ?? []).map((part, index) => ({
      ringNumber: part.number("ringnumber") ?? part.number("linknumber") ?? index,
      ...present({
        bindNetAddress: part.text("bindnetaddr")?.value,
        multicastAddress: part.text("mcastaddr")?.value,
        multicastPort: part.number("mcastport"),
      }),
      line: part.line,
    })),
    totem: effectiveTotem(ledger, generation, totem, nodes.length),
    quorum: effectiveQuorum(ledger, quorum, nodes),
  };
  settle(ledger, tree);
  return { facts, ledger: ledger.entries() };
};

function memberNode(ledger: LedgerWriter, part: CorosyncTree, transport: string): MemberNode {
  const rings: string[] = [];
  for (let ring = 0; ring < 8; ring++) {
    const address = part.text(`ring${ring}_addr`)?.value;
    if (address !== undefined && address !== "") rings.push(address);
  }
  if (rings.length === 0) throw ledger.error(part.line, "nodelist: a node without ring0_addr");
  const id = part.text("nodeid");
  if (id === undefined && (transport === "knet" || !isIpv4(rings[0]!)))
    throw ledger.error(part.line, "nodelist: a node without nodeid");
  return {
    name: part.text("name")?.value ?? rings[0]!,
    // Without one, corosync makes it of the IPv4 address.
    nodeId:
      id === undefined
        ? rings[0]!.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0)
        : wholeNumber(ledger, id.line, "nodeid", id.value, 1, 2 ** 32 - 1),
    votes: part.number("quorum_votes") ?? 1,
    rings,
    line: part.line,
  };
}

function effectiveTotem(
  ledger: LedgerWriter,
  generation: 1 | 2,
  part: CorosyncTree | undefined,
  listedNodes: number,
): EffectiveTotem {
  const said = present({
    tokenMs: part?.number("token", MINIMUM_MS),
    tokenCoefficientMs: part?.number("token_coefficient"),
    consensusMs: part?.number("consensus", MINIMUM_MS),
  });
  const { defaulted, ...timings } = corosyncTimings(generation, listedNodes, said);
  const joinMs = part?.number("join", MINIMUM_MS);
  if (timings.consensusMs < (joinMs ?? 50))
    throw ledger.error(
      part!.text("consensus")?.line ?? part!.line,
      `totem: consensus ${timings.consensusMs} ms is below join ${joinMs ?? 50} ms`,
    );
  const retransmits = part?.number("token_retransmits_before_loss_const", 1);
  const transportSaid = part?.text("transport");
  const transport = (transportSaid?.value ?? (generation === 1 ? "udp" : "knet")) as EffectiveTotem["transport"];
  if (!TRANSPORTS.includes(transport))
    throw ledger.error(transportSaid!.line, "totem: unknown transport", transport, TRANSPORTS, "transports");
  const cipher = part?.text("crypto_cipher")?.value;
  part?.text("crypto_hash");
  const secauth = part?.text("secauth")?.value;
  const because = `corosync ${generation === 1 ? "1.4" : "3"}'s default`;
  return {
    ...timings,
    joinMs: joinMs ?? 50,
    retransmitsBeforeLoss: retransmits ?? 4,
    secauth: cipher === undefined ? (secauth === undefined ? generation === 1 : secauth === "on") : cipher !== "none",
    transport,
    defaulted: [
      ...defaulted,
      ...(joinMs === undefined ? [{ setting: "joinMs", because }] : []),
      ...(retransmits === undefined ? [{ setting: "retransmitsBeforeLoss", because }] : []),
      ...(transportSaid === undefined ? [{ setting: "transport", because }] : []),
    ],
  };
}

/** votequorum(5): two_node implies wait_for_all; what contradicts is refused or, where votequorum does so, dropped. */
function effectiveQuorum(
  ledger: LedgerWriter,
  part: CorosyncTree | undefined,
  nodes: readonly MemberNode[],
): EffectiveQuorum {
  const line = part?.line ?? 0;
  const votes = nodes.reduce((sum, node) => sum + node.votes, 0);
  const saidVotes = part?.number("expected_votes", 1);
  const device = quorumDevice(ledger, part?.first("device"));
  const saidTwoNode = part?.text("two_node");
  const lastManStanding = part?.flag("last_man_standing") ?? false;
  const odd = nodes.length % 2 === 1;
  let twoNode = part?.flag("two_node") ?? false;
  let autoTieBreaker = part?.flag("auto_tie_breaker") ?? false;
  if (twoNode && device !== undefined)
    throw ledger.error(saidTwoNode!.line, "quorum: two_node and a quorum device cannot be configured at the same time");
  if (autoTieBreaker && device !== undefined)
    throw ledger.error(line, "quorum: auto_tie_breaker and a quorum device cannot be configured at the same time");
  if (autoTieBreaker && lastManStanding && odd)
    throw ledger.error(line, "quorum: auto_tie_breaker with last_man_standing needs an even number of nodes");
  if (twoNode && autoTieBreaker) {
    ledger.ignored(saidTwoNode!.line, "votequorum disables two_node where auto_tie_breaker is set");
    twoNode = false;
  }
  if (twoNode && Math.max(nodes.length, saidVotes ?? 0) > 2) twoNode = false;
  const saidWaitForAll = part?.flag("wait_for_all");
  const defaulted: { setting: string; because: string }[] = [];
  if (saidVotes === undefined) defaulted.push({ setting: "expectedVotes", because: "the sum of the nodelist's votes" });
  if (saidWaitForAll === undefined && twoNode)
    defaulted.push({ setting: "waitForAll", because: "votequorum: two_node implies wait_for_all" });
  if (autoTieBreaker && odd && saidWaitForAll === false) autoTieBreaker = false;
  const provider = part?.text("provider")?.value === "corosync_votequorum" ? "corosync_votequorum" : "none";
  return {
    provider,
    twoNode,
    expectedVotes: saidVotes ?? votes,
    waitForAll: saidWaitForAll ?? (twoNode || (autoTieBreaker && odd)),
    lastManStanding,
    lastManStandingWindowMs: part?.number("last_man_standing_window") ?? 10_000,
    autoTieBreaker,
    autoTieBreakerNode: part?.text("auto_tie_breaker_node")?.value ?? "lowest",
    allowDowngrade: part?.flag("allow_downscale") ?? false,
    ...(device === undefined ? {} : { device }),
    defaulted,
  };
}

function quorumDevice(ledger: LedgerWriter, part: CorosyncTree | undefined): EffectiveQuorum["device"] {
  if (part === undefined) return undefined;
  const model = part.text("model")?.value;
  if (model === undefined) throw ledger.error(part.line, "quorum.device: its model is missing");
  return { model, votes: part.number("votes") ?? 1, line: part.line };
}

/** What nobody has read. */
function settle(ledger: LedgerWriter, tree: CorosyncTree): void {
  for (const section of tree.sections) {
    const ignored = IGNORED.get(section.name);
    const notModelled = NOT_MODELLED.get(section.name);
    if (ignored !== undefined) markTree(ledger, section, "ignored", ignored);
    else if (notModelled !== undefined) markTree(ledger, section, "not-modelled", notModelled);
    else if (section.name === "service") markTree(ledger, section, "ignored", "Pacemaker is started with the cluster");
    else settleSection(ledger, section, section.name);
  }
  for (const [key, { line }] of tree.keys()) {
    if (key === "compatibility") ledger.ignored(line, "compatibility of the wire, the same on all nodes");
    else ledger.unrecognised(line, `key ${key} outside any section`);
  }
}

function settleSection(ledger: LedgerWriter, section: CorosyncTree, path: string): void {
  const known = ["totem", "nodelist", "quorum", "totem.interface", "nodelist.node", "quorum.device"].includes(path);
  for (const [key, { line }] of section.keys()) {
    if (ledger.isMarked(line)) continue;
    if (path.startsWith("totem") && TOTEM_IGNORED.has(key))
      ledger.ignored(line, "the ring's addresses are given by its nodes");
    else if (
      path.startsWith("totem") &&
      /^(knet_|rrp_|link_mode|fail_|hold|merge|downcheck|send_join|max_|window|seqno|miss_|token_ret|cancel_|block_)/.test(
        key,
      )
    )
      ledger.notModelled(line, "fine timing of the ring is not modelled");
    else if (path.startsWith("quorum.device")) ledger.notModelled(line, "the quorum device is modelled by its votes");
    else ledger.unrecognised(line, `key ${path}.${key}`);
  }
  if (!known && !path.startsWith("quorum.device")) ledger.unrecognised(section.line, `section ${path}`);
  for (const child of section.sections) settleSection(ledger, child, `${path}.${child.name}`);
}

function markTree(ledger: LedgerWriter, tree: CorosyncTree, status: "ignored" | "not-modelled", reason: string): void {
  for (const [, { line }] of tree.keys()) ledger.mark(line, status, reason);
  for (const section of tree.sections) markTree(ledger, section, status, reason);
}
