import { exportFault } from "./export-fault.js";

/**
 * Requests come back, seconds late: services that use the mount grow slow, deeper checks time out. Source:
 * nfs(5), timeo and linear back-off; faults-and-promises, "NFS slow".
 */
export const nfsSlow = exportFault("nfs-slow", "An NFS export answers late.", "slow");
