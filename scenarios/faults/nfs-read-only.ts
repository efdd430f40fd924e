import { exportFault } from "./export-fault.js";

/**
 * Reads go on, writes fail with EROFS: mysqld aborts on its log, Glance cannot store an image. Source: nfs(5);
 * faults-and-promises, "NFS slow, read-only, full, stale handle".
 */
export const nfsReadOnly = exportFault("nfs-read-only", "An NFS export refuses writes.", "read-only");
