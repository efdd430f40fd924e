import { beforeAll, describe, expect, test } from "vitest";
import type { Instant } from "../../../model/kernel/index.js";
import { buildCloud, type Cloud, timeline } from "./cloud.js";

/**
 * The metadata table of the facts, row by row: what is broken, and the symptom in the guest (how its request fails,
 * with which status).
 */

let cloud: Cloud;
beforeAll(() => {
  cloud = buildCloud();
});

const DHCP_INI = "/etc/neutron/dhcp_agent.ini";
const NOVA_CONF = "/etc/nova/nova.conf";
const CONTROLLERS = ["ctl1", "ctl2", "ctl3"] as const;

/** Rewrites a file on a node, and restarts a unit that reads it. */
function edit(instant: Instant, { plant }: Cloud, node: string, path: string, from: RegExp, to: string): void {
  const text = plant.files.read(instant, node, path)!;
  const next = text.replace(from, to);
  if (next === text) throw new Error(`${path} has no ${from}`);
  plant.files.write(instant, node, path, next);
}

interface Row {
  readonly row: string;
  readonly guest?: string;
  readonly act: (instant: Instant, cloud: Cloud) => void;
  readonly afterMs?: number;
  readonly failure: "timeout" | "refused" | "unreachable" | "error" | "none";
  readonly status?: number;
  readonly blame: RegExp;
}

const ROWS: readonly Row[] = [
  {
    row: "no route, gateway set: the physical router drops it",
    act: (instant, { services }) => services.guests.setRoutes(instant, "acme-web1", "no-metadata-route"),
    failure: "timeout",
    blame: /^router\/core$/,
  },
  {
    row: "Windows: the DHCP port moved away from the router's extra route",
    guest: "acme-win1",
    act: (instant, { services }) => services.neutron.setDhcpAddress(instant, "acme-win-net", "10.103.0.9"),
    failure: "timeout",
    blame: /^router\/acme-fw$/,
  },
  {
    row: "no route at all",
    act: (instant, { services }) => services.guests.setRoutes(instant, "acme-web1", "no-default-route"),
    failure: "unreachable",
    blame: /^guest\/acme-web1$/,
  },
  {
    row: "dhcp-agent.ini edited instead of dhcp_agent.ini: no effect",
    act: (instant, c) => {
      c.plant.files.write(
        instant,
        "net1",
        "/etc/neutron/dhcp-agent.ini",
        "[DEFAULT]\nenable_isolated_metadata = False\n",
      );
      c.plant.units.restart(instant, "net1", "neutron-dhcp-agent");
    },
    failure: "none",
    blame: /^$/,
  },
  {
    row: "isolated metadata off and the agent not restarted: still there",
    act: (instant, c) =>
      edit(instant, c, "net1", DHCP_INI, /enable_isolated_metadata = True/, "enable_isolated_metadata = False"),
    failure: "none",
    blame: /^$/,
  },
  {
    row: "isolated metadata off and the agent restarted: no proxy",
    act: (instant, c) => {
      edit(instant, c, "net1", DHCP_INI, /enable_isolated_metadata = True/, "enable_isolated_metadata = False");
      c.plant.units.restart(instant, "net1", "neutron-dhcp-agent");
    },
    failure: "timeout",
    blame: /^dhcp-port\/acme-net@net1$/,
  },
  {
    row: "without ovs_use_veth this kernel has no DHCP port",
    act: (instant, c) => {
      edit(instant, c, "net1", DHCP_INI, /ovs_use_veth = True/, "ovs_use_veth = False");
      c.plant.units.restart(instant, "net1", "neutron-dhcp-agent");
    },
    failure: "timeout",
    blame: /^dhcp-port\/acme-net@net1$/,
  },
  {
    row: "proxy dead, address up",
    act: (instant, { services }) => services.neutron.killMetadataProxy(instant, "net1", "acme-net"),
    failure: "refused",
    blame: /^dhcp-port\/acme-net@net1$/,
  },
  {
    row: "the DHCP port's address changed: the static route is stale",
    act: (instant, { services }) => services.neutron.setDhcpAddress(instant, "acme-net", "10.101.0.9"),
    failure: "unreachable",
    blame: /^address\/10\.101\.0\.2$/,
  },
  {
    row: "metadata agent down",
    act: (instant, { plant }) => plant.units.kill(instant, "net1", "neutron-metadata-agent"),
    failure: "error",
    status: 500,
    blame: /^unit\/neutron-metadata-agent@net1$/,
  },
  {
    row: "wrong secret at every nova",
    act: (instant, c) => {
      for (const node of CONTROLLERS) {
        edit(instant, c, node, NOVA_CONF, /shared_secret = .*/, "shared_secret = another");
        c.plant.units.restart(instant, node, "openstack-nova-api");
      }
    },
    failure: "error",
    status: 500,
    blame: /^instance\/openstack-nova-api@ctl/,
  },
  {
    row: "neutron knows no port",
    act: (instant, { services }) => services.guests.setPorts(instant, "acme-web1", 0),
    failure: "error",
    status: 404,
    blame: /^neutron\/port$/,
  },
  {
    row: "neutron knows two ports",
    act: (instant, { services }) => services.guests.setPorts(instant, "acme-web1", 2),
    failure: "error",
    status: 404,
    blame: /^neutron\/port$/,
  },
  {
    row: "nova's flag off",
    act: (instant, c) => {
      for (const node of CONTROLLERS) {
        edit(
          instant,
          c,
          node,
          NOVA_CONF,
          /service_neutron_metadata_proxy = True/,
          "service_neutron_metadata_proxy = False",
        );
        c.plant.units.restart(instant, node, "openstack-nova-api");
      }
    },
    failure: "error",
    status: 404,
    blame: /^instance\/openstack-nova-api@ctl/,
  },
  {
    row: "nova does not know the instance",
    act: (instant, { services }) => services.guests.setKnown(instant, "acme-web1", false),
    failure: "error",
    status: 500,
    blame: /^nova\/instance$/,
  },
  ...(
    [
      ["keystone", "openstack-keystone", CONTROLLERS],
      ["neutron", "neutron-server", CONTROLLERS],
      ["conductor", "openstack-nova-conductor", CONTROLLERS],
      ["AMQP", "qpidd", ["ctl1"]],
      ["all 8775 backends", "openstack-nova-api", CONTROLLERS],
    ] as const
  ).map(
    ([what, unit, nodes]): Row => ({
      row: `${what} down`,
      act: (instant, { plant }) => {
        for (const node of nodes) plant.units.kill(instant, node, unit);
      },
      failure: "error",
      status: 500,
      blame: /./,
    }),
  ),
  {
    row: "the database down",
    act: (instant, { plant }) => plant.storage.mysql.kill(instant, plant.storage.mysql.databases[0]!, "mysql1"),
    failure: "error",
    status: 500,
    blame: /mysqld@mysql1/,
  },
  {
    row: "VLAN missing on the trunk: no DHCP at all",
    act: (instant, { plant }) => plant.network.setCarried(instant, "net1.eth1--sw-r1", "vlan101", false),
    failure: "timeout",
    blame: /^network\/vlan101$/,
  },
  {
    row: "bridge_mappings wrong: no DHCP at all",
    act: (instant, c) => {
      const path = "/etc/neutron/plugins/openvswitch/ovs_neutron_plugin.ini";
      edit(instant, c, "compute1", path, /bridge_mappings = .*/, "bridge_mappings = physnet2:br-eth1");
      c.plant.units.restart(instant, "compute1", "neutron-openvswitch-agent");
    },
    failure: "timeout",
    blame: /^l2-agent\/compute1$/,
  },
  {
    row: "egress rule removed",
    act: (instant, { services }) => services.guests.setEgress(instant, "acme-web1", false),
    failure: "timeout",
    blame: /^guest\/acme-web1$/,
  },
];

