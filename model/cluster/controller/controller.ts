import type { EventType, Instant, Pending } from "../../kernel/index.js";
import { intervalMs } from "../configuration/interval.js";
import { option } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import type { Executor } from "../executor/executor.js";
import type { Fencer } from "../fencer/fencer.js";
import type { Membership } from "../membership/membership.js";
import { withAttributes, withPeer } from "../status/edit.js";
import { Attributes } from "./attributes.js";
import { Joins } from "./joins.js";
import { type NodePayload, nodeEvent } from "./node-event.js";
import { Outcomes } from "./outcomes.js";
import { expectPeer, seePeers } from "./peers-known.js";
import { Transitions } from "./transitions.js";

/** Pacemaker's daemons on a node, as others see them. */
export interface ControllerHooks {
  /** The controller has left in order: the stack below it may stop. */
  terminated(instant: Instant, node: NodeCells): void;
}

/**
 * The controllers (crmd, pacemaker-controld) of one cluster, from their start to their end; elections and joins, the
 * loop of decision and transition, and what follows from results are its parts.
 */
export class Controller {
  readonly #core: ClusterCore;
  readonly #fencer: Fencer;
  readonly #hooks: ControllerHooks;
  readonly #attributes: Attributes;
  readonly #transitions: Transitions;
  readonly #joins: Joins;
  readonly #outcomes: Outcomes;
  readonly #deadtime: EventType<NodePayload>;

  constructor(
    core: ClusterCore,
    parts: { membership: Membership; executor: Executor; fencer: Fencer; hooks: ControllerHooks },
  ) {
    const { membership, executor, fencer, hooks } = parts;
    this.#core = core;
    this.#fencer = fencer;
    this.#hooks = hooks;
    this.#attributes = new Attributes(core, (instant, dc, reason) => this.#transitions.abort(instant, dc, reason));
    this.#transitions = new Transitions(core, {
      executor,
      fencer,
      hooks: {
        joinMayGoOn: (instant, dc) => this.#joins.completeJoin(instant, dc),
        clearFailCounts: (instant, node, resource) => this.clearFailCounts(instant, node, resource),
        terminate: (instant, node) => this.#terminate(instant, node),
      },
    });
    this.#joins = new Joins(core, { membership, executor, fencer, transitions: this.#transitions });
    this.#outcomes = new Outcomes(core, {
      executor,
      fencer,
      transitions: this.#transitions,
      attributes: this.#attributes,
      leaveAtOnce: (instant, node) => {
        executor.detach(instant, node);
        this.stop(instant, node);
        hooks.terminated(instant, node);
      },
    });
    this.#deadtime = nodeEvent(core, "dc-deadtime", (instant, node) => {
      core.timerFired(instant, node, "deadtime");
      if (instant.get(node.dc) === undefined && core.isControllerUp(instant, node))
        this.#joins.elect(instant, node, false);
    });
  }

  /** Something changed that the DC must look at. */
  abort(instant: Instant, dc: NodeCells, reason: string, how: { updatesPending?: boolean } = {}): void {
    this.#transitions.abort(instant, dc, reason, how);
  }

  /** The attribute daemon of a node sets (or, undefined, removes) one of its transient attributes. */
  setAttribute(instant: Instant, node: NodeCells, name: string, value: string | undefined, reason: string): void {
    this.#attributes.set(instant, node, name, value, reason);
  }

  /** Fail-counts and last failures of a resource (or of all) on a node are forgotten. */
  clearFailCounts(instant: Instant, node: NodeCells, resource: string | undefined): void {
    this.#attributes.clearFailCounts(instant, node, resource);
  }

  /** A thawed node reads what has been waiting. */
  wake(instant: Instant, node: NodeCells): void {
    this.#joins.wake(instant, node);
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
    seePeers(instant, node);
    const dc = core.peers(instant, node).find((peer) => core.isDc(instant, peer));
    if (dc) this.#joins.peersJoining(instant, dc, core.timings.controllerStartMs);
  }

  /** A cluster that runs already when the world begins: members, and the DC among them. */
  begin(instant: Instant, members: readonly NodeCells[], dc: NodeCells): void {
    for (const node of members) {
      for (const type of ["STARTED", "CONNECTED"]) instant.send(node.controller, { type }, { quiet: true });
      instant.set(node.dc, dc.name);
      const names = node === dc ? members.map((member) => member.name) : [dc.name];
      seePeers(instant, node);
      for (const name of names) expectPeer(instant, node, name, "member");
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
      this.#transitions.failActionsOf(instant, dc, [node.name], "its controller is gone");
      this.#transitions.abort(instant, dc, `the controller on ${node.name} is gone`);
    } else {
      for (const peer of others) if (instant.get(peer.dc) === node.name) instant.set(peer.dc, undefined);
      this.#joins.elect(instant, first, false);
    }
  }

  /** The node's other daemons (attributes, fencer, CIB) leave their groups: that is what peers log as lost. */
  daemonLeft(instant: Instant, node: NodeCells): void {
    for (const name of instant.get(node.totem).ring ?? [])
      if (name !== node.name) this.#tellLeft(instant, node.name, name);
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

  /** A person says that a node is down. A fencing under way goes on, and the transition waits for its end. */
  confirmFenced(instant: Instant, at: NodeCells, target: NodeCells): void {
    this.#outcomes.markFenced(instant, at, target);
    const dc = this.#core.dcCells(instant, at);
    if (dc) this.#transitions.abort(instant, dc, `somebody confirmed that ${target.name} is down`);
  }

  #terminate(instant: Instant, node: NodeCells): void {
    this.stop(instant, node);
    this.controllerLeft(instant, node, true);
    this.#hooks.terminated(instant, node);
  }
}
