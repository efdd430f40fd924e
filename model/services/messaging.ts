import type { Dataplane } from "../dataplane/dataplane.js";
import type { Ground } from "../dataplane/ground.js";
import type { MessagingView } from "../dataplane/views.js";
import type { Blueprint, Cell, Instant, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { amqpLink, QPID_RETRY_S } from "../machines/amqp-link.js";
import { type Timer, timers } from "../plant/timer.js";
import type { UnitsPart } from "../plant/units/index.js";
import type { ServiceInstance, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";

/** Two heartbeats of 60 s without an answer (qpid_heartbeat). */
const SILENCE_MS = 120_000;
const STARTS = 8;
const LAST_RETRY_S = QPID_RETRY_S[QPID_RETRY_S.length - 1]!;

interface Link {
  readonly node: NodeId;
  readonly clients: readonly ServiceInstance[];
  readonly brokers: readonly { readonly address: string; readonly port: number }[];
  readonly machine: MachineCell<{ attempt: number }>;
  /** Which broker process it is connected to. */
  readonly session: Cell<string>;
  readonly peer: Cell<Peer>;
  readonly retry: Timer;
  readonly silence: Timer;
  readonly slowRetry: Watcher<Peer>;
}

/** `none`: no client runs; `closed`: refused at once; `silent`: no answer; else the broker process that answers. */
type Peer = "none" | "closed" | "silent" | `at ${string}`;

/**
 * The connections of each node's services to the message broker. The services of one node share one connection here
 * and so its retry delays, where each process has its own in reality: they lose it together, and differ by at most the
 * delay itself when they get it back.
 */
export function buildMessaging(
  blueprint: Blueprint,
  topology: Topology,
  deps: { readonly units: UnitsPart; readonly ground: Ground },
  dataplane: () => Dataplane,
): MessagingView & { keep(): void } {
  const { units, ground } = deps;
  const links = new Map<NodeId, Link>();
  const starts = new Map<string, Cell<number>>();
  for (const service of topology.services.values())
    if (service.role === "messaging") starts.set(service.id, blueprint.cell(`broker/${service.id}/starts`, 0));

  const retries = timers(blueprint, "amqp-retry", (instant, node) => attempt(instant, links.get(node)!));
  const silences = timers(blueprint, "amqp-silence", (instant, node) => {
    const link = links.get(node)!;
    instant.send(link.machine, { type: "HEARTBEATS_MISSED" }, { text: "two heartbeats missed" });
    attempt(instant, link);
  });

  for (const [node, clients] of clientsByNode(topology)) {
    const brokers = clients.flatMap((service) => service.needs).find((need) => isMessaging(need));
    if (brokers?.kind !== "endpoint") continue;
    const peer = blueprint.cell<Peer>(`amqp-link/${node}/peer`, "none");
    const link: Link = {
      node,
      clients,
      brokers: brokers.endpoints,
      machine: blueprint.machine<{ attempt: number }>(`amqp-link/${node}`, amqpLink),
      session: blueprint.cell(`amqp-link/${node}/session`, ""),
      peer,
      retry: retries.of(node),
      silence: silences.of(node),
      slowRetry: blueprint.watcher<Peer>(`amqp-link/${node}/retry`, {
        evaluate: (read) => read.get(peer),
        deliver(instant, result) {
          if (result.startsWith("at ")) attempt(instant, links.get(node)!);
          return true;
        },
      }),
    };
    links.set(node, link);
  }

  units.onChange((instant, node, unit, state) => {
    const count = starts.get(`${unit}@${node}`);
    // Enough to tell one process from the next; bounded, so that equal situations have equal keys.
    if (count && state === "running") instant.set(count, (instant.get(count) + 1) % STARTS);
  });

  function peerOf(read: Reader, link: Link): Peer {
    if (!link.clients.some(({ node, unit }) => ground.unit(read, node, unit) === "running")) return "none";
    let silent = false;
    for (const { address, port } of link.brokers) {
      const { holder } = dataplane().ways.find(read, link.node, address);
      if (holder === undefined) silent = true;
      else {
        const broker = dataplane().brokerAt(holder, address, port);
        const state = broker ? ground.unit(read, holder, broker.unit) : "stopped";
        const count = broker && starts.get(broker.id);
        if (state === "running" && count) return `at ${broker.id} ${read.get(count)}`;
        if (state === "hung") silent = true;
      }
    }
    return silent ? "silent" : "closed";
  }

  function changed(instant: Instant, link: Link, peer: Peer): void {
    instant.set(link.peer, peer);
    const state = instant.get(link.machine).value;
    const same = peer.startsWith("at ") && peer === instant.get(link.session);
    if (peer === "none") {
      instant.send(link.machine, { type: "CLIENTS_GONE" });
      clear(instant, link);
    } else if (state === "unused") {
      instant.send(link.machine, { type: "CLIENTS_STARTED" }, { quiet: true });
      attempt(instant, link);
    } else if (state === "waiting") {
      // It knows nothing of what others see; its next attempt will tell.
    } else if (peer === "silent") {
      if (state !== "connected") return;
      instant.send(link.machine, { type: "BROKER_SILENT" });
      link.silence.set(instant, SILENCE_MS);
    } else if (same) {
      instant.send(link.machine, { type: "BROKER_ANSWERS_AGAIN" });
      clear(instant, link);
    } else {
      instant.send(link.machine, { type: "BROKER_CLOSED" });
      clear(instant, link);
      attempt(instant, link);
    }
  }

  function attempt(instant: Instant, link: Link): void {
    const peer = instant.get(link.peer);
    if (peer.startsWith("at ")) {
      instant.send(link.machine, { type: "ATTEMPT_SUCCEEDED" });
      instant.set(link.session, peer);
      clear(instant, link);
      return;
    }
    const delayS = QPID_RETRY_S[instant.get(link.machine).context.attempt]!;
    instant.send(link.machine, { type: "ATTEMPT_FAILED" });
    // At the longest delay the retries go on for ever: as a check that sleeps while the broker stays away.
    if (delayS < LAST_RETRY_S) link.retry.set(instant, delayS * 1000);
    else instant.watch(link.slowRetry as Watcher<unknown>, delayS * 1000);
  }

  function clear(instant: Instant, link: Link): void {
    link.retry.clear(instant);
    link.silence.clear(instant);
    instant.unwatch(link.slowRetry as Watcher<unknown>);
  }

  return {
    isConnected: (read, node) => {
      const link = links.get(node);
      return link === undefined || read.get(link.machine).value === "connected";
    },
    hasClients: (read, node) => {
      const link = links.get(node);
      return link !== undefined && read.get(link.machine).value !== "unused";
    },
    cell: (node) => links.get(node)?.machine,
    keep() {
      for (const link of links.values()) {
        for (const { address } of link.brokers) dataplane().ways.keep(link.node, address);
        blueprint.observer(
          `amqp-link/${link.node}`,
          (read) => peerOf(read, link),
          (instant, peer) => changed(instant, link, peer),
        );
      }
    },
  };
}

function clientsByNode(topology: Topology): Map<NodeId, ServiceInstance[]> {
  const found = new Map<NodeId, ServiceInstance[]>();
  for (const service of topology.services.values()) {
    if (!service.needs.some((need) => isMessaging(need))) continue;
    const list = found.get(service.node);
    if (list) list.push(service);
    else found.set(service.node, [service]);
  }
  return found;
}

function isMessaging(need: ServiceInstance["needs"][number]): boolean {
  return need.kind === "endpoint" && need.purpose === "messaging";
}
