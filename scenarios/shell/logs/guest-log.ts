import type { WorldHandle } from "../world-handle.js";
import { syslogText } from "./node-log.js";

const WORDS: Readonly<Record<string, string>> = {
  BOOTED: "Cloud-init running 'init-local'",
  LEASE_OBTAINED: "eth0: address obtained by DHCP",
  LEASE_REFUSED: "eth0: no DHCPOFFERS received",
  METADATA_OBTAINED: "DataSourceEc2.py[INFO]: Using metadata source: 'http://169.254.169.254'",
  METADATA_GIVEN_UP:
    "DataSourceEc2.py[CRITICAL]: Giving up on md from ['http://169.254.169.254/2009-04-04/meta-data/instance-id']",
};

/** A guest's cloud-init.log since the session's start. */
export function guestLog(handle: WorldHandle, guest: string): string {
  return handle.trace
    .filter(({ kind, subject, what }) => kind === "state" && subject === `guest/${guest}` && what in WORDS)
    .map(({ atMs, what, text }) => {
      const line = `${WORDS[what]}${text === undefined ? "" : ` (${text})`}`;
      return `${syslogText(handle, guest, { atMs, program: "cloud-init", text: line })}\n`;
    })
    .join("");
}
