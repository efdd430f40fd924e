import { describe, expect, test } from "vitest";
import { absent, FENCE, graphOf, history, meta, operation, primitive, type Small, started } from "./small-cib.js";

/** What must be over before an action is done, as Pacemaker 2.1.5 saves it in the graph of the same CIB. */
const awaitedBy = (small: Small, action: string): readonly string[] =>
  graphOf(small)
    .filter((line) => line.startsWith(`${action} after `))
    .map((line) => line.slice(`${action} after `.length));
const LOST = 'in_ccm="false" crmd="offline" join="member" expected="member"';
const pairs = (id: string, more: Readonly<Record<string, string>>): string =>
  Object.entries(more)
    .map(([name, value]) => meta(`${id}-${name}`, name, value))
    .join("");
/** An operation that has not ended yet. */
const pending = (id: string, name: string, more: string): string =>
  operation(id, name, 0, 9)
    .replace('op-status="0"', 'op-status="-1"')
    .replaceAll("_last_0", `_${name}_0`)
    .replace('magic="0:', 'magic="-1:')
    .replace("/>", ` ${more}/>`);

describe("a migration", () => {
  const moved = (more: Readonly<Record<string, string>>): Small => ({
    members: 3,
    resources: primitive("r", pairs("r", { "allow-migrate": "true", ...more })) + FENCE,
    constraints: '<rsc_location id="l" rsc="r" node="n2" score="INFINITY"/>',
    states: { 3: LOST },
    histories: { 1: started("r") },
  });
  const lost = "crm_event stonith-n3-reboot on n3";

  test("begins once fencing is done, where a start would", () => {
    expect(awaitedBy(moved({}), "rsc_op r_migrate_to_0 on n1")).toContain(lost);
    expect(awaitedBy(moved({ requires: "quorum" }), "rsc_op r_migrate_to_0 on n1")).not.toContain(lost);
  });

  test("under way goes on once fencing and the probe of its target are done", () => {
    const way = 'migrate_source="n1" migrate_target="n2"';
    const small: Small = {
      ...moved({}),
      histories: {
        1: history(
          "r",
          operation("r", "start", 0, 5) +
            operation("r", "migrate_to", 0, 6).replace("/>", ` ${way}/>`).replaceAll("_last_0", "_migrate_to_0"),
        ),
        2: history("r", pending("r", "migrate_from", way)),
      },
    };
    expect(awaitedBy(small, "rsc_op r_migrate_from_0 on n2")).toEqual([lost, "rsc_op r_monitor_0 on n2"]);
  });

  test("is none from a node that is to be unfenced", () => {
    const small = moved({ requires: "unfencing" });
    expect(graphOf(small)).toContain("rsc_op r_start_0 on n2");
    const unfenced = { "#node-unfenced": "1700000000" };
    expect(graphOf({ ...small, attributes: { 1: unfenced } })).toContain("rsc_op r_migrate_to_0 on n1");
  });
});

describe("what needs quorum, and the fencing of a node", () => {
  const needing = (resources: string): Small => ({
    members: 3,
    resources: resources + FENCE,
    states: { 3: LOST },
    histories: { 3: absent("r") },
  });
  const waiting = (small: Small): readonly string[] =>
    graphOf(small)
      .filter((line) => line.includes("_start_0 on n") && line.endsWith(" after crm_event stonith-n3-reboot on n3"))
      .map((line) => line.split(" ")[1]!)
      .filter((key) => !key.startsWith("fencing"));
  const r = primitive("r", meta("r", "requires", "quorum"));
  const s = primitive("s", meta("s", "requires", "quorum"));

  test("an instance of an anonymous clone starts before it where any is known not to be there", () => {
    expect(waiting(needing(`<clone id="c">${r}</clone>`))).toEqual([]);
    expect(waiting(needing(`<clone id="c">${s}</clone>`))).toEqual(["s:0_start_0", "s:1_start_0"]);
  });

  test("a member of a cloned group after it, of which no more is known", () => {
    const small = needing(`<clone id="c"><group id="g">${r}${s}</group></clone>`);
    expect(waiting(small)).toEqual(["r:1_start_0", "s:0_start_0", "s:1_start_0"]);
  });
});

describe("a connection to a guest, and the fencing of a bundle's guest", () => {
  const bundle = `<bundle id="b"><docker image="i" replicas="1"/><network control-port="999"/>${primitive("x")}</bundle>`;
  const ran = (id: string, type: string): string => started(id).replace('type="Dummy"', `type="${type}"`);
  const fencing = "pseudo_event stonith-b-0-reboot on b-0";
  const host = ran("b-docker-0", "docker").replace('provider="pacemaker"', 'provider="heartbeat"');
  const dead: Small = {
    resources: primitive("vm", meta("vm", "remote-node", "g")) + bundle + FENCE,
    states: { 1: LOST },
    histories: { 1: host + ran("b-0", "remote") + started("vm") + ran("g", "remote") },
  };
  const location = (id: string) => `<rsc_location id="l${id}" rsc="${id}" node="n2" score="1"/>`;
  const optIn: Small = {
    ...dead,
    options: { "symmetric-cluster": "false" },
    constraints: location("vm") + location("b"),
  };

  test.each(["b-0", "g"])("%s does not wait for it, except where resources are nowhere unless asked to be", (id) => {
    expect(graphOf(dead)).toContain(fencing);
    expect(awaitedBy(dead, `rsc_op ${id}_start_0 on n2`)).not.toContain(fencing);
    expect(awaitedBy(optIn, `rsc_op ${id}_start_0 on n2`)).toContain(fencing);
  });
});

describe("what is in a bundle, and the probes of its containers", () => {
  const bundle = (replicas: number): string =>
    `<bundle id="b"><docker image="i" replicas="${replicas}"/><network control-port="999"/>${primitive("x")}</bundle>`;
  const notThere = absent("b-docker-0").replace("pacemaker", "heartbeat").replace('"Dummy"', '"docker"');
  const probes = (small: Small): readonly string[] =>
    awaitedBy(small, "pseudo_event b-clone_start_0").filter((line) => line.includes("monitor"));

  test("starts after those on all nodes, where the container is to go to a node that is not probed yet", () => {
    const [n1, n2] = [1, 2].map((n) => `rsc_op b-docker-0_monitor_0 on n${n}`);
    expect(probes({ resources: bundle(1) + FENCE })).toEqual([n1, n2]);
    expect(probes({ resources: bundle(1) + FENCE, histories: { 2: notThere } })).toEqual([n1]);
    expect(probes({ resources: bundle(1) + FENCE, histories: { 1: notThere } })).toEqual([]);
  });

  test("starts after none of a container that goes nowhere", () => {
    const small = { resources: bundle(3) + FENCE };
    expect(graphOf(small)).toContain("rsc_op b-docker-2_monitor_0 on n1");
    expect(probes(small).filter((line) => line.includes("docker-2"))).toEqual([]);
  });
});

describe("orders that contradict each other", () => {
  const kinds = ["Optional", "Mandatory", "Serialize"] as const;
  test.each(kinds.flatMap((one) => kinds.map((other) => [one, other] as const)))("both stand: %s, %s", (one, other) => {
    const small: Small = {
      resources: primitive("a") + primitive("b") + FENCE,
      constraints: `<rsc_order id="o" first="a" then="b" kind="${one}"/><rsc_order id="p" first="b" then="a" kind="${other}"/>`,
    };
    const [a, b] = ["rsc_op a_start_0 on n1", "rsc_op b_start_0 on n2"] as const;
    expect(awaitedBy(small, b)).toContain(a);
    expect(awaitedBy(small, a)).toContain(b);
  });
});
