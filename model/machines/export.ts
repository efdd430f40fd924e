import { setup } from "xstate";

/** What an NFS server does with one exported file system. */
export type ExportEvent =
  | { type: "EXPORT_HUNG" }
  | { type: "EXPORT_STALE" }
  | { type: "EXPORT_READ_ONLY" }
  | { type: "EXPORT_FULL" }
  | { type: "EXPORT_SLOW" }
  | { type: "EXPORT_MENDED" };

export const exportMachine = setup({ types: { events: {} as ExportEvent } }).createMachine({
  id: "export",
  initial: "served",
  on: {
    EXPORT_HUNG: ".hung",
    EXPORT_STALE: ".stale",
    EXPORT_READ_ONLY: ".read-only",
    EXPORT_FULL: ".full",
    EXPORT_SLOW: ".slow",
    EXPORT_MENDED: ".served",
  },
  states: { served: {}, hung: {}, stale: {}, "read-only": {}, full: {}, slow: {} },
});

export const events: readonly ExportEvent[] = [
  { type: "EXPORT_HUNG" },
  { type: "EXPORT_STALE" },
  { type: "EXPORT_READ_ONLY" },
  { type: "EXPORT_FULL" },
  { type: "EXPORT_SLOW" },
  { type: "EXPORT_MENDED" },
];
