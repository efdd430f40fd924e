import { corruptConfig } from "./corrupt-config.js";
import { crashHypervisor } from "./crash-hypervisor.js";
import { crashNode } from "./crash-node.js";
import { cutFeed } from "./cut-feed.js";
import { downLink } from "./down-link.js";
import { duplicateAddress } from "./duplicate-address.js";
import { duplicatePort } from "./duplicate-port.js";
import { editFile } from "./edit-file.js";
import { failMonitor } from "./fail-monitor.js";
import { failPromote } from "./fail-promote.js";
import { failStart } from "./fail-start.js";
import { failStop } from "./fail-stop.js";
import { falseOkCheck } from "./false-ok-check.js";
import { falseOkMonitor } from "./false-ok-monitor.js";
import type { Fault } from "./fault.js";
import { fenceFails } from "./fence-fails.js";
import { fenceLies } from "./fence-lies.js";
import { fenceMisdirected } from "./fence-misdirected.js";
import { fenceRefused } from "./fence-refused.js";
import { fenceSlow } from "./fence-slow.js";
import { flapLink } from "./flap-link.js";
import { forgetInstance } from "./forget-instance.js";
import { freezeNode } from "./freeze-node.js";
import { hangMonitor } from "./hang-monitor.js";
import { hangNfs } from "./hang-nfs.js";
import { hangStart } from "./hang-start.js";
import { hangStop } from "./hang-stop.js";
import { isolatedMetadataOff } from "./isolated-metadata-off.js";
import { killClusterStack } from "./kill-cluster-stack.js";
import { killEverywhere } from "./kill-everywhere.js";
import { killMetadataProxy } from "./kill-metadata-proxy.js";
import { killProcess } from "./kill-process.js";
import { loseArp } from "./lose-arp.js";
import { loseDefaultRoute } from "./lose-default-route.js";
import { loseLun } from "./lose-lun.js";
import { loseMetadataRoute } from "./lose-metadata-route.js";
import { loseNfs } from "./lose-nfs.js";
import { loseNode } from "./lose-node.js";
import { loseRack } from "./lose-rack.js";
import { loseSwitch } from "./lose-switch.js";
import { misnamedDhcpIni } from "./misnamed-dhcp-ini.js";
import { moveDhcpPort } from "./move-dhcp-port.js";
import { nfsFull } from "./nfs-full.js";
import { nfsReadOnly } from "./nfs-read-only.js";
import { nfsSlow } from "./nfs-slow.js";
import { nfsStale } from "./nfs-stale.js";
import { novaMetadataFlagOff } from "./nova-metadata-flag-off.js";
import { partition } from "./partition.js";
import { removeEgress } from "./remove-egress.js";
import { removeFile } from "./remove-file.js";
import { slowBackend } from "./slow-backend.js";
import { slowStart } from "./slow-start.js";
import { startOutsideCluster } from "./start-outside-cluster.js";
import { vlanMissing } from "./vlan-missing.js";
import { wrongBridgeMappings } from "./wrong-bridge-mappings.js";
import { wrongMetadataSecret } from "./wrong-metadata-secret.js";

const all: readonly Fault[] = [
  corruptConfig,
  crashHypervisor,
  crashNode,
  cutFeed,
  downLink,
  duplicateAddress,
  duplicatePort,
  editFile,
  failMonitor,
  failPromote,
  failStart,
  failStop,
  falseOkCheck,
  falseOkMonitor,
  fenceFails,
  fenceLies,
  fenceMisdirected,
  fenceRefused,
  fenceSlow,
  flapLink,
  forgetInstance,
  freezeNode,
  hangMonitor,
  hangNfs,
  hangStart,
  hangStop,
  isolatedMetadataOff,
  killClusterStack,
  killEverywhere,
  killMetadataProxy,
  killProcess,
  loseArp,
  loseDefaultRoute,
  loseLun,
  loseMetadataRoute,
  loseNfs,
  loseNode,
  loseRack,
  loseSwitch,
  misnamedDhcpIni,
  moveDhcpPort,
  nfsFull,
  nfsReadOnly,
  nfsSlow,
  nfsStale,
  novaMetadataFlagOff,
  partition,
  removeEgress,
  removeFile,
  slowBackend,
  slowStart,
  startOutsideCluster,
  vlanMissing,
  wrongBridgeMappings,
  wrongMetadataSecret,
];

/** Every fault, by name. */
export const faults: ReadonlyMap<string, Fault> = new Map(all.map((one) => [one.name, one]));
