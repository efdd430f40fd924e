import type { EventType, Instant, Pending } from "../../kernel/index.js";
import { booleanOf, intervalMs } from "../configuration/interval.js";
import { option } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import type { Executor } from "../executor/executor.js";
import type { FenceOperation } from "../fencer/fence-operation.js";
import { type Fencer, stonithTimeoutMs } from "../fencer/fencer.js";
import type { Membership, RingChange } from "../membership/membership.js";
import type { GraphAction } from "../scheduler/interface.js";
import { withAttributes, withEntry, withFenced, withHistory, withPeer } from "../status/edit.js";
import { didFail, type OperationResult, operationKey } from "../status/history.js";
import { electionWinner } from "./election.js";
import { failureAttributes } from "./fail-count.js";
import { ABORT_ALL, type GraphState, graphKey, inFlight, isReady, successorsOf, withStatus } from "./graph-state.js";

interface NodePayload {
  readonly node: number;
}

interface GraphPayload extends NodePayload {
  readonly transition: number;
  readonly action: number;
}

/** stonith-max-attempts: after so many failures the DC stops asking until something changes. */
const STONITH_ATTEMPTS = 10;

/** Pacemaker's daemons on a node, as others see them. */
export interface ControllerHooks {
  /** The controller has left in order: the stack below it may stop. */
  terminated(instant: Instant, node: NodeCells): void;
}

/**
 * The controllers (crmd, pacemaker-controld) of one cluster: elections, joins, and on the DC the loop of abort,
 * decision and transition.
 */
export class Controller {
  readonly #core: ClusterCore;
  readonly #membership: Membership;
  readonly #executor: Executor;
  readonly #fencer: Fencer;
  readonly #hooks: ControllerHooks;
  readonly #election: EventType<NodePayload>;
  readonly #deadtime: EventType<NodePayload>;
  readonly #join: EventType<NodePayload>;
  readonly #decide: EventType<NodePayload>;
  readonly #recheck: EventType<NodePayload>;
  readonly #crmDone: EventType<GraphPayload>;

