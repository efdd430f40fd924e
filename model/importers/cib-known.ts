import { because } from "./oslo-common.js";

/** Names in a CIB, and whether the twin behaves by them. */

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");

/** Elements that carry configuration or state the cluster acts on. */
export const CIB_ELEMENTS = new Set(
  words(`cib configuration crm_config cluster_property_set nodes node resources primitive template group clone master
  bundle docker podman rkt network port-mapping storage storage-mapping instance_attributes meta_attributes utilization
  operations op constraints rsc_location rsc_order rsc_colocation rsc_ticket resource_set resource_ref rule expression
  date_expression duration date_spec rsc_expression op_expression op_defaults rsc_defaults fencing-topology
  fencing-level tags tag obj_ref status node_state transient_attributes lrm lrm_resources lrm_resource lrm_rsc_op
  tickets ticket_state nvpair`),
);

export const ELEMENTS_APART = new Map([
  ...because("ignored", "who may change the CIB does not change what the cluster does", "acls"),
  ...because("not-modelled", "alert agents are not called", "alerts"),
]);

/** Cluster properties (pacemaker-schedulerd(7), pacemaker-controld(7)) that decide what the cluster does. */
export const PROPERTIES = new Set(
  words(`stonith-enabled stonith-action stonith-timeout stonith-max-attempts no-quorum-policy symmetric-cluster
  maintenance-mode start-failure-is-fatal startup-fencing enable-startup-probes default-resource-stickiness
  default-action-timeout is-managed-default cluster-delay batch-limit migration-limit stop-all-resources
  stop-orphan-resources stop-orphan-actions remove-after-stop concurrent-fencing priority-fencing-delay
  placement-strategy node-health-strategy node-health-base node-health-green node-health-yellow node-health-red
  shutdown-lock shutdown-lock-limit dc-deadtime cluster-recheck-interval election-timeout
  join-finalization-timeout join-integration-timeout crmd-integration-timeout crmd-finalization-timeout
  shutdown-escalation transition-delay have-watchdog stonith-watchdog-timeout fence-reaction`),
);

export const PROPERTIES_APART = new Map([
  ...because(
    "ignored",
    "written by the cluster itself: its release, name and last refresh",
    "dc-version cluster-infrastructure cluster-name last-lrm-refresh expected-quorum-votes cluster-ipc-limit",
  ),
  ...because(
    "ignored",
    "how many old decisions are kept on disk",
    "pe-error-series-max pe-warn-series-max pe-input-series-max load-threshold node-action-limit",
  ),
]);

/** Meta-attributes of resources, clones, groups and operations. */
export const META_ATTRIBUTES = new Set(
  words(`priority target-role is-managed maintenance resource-stickiness requires migration-threshold failure-timeout
  multiple-active allow-migrate allow-unhealthy-nodes container-attribute-target remote-node remote-port remote-addr
  remote-connect-timeout remote-allow-migrate clone-max clone-node-max clone-min globally-unique ordered interleave
  notify promoted-max promoted-node-max master-max master-node-max promotable critical timeout interval on-fail
  enabled record-pending role start-delay interval-origin restart-type provides pcmk_delay_max`),
);

/** Options of every fence device (pacemaker-fenced(7)). */
export const FENCE_OPTIONS =
  /^pcmk_(?:host_(?:map|list|check)|(?:reboot|off|on|list|monitor|status)_(?:timeout|retries)|delay_(?:max|base))$/;

export const INSTANCE_PARAMETERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  (
    [
      ["ocf:heartbeat:IPaddr2", "ip cidr_netmask nic"],
      ["ocf:heartbeat:IPaddr", "ip cidr_netmask nic"],
      ["ocf:heartbeat:Filesystem", "device directory fstype options"],
      ["ocf:heartbeat:mysql", "config datadir"],
      ["ocf:heartbeat:LVM", "volgrpname exclusive"],
      ["ocf:heartbeat:nfsserver", "nfs_shared_infodir nfs_ip"],
      ["stonith:fence_ipmilan", "ipaddr ip delay power_wait"],
      ["stonith:fence_vmware_soap", "ipaddr ip port plug delay power_wait"],
    ] as const
  ).map(([agent, names]) => [agent, new Set(words(names))]),
);

export const INSTANCE_APART = new Map([
  ...because(
    "ignored",
    "credentials and protocol are taken for valid",
    "login passwd password passwd_script lanplus ssl auth cipher privlvl username",
  ),
  ...because("ignored", "paths inside the node, taken for right", "binary socket pid user group log client_binary"),
  ...because("not-modelled", "further options of mysqld; /etc/my.cnf is modelled", "additional_parameters"),
]);
