import type { LineStatus } from "./ledger.js";

type Unmodelled = readonly [Exclude<LineStatus, "modelled" | "unrecognised">, string];

/** Settings of one reason. */
export function because(
  status: Exclude<LineStatus, "modelled" | "unrecognised">,
  reason: string,
  names: string,
): [string, Unmodelled][] {
  return names.split(/\s+/).flatMap((name) => (name === "" ? [] : [[name.toLowerCase(), [status, reason]]]));
}

/** Settings that most OpenStack services share and that the twin does not behave by. */
export function commonSetting(name: string): Unmodelled | undefined {
  return COMMON.get(name.toLowerCase());
}

const COMMON: ReadonlyMap<string, Unmodelled> = new Map([
  ...because(
    "ignored",
    "logging does not change what is served",
    `verbose debug log_dir logdir log_file logfile log_config log_config_append log_format log_date_format
     logging_context_format_string logging_default_format_string logging_debug_format_suffix
     logging_exception_prefix default_log_levels publish_errors use_syslog use_stderr syslog_log_facility
     fatal_deprecations instance_format instance_uuid_format backdoor_port`,
  ),
  ...because(
    "ignored",
    "credentials are taken for valid",
    `admin_user admin_password admin_tenant_name admin_token admin_username auth_plugin username password
     project_name user_domain_id project_domain_id qpid_username qpid_password rabbit_userid rabbit_password
     rabbit_virtual_host qpid_sasl_mechanisms os_username os_password os_tenant_name os_tenant_id
     neutron_admin_tenant_name neutron_admin_username neutron_admin_password neutron_admin_tenant_id
     metering_secret auth_encryption_key service_password rbd_user rbd_secret_uuid`,
  ),
  ...because(
    "ignored",
    "paths and helpers inside the node, taken for right",
    `state_path lock_path root_helper rootwrap_config signing_dir api_paste_config policy_file tempdir pybasedir
     bindir config_file my_block_storage_ip dhcp_confs external_pids lock_dir cafile certfile keyfile insecure
     auth_version auth_strategy neutron_auth_strategy flavor`,
  ),
  ...because(
    "ignored",
    "exchange and topic names only separate messages of one broker",
    "control_exchange notification_topics rpc_thread_pool_size rpc_conn_pool_size notification_driver host_topic",
  ),
  ...because(
    "not-modelled",
    "client and server TLS is not modelled: connections are taken for plain",
    "use_ssl rabbit_use_ssl qpid_protocol ca_file cert_file key_file ssl_cert_file ssl_key_file ssl_ca_file",
  ),
  ...because(
    "not-modelled",
    "capacity is not modelled: a service that runs has workers enough",
    `workers osapi_compute_workers metadata_workers ec2_workers api_workers rpc_workers conductor_workers
     max_pool_size max_overflow pool_timeout backlog sql_max_pool_size sql_max_overflow osapi_max_limit quota_instances
     quota_cores quota_ram quota_volumes`,
  ),
  ...because(
    "not-modelled",
    "reconnection to the database follows Havana's defaults (10 tries, 10 s apart)",
    "idle_timeout sql_idle_timeout max_retries sql_max_retries retry_interval sql_retry_interval min_pool_size",
  ),
  ...because(
    "not-modelled",
    "reconnection to the broker follows Havana's defaults",
    `qpid_reconnect qpid_reconnect_timeout qpid_reconnect_limit qpid_reconnect_interval qpid_tcp_nodelay
     qpid_reconnect_interval_min qpid_reconnect_interval_max qpid_topology_version rabbit_retry_interval
     rabbit_retry_backoff rabbit_max_retries rabbit_ha_queues rabbit_durable_queues amqp_durable_queues
     amqp_auto_delete qpid_heartbeat heartbeat_timeout_threshold kombu_reconnect_delay rpc_cast_timeout`,
  ),
]);
