import { exportFault } from "./export-fault.js";

/**
 * Requests wait. A hard mount blocks whoever uses it, for ever if need be, and goes on when the server does;
 * Filesystem's and mysql's shallow monitors stay green, a stop during the hang times out and fences. Sources:
 * nfs(5), hard and timeo; facts, "Filesystem's monitor checks the mount table only".
 */
export const hangNfs = exportFault("hang-nfs", "An NFS server stops answering.", "hung");
