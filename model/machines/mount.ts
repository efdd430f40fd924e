import { setup } from "xstate";

/** What a client's file system calls come to, now. */
export type Access = "ok" | "slow" | "read-only" | "full" | "silent" | "stale" | "error";

/**
 * A mount on one node. A hard NFS mount whose server is silent is `hung`: its users wait, and go on when the server
 * answers again. A `stale` one stays so until it is
 * mounted anew.
 */
export type MountEvent =
  | { type: "MOUNT_BEGUN" }
  | { type: "MOUNTED" }
  | { type: "MOUNT_FAILED" }
  | { type: "UNMOUNTED" }
  | { type: "NODE_LOST" }
  | { type: "ACCESS_CHANGED"; access: Access };

const access =
  (wanted: Access) =>
  ({ event }: { event: MountEvent }) =>
    event.type === "ACCESS_CHANGED" && event.access === wanted;

export const mountMachine = setup({
  types: { events: {} as MountEvent },
  guards: {
    ok: access("ok"),
    slow: access("slow"),
    readOnly: access("read-only"),
    full: access("full"),
    silent: access("silent"),
    stale: access("stale"),
    error: access("error"),
  },
}).createMachine({
  id: "mount",
  initial: "unmounted",
  states: {
    unmounted: { on: { MOUNT_BEGUN: "mounting", MOUNTED: "usable", ACCESS_CHANGED: {} } },
    mounting: { on: { MOUNTED: "usable", MOUNT_FAILED: "unmounted", ACCESS_CHANGED: {} } },
    usable: {},
    slow: {},
    "read-only": {},
    full: {},
    hung: {},
    stale: { on: { ACCESS_CHANGED: {} } },
    erring: {},
  },
  on: {
    ACCESS_CHANGED: [
      { guard: "ok", target: ".usable" },
      { guard: "slow", target: ".slow" },
      { guard: "readOnly", target: ".read-only" },
      { guard: "full", target: ".full" },
      { guard: "silent", target: ".hung" },
      { guard: "stale", target: ".stale" },
      { guard: "error", target: ".erring" },
    ],
    UNMOUNTED: ".unmounted",
    NODE_LOST: ".unmounted",
  },
});

const accesses: readonly Access[] = ["ok", "slow", "read-only", "full", "silent", "stale", "error"];

export const events: readonly MountEvent[] = [
  { type: "MOUNT_BEGUN" },
  { type: "MOUNTED" },
  { type: "MOUNT_FAILED" },
  { type: "UNMOUNTED" },
  { type: "NODE_LOST" },
  ...accesses.map((value) => ({ type: "ACCESS_CHANGED" as const, access: value })),
];
