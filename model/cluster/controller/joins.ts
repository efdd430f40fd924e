import type { EventType, Instant, Pending } from "../../kernel/index.js";
import type { ClusterCore, NodeCells } from "../core.js";
import type { Executor } from "../executor/executor.js";
import type { Fencer } from "../fencer/fencer.js";
import type { Membership, RingChange } from "../membership/membership.js";
import { withAttributes, withEntry, withHistory, withPeer } from "../status/edit.js";
import { electionWinner } from "./election.js";
import { ABORT_ALL, inFlight } from "./graph-state.js";
import { type NodePayload, nodeEvent } from "./node-event.js";
import { expectPeer, seePeers } from "./peers-known.js";
import type { Transitions } from "./transitions.js";

/** Who is DC and whom it has taken in: what follows a new membership, elections, joins. */
export class Joins {
  readonly #core: ClusterCore;
  readonly #membership: Membership;
  readonly #executor: Executor;
  readonly #fencer: Fencer;
  readonly #transitions: Transitions;
  readonly #election: EventType<NodePayload>;
  readonly #join: EventType<NodePayload>;

  constructor(
    core: ClusterCore,
    parts: { membership: Membership; executor: Executor; fencer: Fencer; transitions: Transitions },
  ) {
    this.#core = core;
    this.#membership = parts.membership;
    this.#executor = parts.executor;
    this.#fencer = parts.fencer;
    this.#transitions = parts.transitions;
    this.#election = nodeEvent(core, "election", (instant, node) => {
      core.timerFired(instant, node, "election");
      this.#holdElection(instant, node);
    });
    this.#join = nodeEvent(core, "join", (instant, node) => {
      core.timerFired(instant, node, "join");
      this.completeJoin(instant, node);
    });
    parts.membership.onRing((instant, changes) => this.#ringFormed(instant, changes));
  }

  #ringFormed(instant: Instant, changes: readonly RingChange[]): void {
    const core = this.#core;
    for (const { node, left } of changes) {
      if (!core.isControllerUp(instant, node)) continue;
      this.#fencer.peersLeft(instant, node, left);
      seePeers(instant, node);
      const dc = instant.get(node.dc);
      if (dc !== undefined && dc !== node.name && left.includes(dc)) {
        instant.set(node.dc, undefined);
        instant.note({
          kind: "membership",
          subject: `cluster/${core.id}`,
          what: "DC lost",
          text: `${node.name} has lost its DC ${dc}`,
          data: { cluster: core.id, seenBy: node.name, dc },
        });
      }
    }
    const peers = changes.map((change) => change.node).filter((node) => core.isControllerUp(instant, node));
    const first = peers[0];
    if (first) {
      this.#tellQuorum(instant, first);
      const dcs = peers.filter((node) => core.isDc(instant, node));
      const entryOf = (node: NodeCells) => changes.find((change) => change.node === node)!.entry;
      if (dcs.length === 1) instant.because(entryOf(dcs[0]!), () => this.#dcSeesRing(instant, dcs[0]!, changes));
      else if (dcs.length > 1) instant.because(entryOf(first), () => this.elect(instant, first, true));
      else if (peers.some((node) => instant.get(node.controller).value !== "pending"))
        instant.because(entryOf(first), () => this.elect(instant, first, false));
    }
    this.#release(instant, changes);
  }

  #dcSeesRing(instant: Instant, dc: NodeCells, changes: readonly RingChange[]): void {
    const core = this.#core;
    const change = changes.find((candidate) => candidate.node === dc)!;
    // A peer that obeys somebody who is not here (or nobody) has to join anew.
    for (const { node } of changes)
      if (
        node !== dc &&
        core.isControllerUp(instant, node) &&
        instant.get(node.dc) !== dc.name &&
        instant.get(node.dc) !== undefined
      )
        instant.set(node.dc, undefined);
    this.#markLost(instant, dc, change.left);
    this.#transitions.failActionsOf(instant, dc, change.left, "the node is lost");
    const joining = changes.filter(
      ({ node }) => node !== dc && core.isControllerUp(instant, node) && instant.get(node.dc) !== dc.name,
    );
    const again = change.joined.filter((name) => core.isControllerUp(instant, core.byName.get(name)!));
    if (joining.length > 0 || again.length > 0) {
      const fresh = joining.every(({ node }) => instant.get(node.controller).value === "pending");
      this.peersJoining(
        instant,
        dc,
        fresh && change.left.length === 0 ? core.timings.controllerStartMs : core.timings.joinMs,
      );
    } else if (change.left.length > 0)
      this.#transitions.abort(instant, dc, `${change.left.join(", ")} left the cluster`, { updatesPending: true });
    else this.#transitions.abort(instant, dc, "the membership changed");
  }

  /** What waited for the membership goes on. */
  #release(instant: Instant, changes: readonly RingChange[]): void {
    for (const { node } of changes) this.wake(instant, node);
  }

  /** A thawed node, or one whose ring passes messages again, reads what has been waiting. */
  wake(instant: Instant, node: NodeCells): void {
    const waiting = instant.get(node.deferred);
    if (waiting.length === 0 || !this.#core.isAwake(instant, node)) return;
    instant.set(node.deferred, []);
    for (const { type, payload } of waiting) instant.after(0, type, payload);
  }

  /** The peers of a partition elect a DC. `rivals`: two DCs have met. */
  elect(instant: Instant, node: NodeCells, rivals: boolean): void {
    const core = this.#core;
    const peers = core.peers(instant, node);
    for (const peer of peers) {
      core.cancelTimer(instant, peer, "election");
      core.cancelTimer(instant, peer, "join");
      core.cancelTimer(instant, peer, "decide");
      core.cancelTimer(instant, peer, "recheck");
      instant.send(peer.controller, { type: "ELECTION_BEGUN" }, { quiet: true });
    }
    const leader = peers[0];
    if (!leader) return;
    const delayMs = rivals ? core.timings.rivalElectionMs : core.timings.electionMs;
    core.setTimer(
      instant,
      leader,
      "election",
      instant.after(delayMs, this.#election, { node: leader.index }) as Pending,
    );
  }

  #holdElection(instant: Instant, node: NodeCells): void {
    const core = this.#core;
    const peers = core.peers(instant, node).filter((peer) => instant.get(peer.controller).value === "election");
    const winner = electionWinner(core, instant, peers);
    if (!winner) return;
    for (const peer of peers) {
      if (peer === winner) continue;
      if (core.isDc(instant, peer)) instant.set(peer.graph, undefined);
      instant.set(peer.dc, undefined);
      instant.send(peer.controller, { type: "ELECTION_LOST" }, { quiet: true });
    }
    instant.send(winner.controller, { type: "ELECTION_WON" }, { quiet: true });
    if (!core.isDc(instant, winner)) {
      instant.set(winner.dc, winner.name);
      instant.set(winner.term, core.next(instant));
      instant.set(winner.fenceFailures, new Map());
    }
    const entry = instant.note({
      kind: "membership",
      subject: `cluster/${core.id}`,
      what: "DC elected",
      to: winner.name,
      text: `${winner.name} is DC of ${peers.map((peer) => peer.name).join(", ")}`,
      data: { cluster: core.id, dc: winner.name },
    });
    instant.because(entry, () =>
      core.setTimer(
        instant,
        winner,
        "join",
        instant.after(core.timings.joinMs, this.#join, { node: winner.index }) as Pending,
      ),
    );
  }

  /** The DC takes peers in, so many milliseconds from now. */
  peersJoining(instant: Instant, dc: NodeCells, delayMs: number): void {
    const core = this.#core;
    core.cancelTimer(instant, dc, "decide");
    core.cancelTimer(instant, dc, "recheck");
    instant.send(dc.controller, { type: "PEER_JOINING" }, { quiet: true });
    const graph = instant.get(dc.graph);
    if (graph) instant.set(dc.graph, { ...graph, abortPriority: ABORT_ALL, after: "restart" });
    const pending = instant.get(dc.timers).join;
    if (pending && pending.atMs >= instant.nowMs + delayMs) return;
    core.setTimer(instant, dc, "join", instant.after(delayMs, this.#join, { node: dc.index }) as Pending);
  }

  completeJoin(instant: Instant, dc: NodeCells): void {
    const core = this.#core;
    if (instant.get(dc.controller).value !== "integration") return;
    const graph = instant.get(dc.graph);
    // What the old transition has under way ends first; its last result comes back here.
    if (graph && inFlight(graph)) return;
    const peers = core.peers(instant, dc);
    const best = peers.reduce((a, b) => (isNewer(instant.get(b.version), instant.get(a.version)) ? b : a), dc);
    const newcomers = peers.filter((peer) => peer !== dc && instant.get(peer.dc) !== dc.name);
    let cib = instant.get(best.cib);
    for (const peer of peers) {
      cib = withPeer(cib, peer.member.id, peer.name, {
        inCcm: "true",
        crmd: "online",
        join: "member",
        expected: "member",
      });
      cib = withHistory(cib, peer.member.id, peer.name, this.#executor.historyForJoin(instant, peer));
      cib = withAttributes(cib, peer.member.id, peer.name, instant.get(peer.attributes));
    }
    const ring = instant.get(dc.totem).ring ?? [];
    for (const node of core.nodes) {
      if (peers.includes(node)) continue;
      const state = cib.status.nodes.get(node.name);
      if (!state) continue;
      const member = ring.includes(node.name);
      // A DC that takes over remembers what to expect of its old DC alone. Of any other peer that is gone it assumes
      // that it left in order, and does not fence it (join_make_offer).
      const forgotten = !member && instant.get(dc.peersKnown).get(node.name) === "seen";
      if (forgotten) expectPeer(instant, dc, node.name, "down");
      cib = withPeer(cib, node.member.id, node.name, {
        inCcm: member ? "true" : "false",
        crmd: "offline",
        ...(forgotten && { expected: "down" }),
      });
      cib = withAttributes(cib, node.member.id, node.name, new Map());
    }
    cib = withRoot(cib, {
      "dc-uuid": dc.member.id,
      "have-quorum": this.#membership.isQuorate(instant, dc) ? "1" : "0",
    });
    instant.set(dc.cib, cib);
    const version = instant.get(best.version);
    instant.set(dc.version, version);
    core.writeCib(instant, dc, () => ({ ...cib }));
    for (const peer of peers) {
      expectPeer(instant, dc, peer.name, "member");
      expectPeer(instant, peer, dc.name, "member");
    }
    for (const peer of newcomers) {
      core.cancelTimer(instant, peer, "deadtime");
      instant.set(peer.dc, dc.name);
      instant.send(peer.controller, { type: "JOINED_DC" }, { quiet: true });
      const failures = instant.get(dc.fenceFailures);
      if (failures.has(peer.name)) instant.set(dc.fenceFailures, withEntry(failures, peer.name, undefined));
      instant.note({
        kind: "membership",
        subject: `node/${peer.name}`,
        what: "joined",
        text: `${dc.name} has taken ${peer.name} in`,
        data: { cluster: core.id, dc: dc.name },
      });
    }
    core.cancelTimer(instant, dc, "deadtime");
    instant.set(dc.graph, undefined);
    instant.send(dc.controller, { type: "JOIN_COMPLETE" }, { quiet: true });
    this.#transitions.decideAfterJoin(instant, dc);
  }

  #markLost(instant: Instant, dc: NodeCells, left: readonly string[]): void {
    const core = this.#core;
    const quorum = this.#membership.isQuorate(instant, dc) ? "1" : "0";
    core.writeCib(instant, dc, (before) => {
      let cib = before;
      const ring = instant.get(dc.totem).ring ?? [];
      for (const name of left) {
        if (ring.includes(name) || !cib.status.nodes.has(name)) continue;
        const { member } = core.byName.get(name)!;
        cib = withPeer(cib, member.id, name, { inCcm: "false", crmd: "offline" });
        cib = withAttributes(cib, member.id, name, new Map());
      }
      return cib.attrs["have-quorum"] === quorum ? cib : withRoot(cib, { "have-quorum": quorum });
    });
  }

  #tellQuorum(instant: Instant, node: NodeCells): void {
    const quorate = this.#membership.isQuorate(instant, node);
    const before = instant.get(node.cib).attrs["have-quorum"];
    if (before === undefined || (before === "1") === quorate) return;
    instant.note({
      kind: "membership",
      subject: `cluster/${this.#core.id}`,
      what: quorate ? "quorum gained" : "quorum lost",
      text: `${(instant.get(node.totem).ring ?? []).join(", ")} ${quorate ? "have" : "are without"} quorum`,
      data: { cluster: this.#core.id, seenBy: node.name },
    });
  }
}

/** Attributes of the CIB's root. */
function withRoot<C extends { readonly attrs: Readonly<Record<string, string>> }>(
  cib: C,
  attrs: Readonly<Record<string, string>>,
): C {
  return { ...cib, attrs: { ...cib.attrs, ...attrs } };
}

function isNewer(a: { epoch: number; updates: number }, b: { epoch: number; updates: number }): boolean {
  return a.epoch !== b.epoch ? a.epoch > b.epoch : a.updates > b.updates;
}
