import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";
import { processAgent } from "./process.js";

/** The agent leaves itself this much of the stop's time-out before SIGKILL. */
const KILL_MARGIN_MS = 5_000;

/**
 * ocf:heartbeat:mysql. The monitor of depth 0 looks for the process alone: one that waits for its files stays Started;
 * deeper ones ask a query. A stop sends SIGTERM, after its time-out less 5 s SIGKILL, and reports success either way.
 * Source: RA 3.9.2.
 */
export function mysqlAgent(context: AgentContext): AgentModel {
  const { cluster, primitive, parts, durationMs } = context;
  const { mysql } = parts.storage;
  const database = mysql.databaseOf(cluster, primitive.id);
  if (database === undefined) return processAgent(context);

  return {
    monitor(read, node, depth) {
      if (mysql.cell(database, node) === undefined) return outcome(OCF.notInstalled, durationMs("monitor"));
      const state = mysql.state(read, database, node);
      // The agent's stop has removed the PID file, also of a process that waits for its files.
      if (state === "stopped" || state === "failed" || state === "stopping")
        return outcome(OCF.notRunning, durationMs("monitor"));
      if (depth === 0) return outcome(OCF.success, durationMs("monitor"));
      const answer = mysql.answer(read, database, node);
      if (answer === "hang") return outcome(OCF.genericError, Number.POSITIVE_INFINITY, "the query does not come back");
      return answer === "refused" || answer === "errors"
        ? outcome(OCF.genericError, durationMs("monitor"), `the query fails: ${answer}`)
        : outcome(OCF.success, durationMs("monitor"));
    },
    begin(instant, node, operation, { timeoutMs, takesMs }) {
      if (mysql.cell(database, node) === undefined) return outcome(OCF.notInstalled, durationMs("start"));
      if (operation === "start") {
        const { ok, durationMs: takes, reason } = mysql.start(instant, database, node, takesMs);
        return outcome(ok ? OCF.success : OCF.genericError, takes, reason);
      }
      if (operation !== "stop") return outcome(OCF.success, durationMs("start"));
      const { durationMs: takes } = mysql.stop(instant, database, node, takesMs);
      if (Number.isFinite(takes)) return outcome(OCF.success, takes);
      return outcome(OCF.success, Math.max(0, timeoutMs - KILL_MARGIN_MS), "killed, and waits for its files");
    },
    // The process goes its own way once it was told; one that did not heed SIGTERM in time got SIGKILL.
    complete(instant, node, operation) {
      if (operation === "stop" && mysql.state(instant, database, node) === "stopping")
        mysql.kill(instant, database, node);
    },
  };
}