  constructor(
    core: ClusterCore,
    parts: { membership: Membership; executor: Executor; fencer: Fencer; hooks: ControllerHooks },
  ) {
    this.#core = core;
    this.#membership = parts.membership;
    this.#executor = parts.executor;
    this.#fencer = parts.fencer;
    this.#hooks = parts.hooks;
    const event = <P extends NodePayload>(
      name: string,
      handle: (instant: Instant, node: NodeCells, payload: P) => void,
    ) => {
      const type: EventType<P> = core.blueprint.event(`cluster/${core.id}/${name}`, (instant, payload: P) => {
        const node = core.nodes[payload.node]!;
        if (core.defers(instant, node, type, payload)) return;
        handle(instant, node, payload);
      });
      return type;
    };
    this.#election = event("election", (instant, node) => {
      core.timerFired(instant, node, "election");
      this.#holdElection(instant, node);
    });
    this.#deadtime = event("dc-deadtime", (instant, node) => {
      core.timerFired(instant, node, "deadtime");
      if (instant.get(node.dc) === undefined && core.isControllerUp(instant, node)) this.#elect(instant, node, false);
    });
    this.#join = event("join", (instant, node) => {
      core.timerFired(instant, node, "join");
      this.#completeJoin(instant, node);
    });
    this.#decide = event("decide", (instant, node) => {
      core.timerFired(instant, node, "decide");
      this.#makeDecision(instant, node);
    });
    this.#recheck = event("recheck", (instant, node) => {
      core.timerFired(instant, node, "recheck");
      this.abort(instant, node, "the cluster is checked again (cluster-recheck-interval)");
    });
    this.#crmDone = event<GraphPayload>("crm-action", (instant, node, { transition, action }) => {
      const graph = instant.get(node.graph);
      if (graph?.number === transition && graph.status[action] === ">") this.#actionEnded(instant, node, action, true);
    });
    parts.membership.onRing((instant, changes) => this.#ringFormed(instant, changes));
    parts.executor.onResult((instant, node, result, from) => this.#resultArrived(instant, node, result, from));
    parts.fencer.onEnd((instant, node, operation, result) => this.#fencingEnded(instant, node, operation, result));
  }

  /** The controller on a node connects and waits for a DC. */
  start(instant: Instant, node: NodeCells): void {
    const core = this.#core;
    instant.send(node.controller, { type: "STARTED" }, { quiet: true });
    instant.send(node.controller, { type: "CONNECTED" }, { quiet: true });
    const deadtimeMs = intervalMs(option(instant.get(node.cib), "dc-deadtime"), core.timings.dcDeadtimeMs);
    core.setTimer(
      instant,
      node,
      "deadtime",
      instant.after(deadtimeMs, this.#deadtime, { node: node.index }) as Pending,
    );
    this.#seePeers(instant, node);
    const dc = core.peers(instant, node).find((peer) => core.isDc(instant, peer));
    if (dc) this.#peersJoining(instant, dc, core.timings.controllerStartMs);
  }

  /** A cluster that runs already when the world begins: members, and the DC among them. */
  begin(instant: Instant, members: readonly NodeCells[], dc: NodeCells): void {
    for (const node of members) {
      for (const type of ["STARTED", "CONNECTED"]) instant.send(node.controller, { type }, { quiet: true });
      instant.set(node.dc, dc.name);
      const names = node === dc ? members.map((member) => member.name) : [dc.name];
      this.#seePeers(instant, node);
      for (const name of names) this.#expect(instant, node, name, "member");
      if (node !== dc) instant.send(node.controller, { type: "JOINED_DC" }, { quiet: true });
      else
        for (const type of ["ELECTION_BEGUN", "ELECTION_WON", "JOIN_COMPLETE", "GRAPH_CALCULATED", "GRAPH_COMPLETE"])
          instant.send(node.controller, { type }, { quiet: true });
    }
    instant.set(dc.term, this.#core.next(instant));
  }

  /** The controller is gone: with its node, killed, or (in order) at the end of a shutdown. */
  stop(instant: Instant, node: NodeCells): void {
    const core = this.#core;
    for (const name of ["start", "deadtime", "election", "join", "decide", "recheck"] as const)
      core.cancelTimer(instant, node, name);
    this.#fencer.reset(instant, node);
    instant.set(node.graph, undefined);
    instant.set(node.dc, undefined);
    instant.set(node.attributes, new Map());
    instant.set(node.peersKnown, new Map());
    if (instant.get(node.fenceFailures).size > 0) instant.set(node.fenceFailures, new Map());
    instant.send(node.controller, { type: "TERMINATED" }, { quiet: true });
  }

  /**
   * A peer's controller left its group while the node stays a member: in order, or because its process died
   * (the peers take it for unclean). `alone`: the node's other daemons stay.
   */
  controllerLeft(instant: Instant, node: NodeCells, inOrder: boolean, alone = false): void {
    const core = this.#core;
    const ring = instant.get(node.totem).ring ?? [];
    if (inOrder && !alone) this.daemonLeft(instant, node);
    const others = core.nodes.filter(
      (peer) => ring.includes(peer.name) && peer !== node && core.isControllerUp(instant, peer),
    );
    const first = others[0];
    if (!first) return;
    core.writeCib(instant, first, (cib) =>
      withAttributes(
        withPeer(
          cib,
          node.member.id,
          node.name,
          inOrder ? { crmd: "offline", join: "down", expected: "down" } : { crmd: "offline" },
        ),
        node.member.id,
        node.name,
        new Map(),
      ),
    );
    const dc = others.find((peer) => core.isDc(instant, peer));
    if (dc) {
      this.#failActionsOf(instant, dc, [node.name], "its controller is gone");
      this.abort(instant, dc, `the controller on ${node.name} is gone`);
    } else {
      for (const peer of others) if (instant.get(peer.dc) === node.name) instant.set(peer.dc, undefined);
      this.#elect(instant, first, false);
    }
  }

  /** The node's other daemons (attributes, fencer, CIB) leave their groups: that is what peers log as lost. */
  daemonLeft(instant: Instant, node: NodeCells): void {
    for (const name of instant.get(node.totem).ring ?? [])
      if (name !== node.name) this.#tellLeft(instant, node.name, name);
  }

  /** Everybody in the ring has been seen. */
  #seePeers(instant: Instant, node: NodeCells): void {
    let known = instant.get(node.peersKnown);
    for (const name of instant.get(node.totem).ring ?? []) if (!known.has(name)) known = withEntry(known, name, "seen");
    instant.set(node.peersKnown, known);
  }

  #expect(instant: Instant, node: NodeCells, peer: string, what: "member" | "down"): void {
    instant.set(node.peersKnown, withEntry(instant.get(node.peersKnown), peer, what));
  }

  #tellLeft(instant: Instant, name: string, by: string): void {
    if (!this.#core.isControllerUp(instant, this.#core.byName.get(by)!)) return;
    instant.note({
      kind: "membership",
      subject: `node/${name}`,
      what: "lost",
      text: `${by} sees ${name} leave in order`,
      data: { cluster: this.#core.id, seenBy: by },
    });
  }

  /** Something changed that the DC must look at. */
  abort(
    instant: Instant,
    dc: NodeCells,
    reason: string,
    how: { priority?: number; updatesPending?: boolean; after?: "restart" | "wait" } = {},
  ): void {
    const core = this.#core;
    const graph = instant.get(dc.graph);
    const state = instant.get(dc.controller).value;
    if (state === "integration" || state === "election") return;
    if (graph && inFlight(graph)) {
      const priority = Math.max(graph.abortPriority ?? -ABORT_ALL, how.priority ?? ABORT_ALL);
      const after = how.after === "wait" && graph.after !== "restart" ? "wait" : (how.after ?? "restart");
      if (graph.abortPriority === undefined || priority > graph.abortPriority || after !== graph.after)
        instant.set(dc.graph, { ...graph, abortPriority: priority, after, abortReason: graph.abortReason ?? reason });
      return;
    }
    if (how.after === "wait") return;
    instant.send(dc.controller, { type: "ABORTED" }, { quiet: true });
    if (instant.get(dc.controller).value !== "policy-engine") return;
    const delayMs = core.timings.decideMs + (how.updatesPending ? this.#pauseMs(dc) : 0);
    const timers = instant.get(dc.timers);
    core.cancelTimer(instant, dc, "recheck");
    // A decision that is due later anyway (the pause after a loss) stays where it is.
    if (timers.decide && timers.decide.atMs >= instant.nowMs + delayMs) return;
    core.setTimer(instant, dc, "decide", instant.after(delayMs, this.#decide, { node: dc.index }) as Pending);
  }

  /** The attribute daemon of a node sets (or, undefined, removes) one of its transient attributes. */
  setAttribute(instant: Instant, node: NodeCells, name: string, value: string | undefined, reason: string): void {
    this.#setAttributes(instant, node, new Map([[name, value]]), reason);
  }

  #setAttributes(
    instant: Instant,
    node: NodeCells,
    changes: ReadonlyMap<string, string | undefined>,
    reason?: string,
  ): void {
    const core = this.#core;
    let attributes = instant.get(node.attributes);
    for (const [name, value] of changes) attributes = withEntry(attributes, name, value);
    if (attributes === instant.get(node.attributes)) return;
    instant.set(node.attributes, attributes);
    const from = core.isControllerUp(instant, node) ? node : undefined;
    if (!from) return;
    core.writeCib(instant, from, (cib) => withAttributes(cib, node.member.id, node.name, attributes));
    const dc = core.dcCells(instant, node);
    if (dc && reason !== undefined) this.abort(instant, dc, reason);
  }

  /** Fail-counts and last failures of a resource (or of all) on a node are forgotten. */
  clearFailCounts(instant: Instant, node: NodeCells, resource: string | undefined): void {
    const changes = new Map<string, undefined>();
    for (const name of instant.get(node.attributes).keys())
      if (/^(fail-count|last-failure)-/.test(name)) {
        const of = name.replace(/^(fail-count|last-failure)-/, "").replace(/#.*$/, "");
        if (resource === undefined || of === resource) changes.set(name, undefined);
      }
    this.#setAttributes(instant, node, changes);
  }

  /** A person says that a node is down. A fencing under way goes on, and the transition waits for its end. */
  confirmFenced(instant: Instant, at: NodeCells, target: NodeCells): void {
    this.#markFenced(instant, at, target);
    const dc = this.#core.dcCells(instant, at);
    if (dc) this.abort(instant, dc, `somebody confirmed that ${target.name} is down`);
  }

  // Membership and elections

  #ringFormed(instant: Instant, changes: readonly RingChange[]): void {
    const core = this.#core;
    for (const { node, left } of changes) {
      if (!core.isControllerUp(instant, node)) continue;
      this.#fencer.peersLeft(instant, node, left);
      this.#seePeers(instant, node);
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
      else if (dcs.length > 1) instant.because(entryOf(first), () => this.#elect(instant, first, true));
      else if (peers.some((node) => instant.get(node.controller).value !== "pending"))
        instant.because(entryOf(first), () => this.#elect(instant, first, false));
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
    this.#failActionsOf(instant, dc, change.left, "the node is lost");
    const joining = changes.filter(
      ({ node }) => node !== dc && core.isControllerUp(instant, node) && instant.get(node.dc) !== dc.name,
    );
    const again = change.joined.filter((name) => core.isControllerUp(instant, core.byName.get(name)!));
    if (joining.length > 0 || again.length > 0) {
      const fresh = joining.every(({ node }) => instant.get(node.controller).value === "pending");
      this.#peersJoining(
        instant,
        dc,
        fresh && change.left.length === 0 ? core.timings.controllerStartMs : core.timings.joinMs,
      );
    } else if (change.left.length > 0)
      this.abort(instant, dc, `${change.left.join(", ")} left the cluster`, { updatesPending: true });
    else this.abort(instant, dc, "the membership changed");
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

  #elect(instant: Instant, node: NodeCells, rivals: boolean): void {
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

  // Joins

  #peersJoining(instant: Instant, dc: NodeCells, delayMs: number): void {
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

  #completeJoin(instant: Instant, dc: NodeCells): void {
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
      if (forgotten) this.#expect(instant, dc, node.name, "down");
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
      this.#expect(instant, dc, peer.name, "member");
      this.#expect(instant, peer, dc.name, "member");
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
    core.setTimer(
      instant,
      dc,
      "decide",
      instant.after(core.timings.decideMs + this.#pauseMs(dc), this.#decide, { node: dc.index }) as Pending,
    );
  }

  #pauseMs(dc: NodeCells): number {
    return this.#core.deps.pauseOf?.(dc.name) ?? this.#core.timings.pendingUpdatesMs;
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

  // Decisions and transitions

  #makeDecision(instant: Instant, dc: NodeCells): void {
    const core = this.#core;
    if (!core.isDc(instant, dc) || instant.get(dc.controller).value !== "policy-engine") return;
    const decision = core.deps.scheduler.decide(instant.get(dc.cib), { nowEpochSeconds: core.epochSeconds(instant) });
    const entry =
      decision.actions.length === 0
        ? instant.cause
        : instant.note({
            kind: "decision",
            subject: `cluster/${core.id}`,
            what: "transition",
            text: decision.summary.join("; "),
            data: {
              cluster: core.id,
              dc: dc.name,
              actions: decision.actions.length,
              notModelled: decision.notModelled,
            },
          });
    const graph: GraphState = {
      number: core.next(instant),
      decision,
      key: graphKey(decision),
      status: ".".repeat(decision.actions.length),
      throttled: false,
      after: "restart",
      entry,
    };
    instant.set(dc.graph, graph);
    instant.send(dc.controller, { type: "GRAPH_CALCULATED" }, { quiet: true });
    instant.because(entry, () => this.#advance(instant, dc));
  }

  /**
   * Begins every action that may begin, in the order of the graph; ends the transition where nothing is left. After the
   * end of one action only what waited for it is looked at, unless a limit held others back.
   */
  #advance(instant: Instant, dc: NodeCells, ended?: number): void {
    const graph = instant.get(dc.graph);
    if (!graph) return;
    const { actions } = graph.decision;
    const following = successorsOf(graph.decision);
    const todo = ended === undefined || graph.throttled ? actions.map((action) => action.id) : [...following[ended]!];
    let throttled = false;
    let waitMs = 0;
    for (let at = 0; at < todo.length; at++) {
      const id = todo[at]!;
      const now = instant.get(dc.graph);
      if (now?.number !== graph.number) return;
      if (now.status[id] !== ".") continue;
      const action = actions[id]!;
      if (now.abortPriority !== undefined && action.priority < now.abortPriority) continue;
      if (!isReady(now, action)) continue;
      if (!this.#withinLimits(now, action)) {
        throttled = true;
        continue;
      }
      this.#begin(instant, dc, now, action, waitMs);
      if (action.kind === "rsc") waitMs += this.#core.timings.requestGapMs;
      if (instant.get(dc.graph)?.status[id] === "+") todo.push(...following[id]!);
    }
    const now = instant.get(dc.graph);
    if (now?.number !== graph.number) return;
    if (now.throttled !== throttled) instant.set(dc.graph, { ...now, throttled });
    if (!inFlight(now)) this.#transitionEnded(instant, dc, now);
  }

  #withinLimits(graph: GraphState, action: GraphAction): boolean {
    if (action.kind === "pseudo") return true;
    const { actions, batchLimit } = graph.decision;
    let total = 0;
    let onNode = 0;
    for (let i = graph.status.indexOf(">"); i >= 0; i = graph.status.indexOf(">", i + 1)) {
      if (actions[i]!.kind === "fence") continue;
      total++;
      if (actions[i]!.node === action.node) onNode++;
    }
    if (batchLimit > 0 && total >= batchLimit) return false;
    if (action.kind === "fence") return true;
    return onNode < this.#core.timings.nodeActionLimit;
  }

  #begin(instant: Instant, dc: NodeCells, graph: GraphState, action: GraphAction, waitMs: number): void {
    const core = this.#core;
    if (action.kind === "pseudo") {
      instant.set(dc.graph, withStatus(graph, action.id, "+"));
      return;
    }
    instant.set(dc.graph, withStatus(graph, action.id, ">"));
    if (action.kind === "fence") {
      this.#requestFencing(instant, dc, graph, action);
      return;
    }
    const node = action.node === undefined ? undefined : core.byName.get(action.node);
    if (action.kind === "crm" || !node) {
      this.#performCrm(instant, dc, graph, action, node);
      return;
    }
    // No timer of the DC's own: an operation ends at its time-out on its node, and a silent node is lost before.
    this.#executor.perform(instant, {
      node: node.index,
      dc: dc.index,
      transition: graph.number,
      action,
      targetRc: action.targetRc ?? 0,
      waitMs,
      entry: instant.cause,
    });
  }

  #requestFencing(instant: Instant, dc: NodeCells, graph: GraphState, action: GraphAction): void {
    const target = action.node ?? action.attributes["on_node"] ?? "";
    const fenceAction = action.fenceAction ?? "reboot";
    const entry = instant.because(graph.entry, () =>
      instant.note({
        kind: "fence",
        subject: `node/${target}`,
        what: "fence-requested",
        text: `${dc.name} asks for ${target} to be fenced (${fenceAction})`,
        data: { cluster: this.#core.id, seenBy: dc.name, action: fenceAction },
      }),
    );
    this.#fencer.request(instant, dc, target, fenceAction, {
      graphAction: action.id,
      transition: graph.number,
      timeoutMs: graph.decision.stonithTimeoutMs || stonithTimeoutMs(instant, dc),
      entry,
    });
  }

  /** The cluster's own actions: history deletion, clearing fail-counts, shutdown of a node. */
  #performCrm(
    instant: Instant,
    dc: NodeCells,
    graph: GraphState,
    action: GraphAction,
    node: NodeCells | undefined,
  ): void {
    const core = this.#core;
    const done = () =>
      instant.after(core.timings.dispatchMs, this.#crmDone, {
        node: dc.index,
        transition: graph.number,
        action: action.id,
      });
    if (!node) {
      done();
      return;
    }
    switch (action.operation) {
      case "lrm_delete":
      case "delete":
        if (action.resource !== undefined) {
          this.#executor.forget(instant, node, action.resource);
          const { history } = instant.get(node.executor);
          core.writeCib(instant, dc, (cib) => withHistory(cib, node.member.id, node.name, history));
        }
        done();
        break;
      case "clear_failcount":
        this.clearFailCounts(instant, node, action.resource);
        done();
        break;
      case "do_shutdown":
        instant.note({
          kind: "action",
          subject: `node/${node.name}`,
          what: "cluster stack shut down",
          text: `${dc.name} lets ${node.name} leave`,
          data: { cluster: core.id, node: node.name },
        });
        if (node === dc) {
          instant.set(dc.graph, undefined);
          this.#terminate(instant, node);
          return;
        }
        instant.set(dc.graph, withStatus(instant.get(dc.graph)!, action.id, "+"));
        this.#terminate(instant, node);
        break;
      default:
        done();
    }
  }

  #terminate(instant: Instant, node: NodeCells): void {
    this.stop(instant, node);
    this.controllerLeft(instant, node, true);
    this.#hooks.terminated(instant, node);
  }

  #actionEnded(instant: Instant, dc: NodeCells, id: number, ok: boolean, why?: string): void {
    const graph = instant.get(dc.graph);
    if (graph?.status[id] !== ">") return;
    const action = graph.decision.actions[id]!;
    instant.set(dc.graph, withStatus(graph, id, ok ? "+" : "!"));
    if (!ok && !action.canFail)
      this.abort(instant, dc, why ?? `${action.key} failed`, { priority: action.priority + 1 });
    this.#continue(instant, dc, id);
  }

  /** After a change of the graph: goes on with it, or with the join that waits for its end. */
  #continue(instant: Instant, dc: NodeCells, ended?: number): void {
    const state = instant.get(dc.controller).value;
    if (state === "transition-engine") this.#advance(instant, dc, ended);
    else if (state === "integration" && !instant.get(dc.timers).join) this.#completeJoin(instant, dc);
  }

  #transitionEnded(instant: Instant, dc: NodeCells, graph: GraphState): void {
    const core = this.#core;
    if (instant.get(dc.controller).value !== "transition-engine") return;
    if (graph.abortPriority !== undefined && graph.after === "restart") {
      instant.send(dc.controller, { type: "ABORTED" }, { quiet: true });
      const pending = instant.after(core.timings.redecideMs, this.#decide, { node: dc.index }) as Pending;
      core.setTimer(instant, dc, "decide", pending);
      return;
    }
    instant.send(dc.controller, { type: "GRAPH_COMPLETE" }, { quiet: true });
    const incomplete = /[.!]/.test(graph.status);
    const recheckMs = this.#recheckDelayMs(instant, dc, graph, incomplete);
    if (recheckMs !== undefined)
      core.setTimer(instant, dc, "recheck", instant.after(recheckMs, this.#recheck, { node: dc.index }) as Pending);
  }

  /**
   * When the DC looks again though nothing happens. The scheduler is a function of the CIB and the time: where it names
   * no time and the transition was complete, another look would find the same, so none is planned.
   */
  #recheckDelayMs(instant: Instant, dc: NodeCells, graph: GraphState, incomplete: boolean): number | undefined {
    const core = this.#core;
    const intervalOfRecheckMs = intervalMs(option(instant.get(dc.cib), "cluster-recheck-interval"), 900_000);
    const { recheckByEpochSeconds } = graph.decision;
    if (recheckByEpochSeconds !== undefined) {
      const dueMs = Math.max(1, (recheckByEpochSeconds - core.epochBase) * 1000 + 1 - instant.nowMs);
      if (core.deps.dynamicRecheck !== false || intervalOfRecheckMs <= 0) return dueMs;
      return Math.ceil(dueMs / intervalOfRecheckMs) * intervalOfRecheckMs;
    }
    return incomplete && intervalOfRecheckMs > 0 ? intervalOfRecheckMs : undefined;
  }

  // Results

  #resultArrived(
    instant: Instant,
    node: NodeCells,
    result: OperationResult,
    from: { readonly dc: string; readonly transition: number; readonly action: number; readonly recurring: boolean },
  ): void {
    const core = this.#core;
    const dc = core.dcCells(instant, node);
    if (!dc || !core.isDc(instant, dc)) return;
    const graph = instant.get(dc.graph);
    const current =
      graph && graph.number === from.transition && from.dc === dc.name && graph.status[from.action] === ">";
    const failed = didFail(result);
    if (failed) this.#countFailure(instant, node, result, graph);
    if (current) {
      this.#actionEnded(
        instant,
        dc,
        from.action,
        !failed,
        `${operationKey(result.resource, result.operation, result.intervalMs)} on ${node.name} failed`,
      );
      return;
    }
    // A result of an earlier transition, or a monitor that found something new.
    const recurringAsExpected = from.recurring && !failed;
    if (!recurringAsExpected || failed)
      this.abort(instant, dc, `${result.operation} of ${result.resource} on ${node.name}: new result`);
    this.#continue(instant, dc);
  }

  #countFailure(instant: Instant, node: NodeCells, result: OperationResult, graph: GraphState | undefined): void {
    const decision = graph?.decision;
    const changes = failureAttributes(instant.get(node.attributes), result, {
      epochSeconds: this.#core.epochSeconds(instant),
      startFailureIsFatal: decision
        ? decision.failedStartOffset >= ABORT_ALL
        : booleanOf(option(instant.get(node.cib), "start-failure-is-fatal"), true),
    });
    if (changes.size > 0) this.#setAttributes(instant, node, changes);
  }

  #failActionsOf(instant: Instant, dc: NodeCells, left: readonly string[], why: string): void {
    const graph = instant.get(dc.graph);
    if (!graph) return;
    let { status } = graph;
    for (let id = 0; id < status.length; id++) {
      const action = graph.decision.actions[id]!;
      if (status[id] !== ">" || action.kind === "fence" || action.kind === "pseudo") continue;
      if (action.node !== undefined && left.includes(action.node))
        status = `${status.slice(0, id)}!${status.slice(id + 1)}`;
    }
    if (status === graph.status) return;
    instant.set(dc.graph, { ...graph, status, abortPriority: ABORT_ALL, after: "restart", abortReason: why });
    this.#continue(instant, dc);
  }

  // Fencing

  #fencingEnded(
    instant: Instant,
    node: NodeCells,
    operation: FenceOperation,
    result: {
      readonly ok: boolean;
      readonly noDevice: boolean;
      readonly by: string | undefined;
      readonly entry: number;
    },
  ): void {
    const core = this.#core;
    const target = core.byName.get(operation.target);
    const dc = core.dcCells(instant, node);
    if (result.ok) {
      if (target && operation.action !== "on") this.#markFenced(instant, node, target);
      const failures = instant.get(node.fenceFailures);
      if (failures.has(operation.target))
        instant.set(node.fenceFailures, withEntry(failures, operation.target, undefined));
      if (operation.graphAction === undefined) {
        if (dc) this.abort(instant, dc, `${operation.target} was fenced`);
        return;
      }
      const graph = instant.get(node.graph);
      if (graph?.number === operation.transition) this.#actionEnded(instant, node, operation.graphAction, true);
      else if (dc) this.abort(instant, dc, `${operation.target} was fenced`);
      return;
    }
    const count = (instant.get(node.fenceFailures).get(operation.target) ?? 0) + 1;
    instant.set(node.fenceFailures, withEntry(instant.get(node.fenceFailures), operation.target, count));
    const graph = instant.get(node.graph);
    if (operation.graphAction === undefined || graph?.number !== operation.transition) {
      if (dc) this.#continue(instant, dc);
      return;
    }
    const giveUp = result.noDevice || count >= STONITH_ATTEMPTS;
    if (giveUp)
      instant.note({
        kind: "fence",
        subject: `node/${operation.target}`,
        what: "fencing given up",
        text: result.noDevice
          ? `no device in this partition can fence ${operation.target}`
          : `${count} failures to fence ${operation.target} in a row: ${node.name} gives up until something changes`,
        data: { cluster: core.id, seenBy: node.name, failures: count },
      });
    instant.set(node.graph, {
      ...withStatus(graph, operation.graphAction, "!"),
      abortPriority: ABORT_ALL,
      after: giveUp && (graph.abortPriority === undefined || graph.after === "wait") ? "wait" : "restart",
      abortReason: "fencing failed",
    });
    this.#continue(instant, node);
  }

  /** Everybody in the partition takes the target for down: nothing runs there any more. */
  #markFenced(instant: Instant, at: NodeCells, target: NodeCells): void {
    const core = this.#core;
    core.writeCib(instant, at, (cib) => withFenced(cib, target.member.id, target.name));
    for (const peer of core.peers(instant, at)) this.#expect(instant, peer, target.name, "down");
    // A target that is alive and hears of it leaves at once, without stopping anything.
    const alive = instant.get(at.totem).ring?.includes(target.name) && core.isControllerUp(instant, target);
    if (alive && target !== at && core.isAwake(instant, target)) {
      instant.note({
        kind: "fence",
        subject: `node/${target.name}`,
        what: "allegedly fenced",
        text: `${target.name} hears that it was fenced and is still alive: its cluster stack exits, its resources go on`,
        data: { cluster: core.id, node: target.name },
      });
      this.#executor.detach(instant, target);
      this.stop(instant, target);
      this.#hooks.terminated(instant, target);
    }
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
