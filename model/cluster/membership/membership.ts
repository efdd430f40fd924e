import type { Cell, EventType, Instant, Pending, Reader } from "../../kernel/index.js";
import type { ClusterCore, NodeCells } from "../core.js";
import { partitions } from "./partition.js";
import { isQuorateWith, type Voter } from "./quorum.js";
import { TOTEM_DOWN } from "./totem-state.js";

/** What a node sees when a new membership is formed. */
export interface RingChange {
  readonly node: NodeCells;
  readonly left: readonly string[];
  readonly joined: readonly string[];
  /** The trace entry that tells of it. */
  readonly entry: number;
}

/** Told once for each new ring, when all of its members hold it. */
export type RingListener = (instant: Instant, changes: readonly RingChange[]) => void;

interface SettlePayload {
  readonly node: number;
}

/** What is known of the pairs of nodes; a pair's place is that of its letter in the text. */
interface Links {
  /** `1` for each pair whose link carries messages, in the order 01 02 … 12 …; lags behind the network. */
  readonly up: string;
  /** Links that are being probed again, by pair. */
  readonly restoring: ReadonlyMap<number, Pending>;
}

/**
 * The membership layer (corosync's totem, or cman) of one cluster. Who hears whom is observed; a silent member is
 * declared lost after token and consensus; nodes that hear each other anew form one ring. While a member is silent the
 * ring passes no messages: what needs the others waits for the new membership (`isBlocked`).
 */
export class Membership {
  readonly #core: ClusterCore;
  readonly #settle: EventType<SettlePayload>;
  readonly #linkUp: EventType<number>;
  readonly #links: Cell<Links>;
  readonly #pairs: readonly (readonly [number, number])[];
  readonly #voters: readonly Voter[];
  #listener: RingListener = () => {};

