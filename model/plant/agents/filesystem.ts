import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";
import { processAgent } from "./process.js";

/**
 * ocf:heartbeat:Filesystem. At depth 0 the monitor reads the mount table alone: a hung NFS mount stays Started; at
 * depth 10 and 20 it reads and writes, and hangs with the mount. Mounting from a silent server hangs, and so does
 * unmounting. A stop kills the processes that use the mount (fuser -k). Source: RA 3.9.2.
 */
export function filesystemAgent(context: AgentContext): AgentModel {
  const { primitive, parts, topology, durationMs } = context;
  const directory = (primitive.parameters.get("directory") ?? "").replace(/(?<=.)\/+$/, "");
  const idOf = (node: string) => `${node}:${directory}`;
  // Not on storage that the topology knows: a mount that always works.
  if (!context.nodes.some((node) => topology.mounts.has(idOf(node)))) return processAgent(context);
  const { storage } = parts;
  const databases = [...topology.databases.values()].filter(({ datadir }) => isBelow(datadir, directory));

  return {
    monitor(read, node, depth) {
      const id = idOf(node);
      if (!topology.mounts.has(id) || !storage.isMounted(read, id))
        return outcome(OCF.notRunning, durationMs("monitor"));
      if (depth === 0) return outcome(OCF.success, durationMs("monitor"));
      const state = storage.mountState(read, id);
      if (state === "hung") return outcome(OCF.genericError, Number.POSITIVE_INFINITY, `${id} does not answer`);
      const failed =
        state === "stale" || state === "erring" || (depth >= 20 && (state === "read-only" || state === "full"));
      return failed
        ? outcome(OCF.genericError, durationMs("monitor"), `${directory}: ${state}`)
        : outcome(OCF.success, durationMs("monitor"));
    },
    begin(instant, node, operation, { takesMs }) {
      const id = idOf(node);
      const startMs = takesMs ?? durationMs("start");
      const stopMs = takesMs ?? durationMs("stop");
      if (!topology.mounts.has(id))
        return operation === "start"
          ? outcome(OCF.notInstalled, startMs, `${node} knows no ${primitive.parameters.get("device") ?? "device"}`)
          : outcome(OCF.success, stopMs);
      if (operation === "start") {
        if (storage.isMounted(instant, id)) return outcome(OCF.success, 0);
        const mounting = storage.tryMount(instant, id);
        if (mounting.kind === "hangs")
          return outcome(OCF.genericError, Number.POSITIVE_INFINITY, "mount waits for the server");
        return mounting.kind === "fails"
          ? outcome(OCF.genericError, startMs, mounting.reason)
          : outcome(OCF.success, startMs);
      }
      if (!storage.isMounted(instant, id)) return outcome(OCF.success, stopMs);
      for (const { id: database } of databases)
        if (storage.mysql.cell(database, node)) storage.mysql.kill(instant, database, node);
      return storage.mountState(instant, id) === "hung"
        ? outcome(OCF.genericError, Number.POSITIVE_INFINITY, "umount waits for the server")
        : outcome(OCF.success, stopMs);
    },
    complete(instant, node, operation) {
      const id = idOf(node);
      if (!topology.mounts.has(id)) return;
      if (operation === "start") storage.mount(instant, id);
      // The server may have gone silent while umount ran: then it is not over, and the mount stays.
      if (operation === "stop" && storage.mountState(instant, id) !== "hung") storage.unmount(instant, id);
    },
  };
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
