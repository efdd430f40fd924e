import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../../kernel/index.js";
import { datadirMachine } from "../../machines/datadir.js";
import { mysqldMachine } from "../../machines/mysqld.js";
import { agentDuration, durationOf } from "../../topology/durations.js";
import type { DatabaseOnStorage, Topology } from "../../topology/types.js";
import type { NodeId } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import { type Timer, timers } from "../timer.js";
import type { UnitOperation, UnitState, UnitsPart } from "../units/index.js";
import { must } from "../unknown-name.js";
import type { Nfs } from "./nfs.js";

export type MysqldState = "stopped" | "recovering" | "ready" | "stopping" | "failed";

/** What a client that reaches the port gets. */
export type MysqlAnswer = "ok" | "slow" | "hang" | "read-only" | "errors" | "refused";

export interface Mysql {
  /** Databases that the topology knows, by the mysql resource's id. */
  readonly databases: readonly string[];
  databaseOf(cluster: string, resource: string): string | undefined;
  state(read: Reader, database: string, node: NodeId): MysqldState;
  cell(database: string, node: NodeId): MachineCell | undefined;
  datadirCell(database: string): MachineCell;
  answer(read: Reader, database: string, node: NodeId): MysqlAnswer;
  /** mysqld came up on the empty directory under an absent mount: it answers, and knows no table. */
  isOnEmptyDirectory(read: Reader, database: string, node: NodeId): boolean;
  /** Nodes whose mysqld could write to the shared datadir now. */
  writers(read: Reader, database: string): readonly NodeId[];
  isCorrupt(read: Reader, database: string): boolean;
  start(instant: Instant, database: string, node: NodeId, takesMs?: number): UnitOperation;
  /** SIGTERM; a process that waits for its files does not heed it, nor SIGKILL. */
  stop(instant: Instant, database: string, node: NodeId, takesMs?: number): UnitOperation;
  kill(instant: Instant, database: string, node: NodeId): void;
  /** The lock that a dead writer left on a NAS: starts fail until it is released. */
  setStaleLock(instant: Instant, database: string, locked: boolean): void;
  /** From a backup: the datadir is whole again. */
  restore(instant: Instant, database: string): void;
}

interface Instance {
  readonly database: string;
  readonly node: NodeId;
  readonly cell: MachineCell;
  /** On the shared datadir, or on the empty directory below it. */
  readonly place: Cell<"shared" | "empty">;
  readonly timer: Timer;
  /** Work left when its files stopped answering; −1: not waiting. */
  readonly waits: Cell<number>;
  /** SIGKILL was sent to a process that waits for its files: it dies when they answer. */
  readonly doomed: Cell<boolean>;
  readonly mount: string | undefined;
}

/** InnoDB asks for its lock a hundred times, once a second, before it gives up. */
const LOCK_RETRIES_MS = 100_000;
const LOCKED = "InnoDB: Unable to lock ./ibdata1, error: 11";

/**
 * MySQL on a datadir that several nodes can mount. A writer that died leaves redo for the next one. Nothing keeps two
 * nodes from opening it (inferred: locks over NFS are not relied on); two writers corrupt it, for good.
 */
