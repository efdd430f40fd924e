import { exportFault } from "./export-fault.js";

/**
 * The export was made anew on the server: clients' handles are refused with ESTALE until they mount it again.
 * Source: nfs(5); faults-and-promises, "stale handle".
 */
export const nfsStale = exportFault("nfs-stale", "Handles on an NFS export are stale.", "stale");
