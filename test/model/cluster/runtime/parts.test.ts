import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { booleanOf, intervalMs, scoreOf } from "../../../../model/cluster/configuration/interval.js";
import { settingsOf } from "../../../../model/cluster/configuration/settings.js";
import { delayOf, hostMap, plugFor } from "../../../../model/cluster/fencer/devices.js";
import { partitions } from "../../../../model/cluster/membership/partition.js";
import { isQuorateWith, type QuorumMemory } from "../../../../model/cluster/membership/quorum.js";
import { operationDigest } from "../../../../model/cluster/status/digest.js";
import type { EffectiveQuorum } from "../../../../model/importers/totem-facts.js";
import { splitCommands } from "../../../../scenarios/recording/commands.js";

describe("partitions", () => {
  test("hold every present node once, and in each everybody hears everybody", () => {
    const graph = fc.integer({ min: 1, max: 7 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        present: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
        links: fc.array(fc.boolean(), { minLength: count * count, maxLength: count * count }),
      }),
    );
    fc.assert(
      fc.property(graph, ({ count, present, links }) => {
        const linked = (i: number, j: number) => links[i * count + j]!;
        const groups = partitions(count, (i) => present[i]!, linked);
        expect(groups.flat().sort()).toEqual(present.flatMap((p, i) => (p ? [i] : [])));
        for (const group of groups)
          for (const i of group) for (const j of group) if (i < j) expect(linked(i, j)).toBe(true);
      }),
    );
  });
});

describe("quorum", () => {
  const rules = (over: Partial<EffectiveQuorum>): EffectiveQuorum => ({
    provider: "corosync_votequorum",
    twoNode: false,
    expectedVotes: 4,
    waitForAll: false,
    lastManStanding: false,
    lastManStandingWindowMs: 10_000,
    autoTieBreaker: false,
    autoTieBreakerNode: "lowest",
    allowDowngrade: false,
    defaulted: [],
    ...over,
  });
  const voters = ["a", "b", "c", "d"].map((node, i) => ({ node, nodeId: i + 1, votes: 1 }));
  const memory: QuorumMemory = { seenAll: true, expectedVotes: 4, lastQuorate: ["a", "b", "c", "d"] };

  test.each([
    [["a", "b", "c"], {}, true],
    [["a", "b"], {}, false],
    [["a", "b"], { autoTieBreaker: true }, true],
    [["c", "d"], { autoTieBreaker: true }, false],
    [["c", "d"], { autoTieBreaker: true, autoTieBreakerNode: "highest" }, true],
    [["c", "d"], { autoTieBreaker: true, autoTieBreakerNode: "3 1" }, true],
    [["d"], { twoNode: true }, true],
    [["d"], { provider: "none" }, true],
  ] as const)("%j under %j: %s", (members, over, expected) => {
    expect(isQuorateWith(rules(over as Partial<EffectiveQuorum>), voters, members, memory)).toBe(expected);
  });

  test("wait_for_all withholds it until all have been seen", () => {
    const alone = { ...memory, seenAll: false };
    expect(isQuorateWith(rules({ waitForAll: true }), voters, ["a", "b", "c"], alone)).toBe(false);
  });

  test("at most one of two halves has it", () => {
    fc.assert(
      fc.property(fc.subarray(voters), fc.boolean(), (half, autoTieBreaker) => {
        const one = half.map((voter) => voter.node);
        const other = voters.map((voter) => voter.node).filter((node) => !one.includes(node));
        const has = (members: string[]) =>
          members.length > 0 && isQuorateWith(rules({ autoTieBreaker }), voters, members, memory);
        expect(has(one) && has(other)).toBe(false);
      }),
    );
  });
});

test.each([
  ["10s", 10_000],
  ["10", 10_000],
  ["500ms", 500],
  ["5min", 300_000],
  ["PT1M30S", 90_000],
  ["2h", 7_200_000],
  ["soon", 7],
  [undefined, 7],
])("interval %s is %i ms", (text, expected) => {
  expect(intervalMs(text, 7)).toBe(expected);
});

test("scores and booleans as Pacemaker reads them", () => {
  expect([scoreOf("INFINITY"), scoreOf("-INFINITY"), scoreOf("+5"), scoreOf("9999999"), scoreOf("x", 3)]).toEqual([
    1_000_000, -1_000_000, 5, 1_000_000, 3,
  ]);
  expect([booleanOf("yes", false), booleanOf("OFF", true), booleanOf("maybe", true)]).toEqual([true, false, true]);
});

test("digests are those of a real cluster's history", () => {
  expect(operationDigest({}, 0)).toBe("f2317cad3d54cec5d7d7aa7d0bf35cf8");
  expect(operationDigest({ CRM_meta_timeout: "20000", crm_feature_set: "3.16.1" }, 6_000)).toBe(
    "4811cef7f7f94e3a35a70be7916cb2fd",
  );
  const address = { ip: "10.78.0.100", cidr_netmask: "24", CRM_meta_timeout: "20000" };
  expect(operationDigest(address, 0)).toBe("612029f5b5823299d0887d3a0079f5e5");
  expect(operationDigest(address, 10_000)).toBe("973de7439bf082144bcb9b20ceacad28");
});

describe("what a device can fence", () => {
  const device = (parameters: string) =>
    settingsOf(
      readCib(
        `<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config/><nodes/><resources>
         <primitive id="d" class="stonith" type="fence_x"><instance_attributes id="i">${parameters}</instance_attributes></primitive>
         </resources><constraints/></configuration><status/></cib>`,
        "d.xml",
      ),
    ).primitives.get("d")!;
  const pair = (name: string, value: string) => `<nvpair id="n-${name}" name="${name}" value="${value}"/>`;

  test("a host list, a host map, the device's own list, or anything", () => {
    expect(plugFor(device(pair("pcmk_host_list", "n1 n2")), "n1", [])).toBe("n1");
    expect(plugFor(device(pair("pcmk_host_list", "n1 n2")), "n3", ["n3"])).toBeUndefined();
    expect(plugFor(device(pair("pcmk_host_map", "n1:vm one;n2:vm2")), "n2", [])).toBe("vm2");
    expect(plugFor(device(""), "n1", ["n1"])).toBe("n1");
    expect(plugFor(device(""), "n1", ["n2"])).toBeUndefined();
    expect(plugFor(device(pair("pcmk_host_check", "none")), "n9", [])).toBe("n9");
  });

  test("delays, one for all or by node", () => {
    expect(delayOf(device(pair("pcmk_delay_base", "5s")), "n1")).toEqual({ baseMs: 5_000, maxMs: 5_000 });
    expect(delayOf(device(pair("pcmk_delay_base", "n1:5s;n2:1")), "n2")).toEqual({ baseMs: 1_000, maxMs: 1_000 });
    expect(delayOf(device(pair("pcmk_delay_max", "9s")), "n1")).toEqual({ baseMs: 0, maxMs: 9_000 });
  });

  test("names from a file are harmless keys", () => {
    expect(hostMap("__proto__:x;constructor:y").get("__proto__")).toBe("x");
    expect(plugFor(device(pair("pcmk_host_map", "__proto__:x")), "__proto__", [])).toBe("x");
  });
});

test("a line of shell becomes commands", () => {
  expect(
    splitCommands(`rm -f /run/a.state /run/b.state; crm_resource -r 'g db' --ban && true >/dev/null 2>&1`),
  ).toEqual([["rm", "-f", "/run/a.state", "/run/b.state"], ["crm_resource", "-r", "g db", "--ban"], ["true"]]);
});
