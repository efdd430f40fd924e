import { expect, test } from "vitest";
import { buildCloud, timeline } from "./cloud.js";

/** compute1 runs a second DHCP agent, with the network node's dhcp_agent.ini. */
function withSecondAgent(yaml: string): string {
  const edited = yaml
    .replace(
      "files: [files/all, files/all-compute, files/all-neutron, files/compute1]",
      "files: [files/all, files/net1, files/all-compute, files/all-neutron, files/compute1]",
    )
    .replace(
      /(compute1:[\s\S]*?neutron-openvswitch-agent), openstack-nova-compute\]/,
      "$1, neutron-dhcp-agent, openstack-nova-compute]",
    );
  if (edited === yaml) throw new Error("nothing was edited");
  return edited;
}

test("an orphaned network waits until another DHCP agent synchronises, and then has another port address", () => {
  const cloud = buildCloud(withSecondAgent);
  const { run, services, plant } = timeline(cloud);
  expect(services.isServed(run, "service/dhcp-acme-net")).toBe(true);
  run.act((instant) => plant.hosts.powerOff(instant, "net1", "crash"));
  run.advanceTo(run.nowMs + 600_000);
  expect(services.isServed(run, "service/dhcp-acme-net")).toBe(false);
  expect(services.dhcp.bindings(run, "acme-net").map(({ node }) => node)).toEqual(["net1"]);

  run.act((instant) => plant.units.restart(instant, "compute1", "neutron-dhcp-agent"));
  run.advanceTo(run.nowMs + 60_000);
  expect(services.dhcp.bindings(run, "acme-net").map(({ node, address }) => [node, address])).toEqual([
    ["net1", "10.101.0.2"],
    ["compute1", "10.101.0.3"],
  ]);
  expect(services.isServed(run, "service/dhcp-acme-net")).toBe(true);
  // Guests get leases again; what pins the old port's address does not find the metadata.
  expect(services.answer(run, "journey/guest-metadata-acme-web1")).toMatchObject({ failure: "timeout" });
  expect(services.isServed(run, "journey/boot-guest")).toBe(true);
});
