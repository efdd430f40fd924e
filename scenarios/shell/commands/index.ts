import type { ShellCommand } from "../command.js";
import { arping } from "./arping.js";
import { chkconfig } from "./chkconfig.js";
import { cibadmin } from "./cibadmin.js";
import { cmanTool, corosync } from "./corosync.js";
import { crm } from "./crm.js";
import { crmMon } from "./crm-mon.js";
import { crmResource } from "./crm-resource.js";
import { crmAttribute, crmFailcount, crmNode, stonithAdmin } from "./crm-tools.js";
import { crmVerify } from "./crm-verify.js";
import { crudini } from "./crudini.js";
import { curl, nc, ss } from "./curl.js";
import { fenceAgents } from "./fence-agents.js";
import { govc } from "./govc.js";
import { haproxy, socat } from "./haproxy.js";
import { ip } from "./ip.js";
import { journalctl } from "./journalctl.js";
import { mount } from "./mount.js";
import { mysql } from "./mysql.js";
import { df, fuser, ps, rpcinfo, showmount } from "./nfs.js";
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
  cibadmin,
  cmanTool,
  corosync,
  crm,
  crmAttribute,
  crmFailcount,
  crmMon,
  crmNode,
  crmResource,
  crmVerify,
  crudini,
  curl,
  date,
  df,
  fenceAgents,
  fuser,
  govc,
  haproxy,
  hostname,
  ip,
  journalctl,
  mount,
  mysql,
  nc,
  openstack,
  ...openstackClients,
  pcs,
  ping,
  ps,
  reboot,
  rpcinfo,
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
