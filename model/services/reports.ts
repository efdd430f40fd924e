import type { Blueprint, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { reportingAgent } from "../machines/reporting-agent.js";
import { type Timer, timers } from "../plant/timer.js";

export interface Reporter {
  /** `unit@node` */
  readonly id: string;
  readonly intervalMs: number;
  /** After so long without a report its controllers take it for dead. */
  readonly downMs: number;
  readonly canReport: (read: Reader) => boolean;
}

export interface ReportsPart {
  /** Its controllers count it as up: it reported within the down time. Also true for what does not report. */
  isUp(read: Reader, id: string): boolean;
  cell(id: string): MachineCell | undefined;
}

/** The state reports of nova-compute, cinder-volume and the Neutron agents. */
export function buildReports(blueprint: Blueprint, reporters: readonly Reporter[]): ReportsPart {
  interface Kept extends Reporter {
    readonly cell: MachineCell;
    readonly down: Timer;
    readonly watcher: Watcher<boolean>;
  }
  const kept = new Map<string, Kept>();
  const downs = timers(blueprint, "service-down", (instant, id) => {
    const { downMs, cell } = kept.get(id)!;
    instant.send(cell, { type: "DOWN_TIME_PASSED" }, { text: `no report for ${downMs / 1000} s` });
  });
  for (const reporter of reporters) {
    const { id, intervalMs, downMs, canReport } = reporter;
    const cell = blueprint.machine(`report/${id}`, reportingAgent);
    const down = downs.of(id);
    const watcher = blueprint.watcher<boolean>(`report/${id}`, {
      evaluate: canReport,
      deliver(instant, can) {
        const before = instant.get(cell).value;
        if (can) {
          if (before === "alive") return true;
          instant.send(cell, { type: "REPORTED" }, { quiet: before === "silent" });
          down.clear(instant);
        } else if (before === "alive") {
          instant.send(cell, { type: "REPORT_MISSED" }, { quiet: true });
          // The last report came one interval ago.
          down.set(instant, Math.max(0, downMs - intervalMs));
        }
        return true;
      },
    });
    kept.set(id, { ...reporter, cell, down, watcher });
  }
  blueprint.onStart((instant) => {
    let i = 0;
    // Spread, as the processes' start times are.
    for (const { watcher, intervalMs } of kept.values())
      instant.watch(watcher as Watcher<unknown>, intervalMs, Math.floor((intervalMs * (i++ % 10)) / 10) + 1);
  });
  return {
    isUp: (read, id) => {
      const one = kept.get(id);
      const value = one && read.get(one.cell).value;
      return value === undefined || value === "alive" || value === "silent";
    },
    cell: (id) => kept.get(id)?.cell,
  };
}
