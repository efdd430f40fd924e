import type { Instant } from "../../model/kernel/index.js";
import type { NodeId } from "../../model/twin/parts.js";
import { guestLog } from "./logs/guest-log.js";
import { logPaths, logText } from "./logs/node-log.js";
import type { TextStore } from "./node-files.js";
import type { WorldHandle } from "./world-handle.js";

/** A node's files: those of the twin, what its kernel makes up, and its logs. */
export function nodeStore(handle: WorldHandle, node: NodeId): TextStore {
  const { twin, run } = handle;
  return {
    name: node,
    read: (path) => twin.files.read(run, node, path),
    list: () => twin.files.list(run, node),
    write: (path, text) =>
      told(handle, `file/${node}:${path}`, path, text, (instant) =>
        text === null ? twin.files.remove(instant, node, path) : twin.files.write(instant, node, path, text),
      ),
    made(path) {
      switch (path) {
        case "/proc/mounts":
        case "/etc/mtab":
          return [...twin.topology.mounts.values()]
            .filter((one) => one.node === node && twin.plant.storage.isMounted(run, one.id))
            .map((one) => `${one.device} ${one.mountPoint} ${one.type} ${one.options.join(",") || "rw"} 0 0\n`)
            .join("");
        case "/proc/uptime":
          return `${Math.floor(run.nowMs / 1000)}.00 0.00\n`;
        case "/etc/hostname":
          return `${node}\n`;
        case "/etc/redhat-release":
          return releaseText(twin.topology.release.os);
        default:
          return logText(handle, node, path);
      }
    },
    logs: () => logPaths(handle, node),
  };
}

/** A guest's disk, and its cloud-init's log. */
export function guestStore(handle: WorldHandle, guest: string): TextStore {
  const { twin, run } = handle;
  const files = twin.services.guests.files(guest);
  return {
    name: `guest/${guest}`,
    read: (path) => files.text(run, path),
    list: () => files.list(run),
    write: (path, text) =>
      told(handle, `file/guest/${guest}:${path}`, path, text, (instant) => files.write(instant, path, text)),
    made(path) {
      if (path === "/etc/hostname") return `${guest}\n`;
      return path === "/var/log/cloud-init.log" ? guestLog(handle, guest) : undefined;
    },
    logs: () => ["/var/log/cloud-init.log"],
  };
}

function told(
  { run }: WorldHandle,
  subject: string,
  path: string,
  text: string | null,
  change: (instant: Instant) => void,
): void {
  const what = text === null ? "removed" : "written";
  run.act((instant) => {
    const entry = instant.note({ kind: "operator", subject, what, text: `${path} is ${what}` });
    instant.because(entry, () => change(instant));
  });
}

function releaseText(os: string | undefined): string | undefined {
  const rhel = /^RHEL ([\d.]+)$/.exec(os ?? "")?.[1];
  return rhel === undefined ? undefined : `Red Hat Enterprise Linux Server release ${rhel}\n`;
}
