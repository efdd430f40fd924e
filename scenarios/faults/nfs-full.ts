import { exportFault } from "./export-fault.js";

/**
 * Writes fail with ENOSPC: MySQL waits for space and its clients with it, Glance refuses uploads; reads go on.
 * Source: MySQL 5.1 manual, "How MySQL Handles a Full Disk".
 */
export const nfsFull = exportFault("nfs-full", "An NFS export is full.", "full");
