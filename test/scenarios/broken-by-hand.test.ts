import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Breakage, FIXTURE, playOn, referenceTopology } from "./reference.js";

/** What the shipped scenarios come to once something of the reference architecture is deleted. */
function verdicts(breakage: Breakage, ...names: string[]) {
  return playOn(referenceTopology(breakage), names).map(({ verdict }) => [verdict.verdict, verdict.because]);
}

const cut = (pattern: RegExp) => (text: string) => text.replace(pattern, "");

test("without the order constraint a cold start is out of order, and says of what", () => {
  const constraint = /\s*<rsc_order[^>]*then="openstack-glance-registry-clone"[^>]*>/;
  const [cold] = verdicts({ "all-ctl/var/lib/pacemaker/cib/cib.xml": cut(constraint) }, "controllers-start-from-cold");
  expect(cold![0]).toBe("fail");
  expect(cold![1]).toMatch(
    /^start-order at .*openstack-glance-registry is started on .* before openstack-keystone is active/,
  );
});

const controllers = readFileSync(`${FIXTURE}/files/all-ctl/var/lib/pacemaker/cib/cib.xml`, "utf8");
const orders = [...controllers.matchAll(/<rsc_order[^>]*>/g)]
  .map(([element]) => element)
  .filter((one) => !one.includes("Optional"));

test.each(orders.map((element) => [/ id="([^"]*)"/.exec(element)![1]!, element]))(
  "without %s a cold start fails",
  (_, element) => {
    const [cold] = verdicts(
      { "all-ctl/var/lib/pacemaker/cib/cib.xml": (text) => text.replace(element, "") },
      "controllers-start-from-cold",
    );
    const next = / then="(.*?)(-clone)?"/.exec(element)![1]!;
    expect(cold).toEqual(["fail", expect.stringContaining(`${next} is started on`)]);
  },
);

test.each([
  ["lb", "fence-lb1", "lose-active-balancer"],
  ["lb", "fence-lb2", "lose-passive-balancer"],
  ["db", "fence-mysql1", "lose-active-database"],
  ["db", "fence-mysql2", "lose-passive-database"],
  ["ctl", "fence-ctl1", "leftover-move-constraint"],
  ["ctl", "fence-ctl2", "lose-controller-ctl2"],
  ["ctl", "fence-ctl3", "lose-controller-ctl3"],
])("without the fence device %s/%s %s fails", (cluster, device, name) => {
  const primitive = new RegExp(`\\s*<primitive class="stonith" id="${device}"[\\s\\S]*?</primitive>`);
  const location = new RegExp(`\\s*<rsc_location[^>]*rsc="${device}"[^>]*>`);
  const [lost] = verdicts(
    { [`all-${cluster}/var/lib/pacemaker/cib/cib.xml`]: (text) => text.replace(primitive, "").replace(location, "") },
    name,
  );
  expect(lost![0]).toBe("fail");
});

test("without its fence device a lost database node is never recovered, and the reason is told", () => {
  const device = /\s*<primitive class="stonith" id="fence-mysql1"[\s\S]*?<\/primitive>/;
  const location = /\s*<rsc_location[^>]*rsc="fence-mysql1"[^>]*>/;
  const [active, slow] = verdicts(
    { "all-db/var/lib/pacemaker/cib/cib.xml": (text) => text.replace(device, "").replace(location, "") },
    "lose-active-database",
    "fence-slow",
  );
  expect(active).toEqual([
    "fail",
    expect.stringContaining("mysql1 is unclean and not fenced: no fence device is for it"),
  ]);
  expect(slow![0]).toBe("fail");
});

test("without the delay of its fence device the preferred balancer is shot as well", () => {
  const [race] = verdicts(
    { "all-lb/var/lib/pacemaker/cib/cib.xml": cut(/\s*<nvpair[^>]*name="delay"[^>]*>/) },
    "fence-race-of-balancers",
  );
  expect(race![0]).toBe("fail");
  expect(race![1]).toContain("lb/vip-api started on lb1");
});

test("without the route in the image the guest's metadata is dropped by the router; what takes it for granted is unknown", () => {
  const [guests, other] = verdicts(
    { "route-eth0": cut(/^.*via 10\.101\.0\.2.*$/m) },
    "guests-boot-again",
    "lose-active-balancer",
  );
  expect(guests).toEqual(["fail", expect.stringContaining("core has no route to 169.254.169.254 and drops it")]);
  expect(other).toEqual(["unknown", expect.stringContaining("the steady state did not hold before the first fault")]);
});

test("without the router's extra route the Windows guest gets no metadata", () => {
  const [guests] = verdicts(
    {
      "topology.yaml": (text) =>
        text.replace(/\s*routes:\s*(#.*)?\s*(#.*\s*)*- \{ to: 169\.254\.169\.254\/32, via: 10\.103\.0\.2 \}/, ""),
    },
    "guests-boot-again",
  );
  expect(guests).toEqual(["fail", expect.stringContaining("acme-win1")]);
});

test("without Keystone's database connection no token is to be had, and the reason is the file", () => {
  const [served, over] = verdicts(
    { "all-ctl/etc/keystone/keystone.conf": cut(/^connection.*$/m) },
    "every-journey-is-served",
    "lose-active-database",
  );
  expect(served).toEqual(["fail", expect.stringContaining("its files name no database")]);
  expect(over).toEqual(["unknown", expect.stringContaining("its files name no database")]);
});

test("without the colocation the address may stay where no haproxy runs", () => {
  const cib = "all-lb/var/lib/pacemaker/cib/cib.xml";
  const [moved] = verdicts({ [cib]: cut(/\s*<rsc_colocation[^>]*>/) }, "haproxy-cannot-start-where-the-vip-is");
  expect(moved![0]).toBe("fail");
});