export function buildMysql(
  blueprint: Blueprint,
  topology: Topology,
  hosts: HostsPart,
  units: UnitsPart,
  nfs: Nfs,
): Mysql {
  const datadirs = new Map(
    [...topology.databases.keys()].map((id) => [id, blueprint.machine(`database/${id}`, datadirMachine)]),
  );
  const locks = new Map(
    [...topology.databases.keys()].map((id) => [id, blueprint.cell(`database/${id}/stale-lock`, false)]),
  );
  const instances = new Map<string, Instance>();
  const byNode = new Map<NodeId, Instance[]>();
  const mysqldTimers = timers(blueprint, "mysqld", (instant, id) => advance(instant, instances.get(id)!));

  for (const [id, database] of topology.databases)
    for (const node of database.nodes) {
      if (!topology.nodes.has(node)) continue;
      const name = `${id}@${node}`;
      const mount = `${node}:${database.datadir}`;
      const of: Instance = {
        database: id,
        node,
        cell: blueprint.machine(`mysqld/${name}`, mysqldMachine),
        place: blueprint.cell<"shared" | "empty">(`mysqld/${name}/place`, "shared"),
        timer: mysqldTimers.of(name),
        waits: blueprint.cell(`mysqld/${name}/waits`, -1),
        doomed: blueprint.cell(`mysqld/${name}/doomed`, false),
        mount: topology.mounts.has(mount) ? mount : undefined,
      };
      instances.set(name, of);
      byNode.set(node, [...(byNode.get(node) ?? []), of]);
      units.setPlayer(node, "mysqld", {
        start: (instant, takesMs) => start(instant, of, takesMs),
        stop: (instant, takesMs) => stop(instant, of, takesMs),
        kill: (instant) => kill(instant, of),
        state: (read) => UNIT_STATES[stateOf(read, of)],
        cell: of.cell,
      });
    }

  for (const [id, database] of topology.databases)
    blueprint.observer<string>(
      `database/${id}`,
      (read) => writersOf(read, database).join(", "),
      (instant, writers) => {
        if (writers.includes(","))
          instant.send(
            datadirs.get(id)!,
            { type: "TWO_WRITERS" },
            { text: `mysqld on ${writers} write to ${database.device ?? database.datadir} at once` },
          );
      },
    );

  /** By database, then by node: asked for at every query's path. */
  const byDatabase = new Map<string, Map<NodeId, Instance>>(
    [...topology.databases.keys()].map((id) => [id, new Map()]),
  );
  for (const of of instances.values()) byDatabase.get(of.database)!.set(of.node, of);
  const at = (database: string, node: NodeId) => byDatabase.get(database)?.get(node);
  const find = (database: string, node: NodeId) =>
    at(database, node) ?? must(instances, `${database}@${node}`, "mysqld", "instances");
  const stateOf = (read: Reader, of: Instance) => read.get(of.cell).value as MysqldState;
  const isShared = (database: DatabaseOnStorage) => database.device !== undefined;

  function writersOf(read: Reader, database: DatabaseOnStorage): NodeId[] {
    // A local datadir has one writer by nature.
    if (!isShared(database)) return [];
    return database.nodes.filter((node) => {
      const of = at(database.id, node);
      if (of === undefined || !WRITING.has(read.get(of.cell).value) || read.get(of.place) !== "shared") return false;
      if (!hosts.isRunning(read, node)) return false;
      if (of.mount === undefined) return true;
      const mounted = nfs.mountState(read, of.mount);
      return mounted === "usable" || mounted === "slow" || mounted === "full";
    });
  }

  const filesOf = (read: Reader, of: Instance) => (of.mount === undefined ? "usable" : nfs.mountState(read, of.mount));

  function start(instant: Instant, of: Instance, takesMs?: number): UnitOperation {
    const state = stateOf(instant, of);
    if (state === "recovering" || state === "ready") return { ok: true, durationMs: 0 };
    const database = topology.databases.get(of.database)!;
    const startMs = agentDuration(topology.durations, family(database), "start").ms;
    const fails = (reason: string, durationMs = startMs): UnitOperation => {
      instant.note({ kind: "note", subject: of.cell.name, what: "cannot start", text: reason });
      return { ok: false, durationMs, reason };
    };
    // One that waits for its files, told to stop, still holds their locks.
    if (state === "stopping") return fails(LOCKED, LOCK_RETRIES_MS);
    const files = filesOf(instant, of);
    const empty = files === "unmounted" || files === "mounting";
    instant.set(of.place, empty ? "empty" : "shared");
    const unreadable = units.readFiles(instant, of.node, "mysqld");
    if (unreadable !== undefined) return fails(unreadable);
    const datadir = datadirs.get(of.database)!;
    let durationMs = takesMs ?? startMs;
    if (!empty) {
      if (files === "read-only") return fails("InnoDB: the datadir is on a read-only file system");
      if (files === "stale" || files === "erring") return fails(`cannot read ${database.datadir}: ${files}`);
      if (instant.get(datadir).value === "corrupt") return fails("InnoDB: Database page corruption on disk");
      if (instant.get(locks.get(of.database)!)) return fails(LOCKED, LOCK_RETRIES_MS);
      if (instant.get(datadir).value === "dirty" && takesMs === undefined)
        durationMs += durationOf(topology.durations, "innodb.recovery").ms;
    }
    const { entry } = instant.send(of.cell, { type: "MYSQLD_STARTED" }, empty ? { text: "on an empty datadir" } : {});
    return instant.because(entry, () => {
      if (!empty && isShared(database)) instant.send(datadir, { type: "WRITER_OPENED" }, { text: `by ${of.node}` });
      if (files === "hung") {
        instant.set(of.waits, durationMs);
        return { ok: true, durationMs: Number.POSITIVE_INFINITY };
      }
      of.timer.set(instant, durationMs);
      return { ok: true, durationMs };
    });
  }

  function stop(instant: Instant, of: Instance, takesMs?: number): UnitOperation {
    const state = stateOf(instant, of);
    if (state === "failed") {
      instant.send(of.cell, { type: "MYSQLD_KILLED" });
      return { ok: true, durationMs: 0 };
    }
    if (state === "stopped") return { ok: true, durationMs: 0 };
    const durationMs =
      takesMs ?? agentDuration(topology.durations, family(topology.databases.get(of.database)!), "stop").ms;
    if (state !== "stopping") instant.send(of.cell, { type: "MYSQLD_TOLD_TO_STOP" });
    if (instant.get(of.place) === "shared" && filesOf(instant, of) === "hung") {
      of.timer.clear(instant);
      instant.set(of.waits, durationMs);
      return { ok: true, durationMs: Number.POSITIVE_INFINITY };
    }
    const left = of.timer.remainingMs(instant);
    if (state === "stopping" && left !== undefined) return { ok: true, durationMs: left };
    of.timer.set(instant, durationMs);
    return { ok: true, durationMs };
  }

  function kill(instant: Instant, of: Instance): void {
    const state = stateOf(instant, of);
    if (state === "stopped") return;
    // A process in uninterruptible sleep dies once its files answer.
    if (instant.get(of.place) === "shared" && filesOf(instant, of) === "hung" && state !== "failed") {
      instant.send(of.cell, { type: "MYSQLD_TOLD_TO_STOP" }, { text: "SIGKILL waits for the file system" });
      of.timer.clear(instant);
      instant.set(of.waits, 0);
      instant.set(of.doomed, true);
      return;
    }
    die(instant, of, "MYSQLD_KILLED", "mysqld was killed");
  }

  function die(instant: Instant, of: Instance, type: string, text: string): void {
    const wrote = WRITING.has(instant.get(of.cell).value) && instant.get(of.place) === "shared";
    of.timer.clear(instant);
    instant.set(of.waits, -1);
    instant.set(of.doomed, false);
    const { entry } = instant.send(of.cell, { type }, { text });
    if (wrote) instant.because(entry, () => closed(instant, of, "WRITER_DIED"));
  }

  function closed(instant: Instant, of: Instance, type: "WRITER_DIED" | "WRITER_CLOSED"): void {
    const database = topology.databases.get(of.database)!;
    const other = database.nodes.some((node) => {
      const peer = at(of.database, node);
      return (
        peer !== undefined &&
        peer !== of &&
        WRITING.has(instant.get(peer.cell).value) &&
        instant.get(peer.place) === "shared"
      );
    });
    if (!other) instant.send(datadirs.get(of.database)!, { type }, { text: `by ${of.node}` });
  }

  function advance(instant: Instant, of: Instance): void {
    // A frozen node's processes get no further; a thaw looks again.
    if (!hosts.isRunning(instant, of.node)) return;
    const state = stateOf(instant, of);
    if (state === "recovering") instant.send(of.cell, { type: "MYSQLD_READY" });
    if (state !== "stopping") return;
    if (instant.get(of.doomed)) {
      die(instant, of, "MYSQLD_KILLED", "mysqld was killed");
      return;
    }
    const { entry } = instant.send(of.cell, { type: "MYSQLD_STOPPED" });
    if (instant.get(of.place) === "shared") instant.because(entry, () => closed(instant, of, "WRITER_CLOSED"));
  }

  hosts.onFreeze((instant, node, frozen) => {
    if (frozen) return;
    for (const of of byNode.get(node) ?? []) {
      if (of.timer.isSet(instant) || instant.get(of.waits) >= 0) continue;
      const state = stateOf(instant, of);
      if (state === "recovering" || state === "stopping") of.timer.set(instant, 0);
    }
  });
  hosts.onInitStop((instant, node) => {
    for (const of of byNode.get(node) ?? []) stop(instant, of);
  });
  hosts.onLost((instant, node) => {
    for (const of of byNode.get(node) ?? [])
      if (stateOf(instant, of) !== "stopped") die(instant, of, "NODE_LOST", "lost with its node");
  });
  nfs.onMountChange((instant, mount, files) => {
    for (const of of byNode.get(topology.mounts.get(mount)!.node) ?? []) {
      if (of.mount !== mount || instant.get(of.place) !== "shared") continue;
      const state = stateOf(instant, of);
      if (!WRITING.has(state)) continue;
      if (files === "hung") {
        const left = of.timer.remainingMs(instant);
        of.timer.clear(instant);
        if (state !== "ready") instant.set(of.waits, left ?? 0);
      } else if (files === "stale" || files === "erring" || files === "unmounted") {
        die(instant, of, "MYSQLD_ABORTED", `InnoDB: operating system error on ${mount}: ${files}`);
      } else if (instant.get(of.waits) >= 0) {
        of.timer.set(instant, instant.get(of.waits));
        instant.set(of.waits, -1);
      }
    }
  });

  return {
    databases: [...topology.databases.keys()],
    databaseOf(cluster, resource) {
      for (const database of topology.databases.values())
        if (database.cluster === cluster && database.resource === resource) return database.id;
      return undefined;
    },
    state: (read, database, node) => stateOf(read, find(database, node)),
    cell: (database, node) => at(database, node)?.cell,
    datadirCell: (database) => must(datadirs, database, "database", "databases"),
    answer(read, database, node) {
      const of = find(database, node);
      if (!hosts.isRunning(read, node)) return "hang";
      if (read.get(of.cell).value !== "ready") return "refused";
      if (read.get(of.place) === "empty") return "errors";
      if (read.get(datadirs.get(database)!).value === "corrupt") return "errors";
      switch (filesOf(read, of)) {
        case "usable":
          return "ok";
        case "slow":
          return "slow";
        case "read-only":
        case "full":
          return "read-only";
        case "hung":
          return "hang";
        default:
          return "errors";
      }
    },
    isOnEmptyDirectory: (read, database, node) => {
      const of = find(database, node);
      return read.get(of.place) === "empty" && WRITING.has(read.get(of.cell).value);
    },
    writers: (read, database) => writersOf(read, must(topology.databases, database, "database", "databases")),
    isCorrupt: (read, database) => read.get(must(datadirs, database, "database", "databases")).value === "corrupt",
    start: (instant, database, node, takesMs) => start(instant, find(database, node), takesMs),
    stop: (instant, database, node, takesMs) => stop(instant, find(database, node), takesMs),
    kill: (instant, database, node) => kill(instant, find(database, node)),
    setStaleLock: (instant, database, locked) => instant.set(must(locks, database, "database", "databases"), locked),
    restore: (instant, database) =>
      void instant.send(must(datadirs, database, "database", "databases"), { type: "DATA_RESTORED" }),
  };
}

/** A process that has the files open. */
const WRITING: ReadonlySet<string> = new Set(["recovering", "ready", "stopping"]);

const UNIT_STATES: Readonly<Record<MysqldState, UnitState>> = {
  stopped: "stopped",
  recovering: "loading",
  ready: "running",
  stopping: "stopping",
  failed: "failed",
};

function family(database: DatabaseOnStorage) {
  return { cluster: database.cluster, id: database.resource, agentClass: "ocf", agent: "mysql" };
}