describe("the metadata table", () => {
  test.each(ROWS)("$row", ({ guest = "acme-web1", act, afterMs = 60_000, failure, status, blame }) => {
    const { run, services } = timeline(cloud);
    const journey = `journey/guest-metadata-${guest}`;
    expect(services.state(run, journey)).toBe("served");
    run.act((instant) => act(instant, cloud));
    run.advanceTo(run.nowMs + afterMs);
    const answer = services.answer(run, journey);
    const path = services.path(run, journey);
    // What the derived facts say and what the walk finds are one.
    expect(path.answer).toBe(answer);
    if (failure === "none") {
      expect(answer.grade).toBe("ok");
      return;
    }
    expect(answer).toMatchObject({ grade: "failed", failure, ...(status && { status }) });
    expect(answer.blame).toMatch(blame);
    expect(path.hops.some((hop) => !hop.ok)).toBe(true);
  });

  test("the other customer is untouched by a dead proxy on the first one's network", () => {
    const { run, services } = timeline(cloud);
    run.act((instant) => services.neutron.killMetadataProxy(instant, "net1", "acme-net"));
    run.advanceTo(run.nowMs + 1_000);
    expect(services.state(run, "journey/guest-metadata-acme-web1")).toBe("not-served");
    expect(services.state(run, "journey/guest-metadata-globex-app1")).toBe("served");
  });
});
