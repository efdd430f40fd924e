import type { ShellCommand } from "../command.js";
import { chkconfig } from "./chkconfig.js";
import { crmMon } from "./crm-mon.js";
import { crmResource } from "./crm-resource.js";
import { ip } from "./ip.js";
import { mount } from "./mount.js";
import { pcs } from "./pcs.js";
import { ping } from "./ping.js";
import { reboot } from "./reboot.js";
import { service } from "./service.js";
import { ssh } from "./ssh.js";
import { systemctl } from "./systemctl.js";
import { date, hostname, sleep, sudo, timeout, watch } from "./time.js";

const all: readonly ShellCommand[] = [
  chkconfig,
  crmMon,
  crmResource,
  date,
  hostname,
  ip,
  mount,
  pcs,
  ping,
  reboot,
  service,
  sleep,
  ssh,
  sudo,
  systemctl,
  timeout,
  watch,
];

/** Every command of the shells, by each of its names. */
export const shellCommands: ReadonlyMap<string, ShellCommand> = new Map(
  all.flatMap((command) => command.names.map((name) => [name, command] as const)),
);
