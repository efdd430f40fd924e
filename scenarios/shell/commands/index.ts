import type { ShellCommand } from "../command.js";
import { arping } from "./arping.js";
import { chkconfig } from "./chkconfig.js";
import { cmanTool, corosync } from "./corosync.js";
import { crm } from "./crm.js";
import { crmMon } from "./crm-mon.js";
import { crmResource } from "./crm-resource.js";
import { cibTools, crmAttribute, crmNode, stonithAdmin } from "./crm-tools.js";
import { crudini } from "./crudini.js";
import { curl, nc, ss } from "./curl.js";
import { govc } from "./govc.js";
import { haproxy, socat } from "./haproxy.js";
import { ip } from "./ip.js";
import { mount } from "./mount.js";
import { mysql } from "./mysql.js";
import { df, fuser, ps, showmount } from "./nfs.js";
import { openstack, openstackClients } from "./openstack.js";
import { pcs } from "./pcs.js";
import { ping } from "./ping.js";
import { reboot } from "./reboot.js";
import { scp } from "./scp.js";
import { service } from "./service.js";
import { ssh } from "./ssh.js";
import { systemctl } from "./systemctl.js";
import { date, hostname, sleep, sudo, timeout, watch } from "./time.js";

const all: readonly ShellCommand[] = [
  arping,
  chkconfig,
  cibTools,
  cmanTool,
  corosync,
  crm,
  crmAttribute,
  crmMon,
  crmNode,
  crmResource,
  crudini,
  curl,
  date,
  df,
  fuser,
  govc,
  haproxy,
  hostname,
  ip,
  mount,
  mysql,
  nc,
  openstack,
  ...openstackClients,
  pcs,
  ping,
  ps,
  reboot,
  scp,
  service,
  showmount,
  sleep,
  socat,
  ss,
  ssh,
  stonithAdmin,
  sudo,
  systemctl,
  timeout,
  watch,
];

/** Every command of the shells, by each of its names. */
export const shellCommands: ReadonlyMap<string, ShellCommand> = new Map(
  all.flatMap((command) => command.names.map((name) => [name, command] as const)),
);
