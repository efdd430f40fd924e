import { isServed } from "../dataplane/answer.js";
import type { Dataplane } from "../dataplane/dataplane.js";
import type { SqlView } from "../dataplane/views.js";
import type { Blueprint, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { sqlPool } from "../machines/sql-pool.js";
import type { UnitsPart } from "../plant/units/index.js";
import type { ServiceInstance, Topology } from "../topology/types.js";

/** `retry_interval` */
const RETRY_MS = 10_000;

/** The database connections of each service that has some. */
export function buildSqlPools(
  blueprint: Blueprint,
  topology: Topology,
  units: UnitsPart,
  dataplane: () => Dataplane,
): SqlView {
  const pools = new Map<string, { cell: MachineCell; retry: Watcher<boolean>; answers: (read: Reader) => boolean }>();
  for (const service of topology.services.values()) {
    const endpoints = databaseOf(service);
    if (endpoints.length === 0) continue;
    const cell = blueprint.machine(`sql-pool/${service.id}`, sqlPool);
    const answers = (read: Reader) =>
      endpoints.some(({ address, port }) => isServed(dataplane().ask(read, service.node, address, port)));
    const retry: Watcher<boolean> = blueprint.watcher<boolean>(`sql-pool/${service.id}`, {
      evaluate: answers,
      deliver(instant, answered) {
        if (answered) {
          instant.send(cell, { type: "DATABASE_ANSWERED" });
          instant.unwatch(retry as Watcher<unknown>);
        }
        return true;
      },
    });
    pools.set(service.id, { cell, retry, answers });
  }

  units.onChange((instant, node, unit, state) => {
    const pool = pools.get(`${unit}@${node}`);
    if (!pool) return;
    const before = instant.get(pool.cell).value;
    if (state === "running" && before === "none") {
      const answered = pool.answers(instant);
      instant.send(pool.cell, { type: answered ? "DATABASE_ANSWERED" : "DATABASE_MISSING" }, { quiet: answered });
      if (!answered) instant.watch(pool.retry as Watcher<unknown>, RETRY_MS);
    } else if (state === "stopped" || state === "failed" || state === "stopping") {
      instant.unwatch(pool.retry as Watcher<unknown>);
      instant.send(pool.cell, { type: "PROCESS_GONE" }, { quiet: true });
    }
  });

  return {
    isRetrying: (read, service) => {
      const pool = pools.get(service);
      return pool !== undefined && read.get(pool.cell).value === "retrying";
    },
    cell: (service) => pools.get(service)?.cell,
  };
}

function databaseOf(service: ServiceInstance) {
  return service.needs.flatMap((need) =>
    need.kind === "endpoint" && need.purpose === "database" ? need.endpoints : [],
  );
}
