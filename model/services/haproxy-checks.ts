import type { Dataplane } from "../dataplane/dataplane.js";
import type { Blueprint, Instant, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { haproxyServer } from "../machines/haproxy-server.js";
import type { NodeId } from "../twin/parts.js";
import type { ConfiguredServer, HaproxyConfig } from "./haproxy-config.js";

type CheckResult = "passed" | "failed" | "unanswered";

interface Checked {
  readonly name: string;
  readonly cell: MachineCell;
  readonly watcher: Watcher<CheckResult>;
}

/**
 * The health checks of one load balancer's servers. One watcher a server; which servers there are is settled while
 * building, from the file as the topology has it. A server that only a later edit names is taken for UP unchecked, and
 * the trace says so.
 */
export class HaproxyChecks {
  readonly #node: NodeId;
  readonly #checked = new Map<string, Checked>();
  readonly #config: (read: Reader) => HaproxyConfig | undefined;

  constructor(
    blueprint: Blueprint,
    node: NodeId,
    initial: HaproxyConfig,
    config: (read: Reader) => HaproxyConfig | undefined,
    dataplane: () => Dataplane,
  ) {
    this.#node = node;
    this.#config = config;
    for (const name of initial.servers.keys()) {
      const cell = blueprint.machine(`server/${name}@${node}`, haproxyServer);
      const watcher: Watcher<CheckResult> = blueprint.watcher<CheckResult>(`server/${name}@${node}`, {
        evaluate: (read) => {
          const one = config(read)?.servers.get(name);
          return one ? this.#check(read, dataplane(), one) : "unanswered";
        },
        deliver: (instant, result) => this.#deliver(instant, name, result),
      });
      this.#checked.set(name, { name, cell, watcher });
    }
  }

  cell(name: string): MachineCell | undefined {
    return this.#checked.get(name)?.cell;
  }

  health(read: Reader, name: string): "up" | "down" | "unchecked" {
    const checked = this.#checked.get(name);
    if (!checked) return "unchecked";
    const value = read.get(checked.cell).value;
    if (value === "unknown") return "unchecked";
    return value === "down" ? "down" : "up";
  }

  /** haproxy started or was reloaded: all servers are UP until their first check. */
  start(instant: Instant, config: HaproxyConfig): void {
    const all = [...config.servers.values()].filter(({ server }) => server.check);
    for (const { name, cell, watcher } of this.#checked.values()) {
      if (config.servers.get(name)?.server.check) continue;
      instant.unwatch(watcher as Watcher<unknown>);
      instant.send(cell, { type: "HAPROXY_STOPPED" }, { quiet: true });
    }
    for (const [i, { proxy, server }] of all.entries()) {
      const name = `${proxy.name}/${server.name}`;
      const checked = this.#checked.get(name);
      if (!checked) {
        const subject = `server/${name}@${this.#node}`;
        instant.note({
          kind: "note",
          subject,
          what: "not checked",
          text: "named by an edit after the start: taken for UP",
        });
        continue;
      }
      const { rise, fall } = server;
      const started = { type: "HAPROXY_STARTED", rise, fall };
      instant.send(checked.cell, started, { quiet: true });
      // haproxy spreads the first checks over one interval, so that they do not all fall together.
      const firstMs = Math.floor((server.interMs * (i + 1)) / all.length);
      instant.watch(checked.watcher as Watcher<unknown>, server.interMs, firstMs);
    }
  }

  stop(instant: Instant): void {
    for (const { cell, watcher } of this.#checked.values()) {
      instant.unwatch(watcher as Watcher<unknown>);
      instant.send(cell, { type: "HAPROXY_STOPPED" }, { quiet: true });
    }
  }

  #check(read: Reader, dataplane: Dataplane, { proxy, server }: ConfiguredServer): CheckResult {
    const address = server.checkAddress ?? server.address;
    const port = server.checkPort ?? server.port ?? proxy.binds[0]?.port;
    if (port === undefined) return "passed";
    const found = dataplane.probe(read, this.#node, address, port, proxy.check.kind === "tcp" ? "tcp" : "http");
    return found === "unanswered" && proxy.timeouts.checkMs !== undefined ? this.#shorter(proxy, server) : found;
  }

  /** With `timeout check` the check may end well before the next one is due. */
  #shorter(proxy: ConfiguredServer["proxy"], server: ConfiguredServer["server"]): CheckResult {
    const connectMs = Math.min(proxy.timeouts.connectMs ?? server.interMs, server.interMs);
    return connectMs + proxy.timeouts.checkMs! < server.interMs ? "failed" : "unanswered";
  }

  #deliver(instant: Instant, name: string, result: CheckResult): boolean {
    const { cell, watcher } = this.#checked.get(name)!;
    const server = this.#config(instant)?.servers.get(name)?.server;
    if (!server) return true;
    const before = instant.get(cell);
    const event = EVENTS[result];
    const { state: after } = cell.machine.next(before, event);
    if (after === before) return true;
    if (after.value === before.value) instant.send(cell, event, { quiet: true });
    else {
      const entry = instant.note({
        kind: "check",
        subject: cell.name,
        what: after.value === "up" ? "marked up" : "marked down",
        from: before.value,
        to: after.value,
        text: after.value === "up" ? `${server.rise} checks passed` : `check ${result}`,
      });
      instant.because(entry, () => instant.send(cell, event, { quiet: true }));
    }
    const periodMs = this.#periodMs(instant, cell, server);
    const watching = instant.get(watcher.state);
    if (watching.periodMs !== periodMs) instant.watch(watcher as Watcher<unknown>, periodMs);
    return false;
  }

  /** `fastinter` on the way up or down, `downinter` when fully down, else `inter`. */
  #periodMs(read: Reader, cell: MachineCell, server: ConfiguredServer["server"]): number {
    const { value, context } = read.get(cell) as unknown as { value: string; context: { health: number } };
    if (value === "down") return context.health === 0 ? server.downInterMs : server.fastInterMs;
    return context.health === server.rise + server.fall - 1 ? server.interMs : server.fastInterMs;
  }
}

const EVENTS = {
  passed: { type: "CHECK_PASSED" },
  failed: { type: "CHECK_FAILED" },
  unanswered: { type: "CHECK_UNANSWERED" },
} as const;