  constructor(core: ClusterCore) {
    this.#core = core;
    this.#voters = core.spec.nodes.map(({ node, nodeId, votes }) => ({ node, nodeId, votes }));
    this.#settle = core.blueprint.event(`cluster/${core.id}/membership`, (instant, payload: SettlePayload) => {
      const node = core.nodes[payload.node]!;
      instant.set(node.settling, undefined);
      this.#form(instant, node);
    });
    this.#pairs = core.nodes.flatMap((_, i) => core.nodes.slice(i + 1).map((other) => [i, other.index] as const));
    this.#links = core.blueprint.cell<Links>(
      `cluster/${core.id}/links`,
      { up: "0".repeat(this.#pairs.length), restoring: new Map() },
      ({ up, restoring }, nowMs) => [up, [...restoring].map(([pair, { atMs }]) => [pair, atMs - nowMs])],
    );
    this.#linkUp = core.blueprint.event(`cluster/${core.id}/link-up`, (instant, pair: number) => {
      const { up, restoring } = instant.get(this.#links);
      const left = new Map(restoring);
      left.delete(pair);
      instant.set(this.#links, { up: replaceAt(up, pair, "1"), restoring: left });
      this.#reconsider(instant);
    });
    core.blueprint.observer(
      `cluster/${core.id}/connectivity`,
      (read) => this.#connectivity(read),
      (instant, now, before) => {
        this.#follow(instant, now, before);
        this.#reconsider(instant);
      },
    );
    core.deps.hosts.onFreeze((instant, name, frozen) => {
      const node = core.byName.get(name);
      if (node && frozen) this.#cancel(instant, node);
    });
  }

  onRing(listener: RingListener): void {
    this.#listener = listener;
  }

  /** The layer starts with nobody but itself; it meets the others later. */
  start(instant: Instant, node: NodeCells): void {
    instant.set(node.totem, { ring: [node.name], ringId: this.#core.next(instant) });
    instant.set(node.quorum, {
      seenAll: this.#core.nodes.length === 1,
      expectedVotes: this.#core.spec.quorum.expectedVotes,
      lastQuorate: [],
    });
  }

  /** It is gone at once: its node, its process, or (after `leave`) in order. */
  stop(instant: Instant, node: NodeCells): void {
    this.#cancel(instant, node);
    instant.set(node.totem, TOTEM_DOWN);
  }

  /** An orderly leave: the others need not wait for the token. */
  leave(instant: Instant, node: NodeCells): void {
    const { ring } = instant.get(node.totem);
    this.stop(instant, node);
    const heir = this.#core.nodes.find(
      (other) => ring?.includes(other.name) && other !== node && this.#runs(instant, other),
    );
    if (heir) this.#plan(instant, heir, this.#core.timings.leaveMs);
  }

  /** Nodes that start as one ring: a cluster that runs already when the world begins. */
  begin(instant: Instant, members: readonly NodeCells[]): void {
    const ring = members.map((node) => node.name);
    const ringId = this.#core.next(instant);
    for (const node of members) {
      instant.set(node.totem, { ring, ringId });
      this.#remember(instant, node, ring);
    }
  }

  isQuorate(read: Reader, node: NodeCells): boolean {
    const { ring } = read.get(node.totem);
    if (!ring) return false;
    return isQuorateWith(this.#core.spec.quorum, this.#voters, ring, read.get(node.quorum));
  }

  /** A member is silent and not yet declared lost: nothing that needs the others gets through. */
  isBlocked(read: Reader, node: NodeCells): boolean {
    return read.get(node.settling) !== undefined && this.#missing(read, node);
  }

  #missing(read: Reader, node: NodeCells): boolean {
    const { ring } = read.get(node.totem);
    if (!ring) return false;
    return ring.some((name) => {
      const other = this.#core.byName.get(name)!;
      return other !== node && !(this.#runs(read, other) && this.#hear(read, node, other));
    });
  }

  #runs(read: Reader, node: NodeCells): boolean {
    return read.get(node.totem).ring !== undefined && this.#core.isAwake(read, node);
  }

  #hear(read: Reader, a: NodeCells, b: NodeCells): boolean {
    const [i, j] = a.index < b.index ? [a.index, b.index] : [b.index, a.index];
    const pair = this.#pairs.findIndex(([x, y]) => x === i && y === j);
    return read.get(this.#links).up[pair] === "1";
  }

  /** Both directions on one ring network; a cluster without ring addresses is always connected. */
  #passes(read: Reader, a: NodeCells, b: NodeCells): boolean {
    if (a.member.rings.length === 0 || b.member.rings.length === 0) return true;
    const { network } = this.#core.deps;
    return a.member.rings.some(
      (ring) =>
        b.member.rings.some((other) => other.network === ring.network) &&
        network.passes(read, a.name, b.name, ring.network) &&
        network.passes(read, b.name, a.name, ring.network),
    );
  }

  /** For each pair whether messages could pass, then for each node whether it runs; equal texts are equal situations. */
  #connectivity(read: Reader): string {
    const { nodes } = this.#core;
    const runs = nodes.map((node) => this.#runs(read, node));
    let text = "";
    for (const [i, j] of this.#pairs)
      text += runs[i] && runs[j] && this.#passes(read, nodes[i]!, nodes[j]!) ? "1" : "0";
    for (const node of runs) text += node ? "1" : "0";
    return text;
  }

  /** A link that fails carries nothing at once; one that comes back is probed first. */
  #follow(instant: Instant, now: string, before: string | undefined): void {
    const links = instant.get(this.#links);
    let { up } = links;
    const restoring = new Map(links.restoring);
    for (let pair = 0; pair < this.#pairs.length; pair++) {
      if (now[pair] === "0") {
        const pending = restoring.get(pair);
        if (pending) instant.cancel(pending);
        restoring.delete(pair);
        up = replaceAt(up, pair, "0");
      } else if (up[pair] === "0" && !restoring.has(pair)) {
        const [i, j] = this.#pairs[pair]!;
        const delayMs = this.#restoreMs(instant, i, j, before);
        if (delayMs === 0) up = replaceAt(up, pair, "1");
        else restoring.set(pair, instant.after(delayMs, this.#linkUp, pair) as Pending);
      }
    }
    instant.set(this.#links, { up, restoring });
  }

  #restoreMs(instant: Instant, i: number, j: number, before: string | undefined): number {
    const { timings, nodes, spec } = this.#core;
    const [a, b] = [instant.get(nodes[i]!.totem), instant.get(nodes[j]!.totem)];
    // The same ring already: a cluster that runs when the world begins.
    if (before === undefined && a.ringId === b.ringId) return 0;
    const starting = [nodes[i]!, nodes[j]!].some((node) => instant.get(node.dc) === undefined);
    if (starting) return timings.stackJoinMs;
    if (spec.totem.transport !== "knet") return 0;
    const ran = (index: number) => before?.[this.#pairs.length + index] === "1";
    return ran(i) && ran(j) ? timings.linkUpMs : timings.thawMs;
  }

  #groups(read: Reader): readonly (readonly NodeCells[])[] {
    const { nodes } = this.#core;
    const groups = partitions(
      nodes.length,
      (i) => this.#runs(read, nodes[i]!),
      (i, j) => this.#hear(read, nodes[i]!, nodes[j]!),
    );
    return groups.map((group) => group.map((i) => nodes[i]!));
  }

  #reconsider(instant: Instant): void {
    const { timings, spec } = this.#core;
    const detectMs = Math.max(
      1,
      Math.round(spec.totem.tokenMs + spec.totem.consensusMs - timings.tokenPhase * holdMs(spec.totem)),
    );
    for (const group of this.#groups(instant)) {
      const names = group.map((node) => node.name);
      for (const node of group) {
        const { ring, ringId } = instant.get(node.totem);
        const lost = ring!.some((name) => !names.includes(name));
        const gained = group.some((other) => instant.get(other.totem).ringId !== ringId);
        const settling = instant.get(node.settling);
        if (!lost && !gained) this.#cancel(instant, node);
        else if (!settling) {
          if (lost) this.#plan(instant, node, detectMs);
          else this.#plan(instant, node, timings.mergeMs);
        }
      }
    }
  }

  #plan(instant: Instant, node: NodeCells, delayMs: number): void {
    this.#cancel(instant, node);
    instant.set(node.settling, instant.after(delayMs, this.#settle, { node: node.index }));
  }

  #cancel(instant: Instant, node: NodeCells): void {
    const pending = instant.get(node.settling);
    if (!pending) return;
    instant.cancel(pending);
    instant.set(node.settling, undefined);
  }

  /** All that hear each other around `node` agree on one ring, now. */
  #form(instant: Instant, node: NodeCells): void {
    const group = this.#groups(instant).find((members) => members.includes(node));
    if (!group) return;
    const ring = group.map((member) => member.name);
    const before = group.map((member) => instant.get(member.totem));
    if (before.every((state) => state.ringId === before[0]!.ringId && state.ring!.length === ring.length)) return;
    const ringId = this.#core.next(instant);
    const seen = group.map((member, i) => {
      // Who was in the same ring before came along; everybody else has left and perhaps joined again.
      const along = new Set(group.filter((_, j) => before[j]!.ringId === before[i]!.ringId).map((other) => other.name));
      return {
        node: member,
        left: before[i]!.ring!.filter((name) => !along.has(name)),
        joined: ring.filter((name) => !along.has(name)),
      };
    });
    for (const member of group) {
      this.#cancel(instant, member);
      instant.set(member.totem, { ring, ringId });
    }
    const changes = seen.map((change): RingChange => {
      const { node: member, left, joined } = change;
      let entry = instant.cause;
      for (const name of left) entry = this.#tell(instant, name, "lost", member.name);
      for (const name of joined) entry = this.#tell(instant, name, "member", member.name);
      this.#remember(instant, member, ring);
      return { ...change, entry };
    });
    this.#listener(instant, changes);
  }

  #remember(instant: Instant, node: NodeCells, ring: readonly string[]): void {
    const memory = instant.get(node.quorum);
    const seenAll = memory.seenAll || ring.length === this.#core.nodes.length;
    let expectedVotes = memory.expectedVotes;
    if (seenAll && !memory.seenAll) expectedVotes = this.#core.spec.quorum.expectedVotes;
    const next = { ...memory, seenAll, expectedVotes };
    const quorate = isQuorateWith(this.#core.spec.quorum, this.#voters, ring, next);
    instant.set(node.quorum, quorate ? { ...next, lastQuorate: ring } : next);
  }

  #tell(instant: Instant, name: string, what: "lost" | "member", by: string): number {
    return instant.note({
      kind: "membership",
      subject: `node/${name}`,
      what,
      text: `${by} sees ${name} ${what === "lost" ? "leave its membership" : "as a member"}`,
      data: { cluster: this.#core.id, seenBy: by },
    });
  }
}

function replaceAt(text: string, at: number, letter: string): string {
  return text[at] === letter ? text : text.slice(0, at) + letter + text.slice(at + 1);
}

/**
 * How long an idle ring holds the token at most before it is passed on: corosync.conf(5), hold = 0.8 × retransmit
 * timeout − 10 ms, retransmit = token / (retransmits before loss + 0.2).
 */
function holdMs(totem: { tokenMs: number; retransmitsBeforeLoss: number }): number {
  return Math.max(0, (totem.tokenMs / (totem.retransmitsBeforeLoss + 0.2)) * 0.8 - 10);
}
