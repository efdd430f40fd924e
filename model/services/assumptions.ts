import type { Assumption, Topology } from "../topology/types.js";
import { needsVeth } from "./dhcp-agents.js";

/** What the services part leans on for this topology, beyond what the topology itself lists. */
export function serviceAssumptions(topology: Topology, unfollowed: readonly string[]): readonly Assumption[] {
  const found: Assumption[] = [];
  const add = (when: boolean, text: string, source: string) => {
    if (when) found.push({ text, source });
  };
  const services = [...topology.services.values()];
  const tiers = [...topology.tiers.values()];
  const proxies = [...topology.loadBalancers.values()].flatMap((facts) => facts.proxies);
  add(
    proxies.some(({ redispatch, servers }) => redispatch && servers.length > 1),
    "a request that haproxy gives to another server after its retries counts as served, slowly",
    "HAProxy's manual: redispatch acts on the last retry",
  );
  add(
    services.some(({ role }) => role === "messaging"),
    "the services of one node share one connection to the message broker, and try again after 1, 2, 4, … 60 s",
    "(inf) qpid driver of OpenStack 2013.2; each process has its own connection",
  );
  add(
    topology.neutron.dhcp.length > 0 && needsVeth(topology),
    "without ovs_use_veth a DHCP agent has no port at all on this kernel, so no DHCP and no metadata",
    "(inf) facts: isolated metadata needs it on RHEL 6.5",
  );
  add(
    topology.guests.size > 0,
    "a guest asks for its metadata as one that boots again in its place: its port stays wired, its lease is asked anew",
    "(inf) nova reboot",
  );
  add(
    tiers.some(({ kind }) => kind === "gluster"),
    "a replicated Gluster volume is served by any one of its bricks",
    "GlusterFS: no client quorum unless cluster.quorum-type is set",
  );
  add(
    tiers.some(({ kind }) => kind === "gpfs"),
    "GPFS keeps its quorum with any one of its NSD servers",
    "(inf) tiebreaker disks",
  );
  for (const need of unfollowed)
    add(true, `need ${need.replace(" ", " no. ")} is not followed: the two services need one another`, "model");
  return found;
}
