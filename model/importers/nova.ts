import { secretDigest } from "./fact.js";
import type { Importer } from "./ledger.js";
import type { Listen, NovaFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, identityLink, listen, messagingLink, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";
import { commaList, hostAndPort } from "./words.js";

const KNOWN = new Map([
  ...because("not-modelled", "Neutron is called with tokens at hand", "neutron_admin_auth_url"),
  ...because("ignored", "addresses of a node come from its interfaces", "my_ip"),
  ...because("ignored", "what a browser is told; the console's port is modelled", "novncproxy_base_url"),
  ...because("ignored", "guests' disks are the compute node's own", "instances_path"),
  ...because("ignored", "the hypervisor is modelled as one that runs", "compute_driver"),
  ...because(
    "ignored",
    "with Neutron the agents do the networking",
    `network_api_class security_group_api firewall_driver network_manager libvirt_vif_driver linuxnet_interface_driver
     dhcpbridge dhcpbridge_flagfile force_dhcp_release public_interface neutron_region_name`,
  ),
  ...because("ignored", "volumes are Cinder's", "volume_api_class cinder_catalog_info volume_driver"),
  ...because(
    "not-modelled",
    "placement of a new guest takes any compute node that reports",
    `scheduler_default_filters scheduler_driver ram_allocation_ratio cpu_allocation_ratio scheduler_host_subset_size
     compute_scheduler_driver scheduler_available_filters default_schedule_zone`,
  ),
  ...because(
    "not-modelled",
    "a guest's console is served where novncproxy is; the hop to the compute node is not modelled",
    `vnc_enabled vncserver_listen vncserver_proxyclient_address xvpvncproxy_host xvpvncproxy_port novnc_enabled
     vnc_keymap spice.enabled`,
  ),
  ...because("ignored", "the hypervisor is modelled as one that runs", "libvirt_type libvirt_cpu_mode connection_type"),
  ...because(
    "not-modelled",
    "live migration and image handling on the compute node are not modelled",
    `live_migration_flag block_migration_flag live_migration_uri libvirt_inject_partition libvirt_inject_key
     libvirt_images_type force_raw_images use_cow_images`,
  ),
  ...because("not-modelled", "metadata in a config drive is not modelled", "force_config_drive config_drive_format"),
  ...because("ignored", "calls take any path to the conductor", "use_local conductor.use_local"),
  ...because("not-modelled", "calls to Neutron take the twin's own limits", "neutron_url_timeout neutron_api_insecure"),
]);

/** /etc/nova/nova.conf, of controllers and compute nodes alike. */
export const importNova: Importer<NovaFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const lines = settings.lines;
  const apis = settings.text("default.enabled_apis");
  const enabledApis =
    apis === undefined
      ? { value: ["ec2", "osapi_compute", "metadata"], because: "Havana's default" }
      : { ...apis, value: commaList(apis.value) };
  const glanceHost = settings.textOr("127.0.0.1", "Havana's default (my_ip)", "default.glance_host");
  const glancePort = settings.port(9292, "Havana's default", "default.glance_port");
  const servers = settings.text("default.glance_api_servers");
  const firstServer = commaList(servers?.value ?? "").filter((server) => !server.startsWith("$"))[0];
  const secret = settings.text("default.neutron_metadata_proxy_shared_secret");
  if (secret !== undefined) lines.scrub(secret.line, secret.value);
  const facts: NovaFacts = {
    file,
    ...present({
      database: databaseLink(settings, "database.connection", "default.sql_connection"),
      messaging: messagingLink(settings),
      identity: identityLink(settings),
      neutron: settings.url("default.neutron_url", "default.quantum_url"),
      neutronIdentity: settings.url("default.neutron_admin_auth_url", "default.quantum_admin_auth_url"),
      neutronMetadataSecret: secret === undefined ? undefined : { ...secret, value: secretDigest(secret.value) },
      computeDriver: settings.text("default.compute_driver"),
      novncproxyBaseUrl: settings.text("default.novncproxy_base_url"),
      myIp: settings.text("default.my_ip"),
    }),
    listens: listens(settings, enabledApis.value),
    enabledApis,
    glance:
      firstServer === undefined
        ? { ...glanceHost, value: { host: glanceHost.value, port: glancePort.value } }
        : { ...servers!, value: hostAndPort(lines, servers!.line, "glance_api_servers", firstServer, 9292) },
    memcached: settings.endpoints(11_211, "default.memcached_servers"),
    reportIntervalMs: settings.seconds(10_000, "Havana's default", "default.report_interval"),
    serviceDownTimeMs: settings.seconds(60_000, "Havana's default", "default.service_down_time"),
    serviceNeutronMetadataProxy: settings.boolean(
      false,
      "Havana's default",
      "default.service_neutron_metadata_proxy",
      "default.service_quantum_metadata_proxy",
    ),
    resumeGuestsOnHostBoot: settings.boolean(false, "Havana's default", "default.resume_guests_state_on_host_boot"),
    instancesPath: settings.textOr("/var/lib/nova/instances", "Havana's default", "default.instances_path"),
  };
  return { facts, ledger: settings.ledger() };
};

/** enabled_apis member → its settings and Havana's port. */
const APIS: readonly (readonly [string, string, number])[] = [
  ["osapi_compute", "osapi_compute_listen", 8774],
  ["ec2", "ec2_listen", 8773],
  ["metadata", "metadata_listen", 8775],
];

function listens(settings: OsloSettings, enabled: readonly string[]): Listen[] {
  const apis = APIS.map(
    ([api, name, port]) =>
      [api, listen(settings, "openstack-nova-api", [`default.${name}`], [`default.${name}_port`], port)] as const,
  );
  return [
    ...apis.filter(([api]) => enabled.includes(api)).map(([, listening]) => listening),
    listen(settings, "openstack-nova-novncproxy", ["default.novncproxy_host"], ["default.novncproxy_port"], 6080),
  ];
}
