import type { Importer } from "./ledger.js";
import type { CinderBackend, CinderFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, identityLink, listen, messagingLink, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";
import { commaList, hostAndPort, portNumber } from "./words.js";

const KNOWN = new Map([
  ...because("ignored", "a tier is named by its section", "volume_backend_name rbd_pool"),
  ...because(
    "ignored",
    "which tool makes iSCSI targets does not change when they answer",
    "iscsi_helper iscsi_protocol",
  ),
  ...because(
    "not-modelled",
    "space on a tier is not modelled",
    `nfs_sparsed_volumes glusterfs_sparsed_volumes gpfs_sparse_volumes nfs_used_ratio nfs_oversub_ratio
     glusterfs_disk_util lvm_mirrors volume_clear volume_clear_size gpfs_max_clone_depth available_devices
     gpfs_images_dir gpfs_images_share_mode`,
  ),
  ...because(
    "ignored",
    "placement of a volume follows its tier",
    "default_volume_type scheduler_driver storage_availability_zone default_availability_zone default_notification_level",
  ),
  ...because(
    "ignored",
    "versions of the same API",
    "enable_v1_api enable_v2_api glance_api_version osapi_volume_extension",
  ),
  ...because(
    "not-modelled",
    "mount options of the shares are not modelled",
    "nfs_mount_options glusterfs_qcow2_volumes",
  ),
  ...because("not-modelled", "backup and transfer services are not modelled", "backup_driver backup_ceph_pool"),
]);

/** /etc/cinder/cinder.conf. Errors: a member of `enabled_backends` without its section. */
export const importCinder: Importer<CinderFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const glanceHost = settings.textOr("localhost", "Havana's default (my_ip)", "default.glance_host");
  const glancePort = settings.port(9292, "Havana's default", "default.glance_port");
  const servers = settings.text("default.glance_api_servers");
  const glance =
    servers === undefined
      ? { ...glanceHost, value: { host: glanceHost.value, port: glancePort.value } }
      : { ...servers, value: hostAndPort(settings.lines, servers.line, "glance_api_servers", servers.value, 9292) };
  const facts: CinderFacts = {
    file,
    ...present({
      database: databaseLink(settings, "database.connection", "default.sql_connection"),
      messaging: messagingLink(settings),
      identity: identityLink(settings),
      host: settings.text("default.host"),
    }),
    listens: [
      listen(
        settings,
        "openstack-cinder-api",
        ["default.osapi_volume_listen"],
        ["default.osapi_volume_listen_port"],
        8776,
      ),
    ],
    glance,
    backends: backends(settings),
    reportIntervalMs: settings.seconds(10_000, "Havana's default", "default.report_interval"),
    serviceDownTimeMs: settings.seconds(60_000, "Havana's default", "default.service_down_time"),
  };
  return { facts, ledger: settings.ledger() };
};

/** Driver class names, lower case, contain one of these. */
const KINDS: readonly (readonly [string, CinderBackend["kind"]])[] = [
  ["lvm.", "lvm"],
  ["nfs.nfs", "nfs"],
  ["rbd", "ceph"],
  ["glusterfs", "gluster"],
  ["gpfs", "gpfs"],
  ["block_device", "local"],
];

function backends(settings: OsloSettings): CinderBackend[] {
  const enabled = settings.text("default.enabled_backends");
  const names = commaList(enabled?.value ?? "");
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      throw settings.lines.error(enabled!.line, "enabled_backends: named twice:", name);
  });
  if (enabled === undefined) {
    const single = backend(settings, "DEFAULT", settings.sectionLine("DEFAULT") ?? 1, false);
    return single === undefined ? [] : [single];
  }
  return names.map((name) => {
    const line = settings.sectionLine(name);
    if (line === undefined)
      throw settings.lines.error(enabled.line, "enabled_backends: there is no section for", name, names, "backends");
    return backend(settings, name, line, true)!;
  });
}

function backend(settings: OsloSettings, section: string, line: number, enabled: boolean): CinderBackend | undefined {
  const said = (name: string) => settings.text(`${section}.${name}`)?.value;
  const driver = said("volume_driver");
  if (driver === undefined && !enabled) return undefined;
  const name = driver ?? "cinder.volume.drivers.lvm.LVMISCSIDriver";
  const kind = KINDS.find(([part]) => name.toLowerCase().includes(part))?.[1] ?? "other";
  const port = settings.text(`${section}.iscsi_port`);
  return {
    name: section,
    line,
    driver: name,
    kind,
    ...present({
      volumeBackendName: said("volume_backend_name"),
      volumeGroup: said("volume_group"),
      iscsiAddress: said("iscsi_ip_address"),
      iscsiPort: port === undefined ? undefined : portNumber(settings.lines, port.line, "iscsi_port", port.value),
      sharesConfig: said("nfs_shares_config") ?? said("glusterfs_shares_config"),
      mountPointBase:
        said("nfs_mount_point_base") ?? said("glusterfs_mount_point_base") ?? said("gpfs_mount_point_base"),
      rbdPool: said("rbd_pool"),
      cephConf: said("rbd_ceph_conf"),
    }),
  };
}
